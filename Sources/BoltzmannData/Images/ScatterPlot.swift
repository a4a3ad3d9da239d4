/// Points of several sets in one picture, on white; both axes have one scale.
public struct ScatterPlot: Sendable {
  /// Points that are drawn alike; later sets lie over earlier ones.
  public struct Points: Sendable {
    public let places: [SIMD2<Double>]
    /// 0 black, 255 white.
    public let shade: UInt8
    /// Half the side of the square that a point is, in pixels.
    public let radius: Int

    public init(_ places: [SIMD2<Double>], shade: UInt8, radius: Int) {
      self.places = places
      self.shade = shade
      self.radius = radius
    }
  }

  /// Pixels of a side.
  public var side: Int

  public init(side: Int = 600) {
    precondition(side > 0, "a picture must have pixels")
    self.side = side
  }

  /// The picture; points that are not finite are left out.
  public func image(of sets: [Points]) -> GrayImage {
    let places = sets.flatMap(\.places).filter { $0.x.isFinite && $0.y.isFinite }
    let frame = ScatterFrame(places, side: side)
    var pixels = [UInt8](repeating: 255, count: side * side)
    for set in sets {
      for place in set.places where place.x.isFinite && place.y.isFinite {
        draw(set, at: frame.pixel(place), on: &pixels)
      }
    }
    return GrayImage(width: side, height: side, pixels: pixels)
  }

  private func draw(_ set: Points, at place: (x: Int, y: Int), on pixels: inout [UInt8]) {
    for y in max(place.y - set.radius, 0)...min(place.y + set.radius, side - 1) {
      for x in max(place.x - set.radius, 0)...min(place.x + set.radius, side - 1) {
        pixels[y * side + x] = set.shade
      }
    }
  }
}

/// Where places lie in pixels: the middle of them all in the middle, with a margin of a twentieth.
private struct ScatterFrame {
  private let center: SIMD2<Double>
  private let scale: Double
  private let side: Int

  init(_ places: [SIMD2<Double>], side: Int) {
    let first = places.first ?? .zero
    let (least, greatest) = places.reduce((first, first)) { (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1)) }
    let extent = (greatest - least).max()
    center = 0.5 * least + 0.5 * greatest
    scale = extent > 0 && extent.isFinite ? 0.9 * Double(side) / extent : 0
    self.side = side
  }

  /// Upwards is up.
  func pixel(_ place: SIMD2<Double>) -> (x: Int, y: Int) {
    let offset = scale * (place - center), middle = 0.5 * Double(side)
    return (x: clipped(middle + offset.x), y: clipped(middle - offset.y))
  }

  private func clipped(_ value: Double) -> Int { Int(min(max(value, 0), Double(side - 1))) }
}
