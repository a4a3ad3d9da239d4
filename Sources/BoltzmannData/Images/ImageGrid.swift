/// Arranges many small images as tiles of one picture.
public struct ImageGrid: Sendable {
  /// How the numbers of a tile become grey.
  public enum Scaling: Equatable, Sendable {
    /// The same range for all tiles; what lies outside is clipped. For samples and data: `0...1`.
    case range(ClosedRange<Float>)
    /// Each tile from its least (black) to its greatest number (white).
    case tileRange
    /// Each tile symmetric about 0, which is mid-grey, so that signs can be told. For filters.
    case tileSymmetric
  }

  /// Numbers in a column of a tile.
  public var tileHeight: Int
  /// Numbers in a row of a tile.
  public var tileWidth: Int
  /// How numbers become grey.
  public var scaling: Scaling
  /// Each number becomes a square of this many pixels; nil chooses so that a small grid can be seen.
  public var magnification: Int?
  /// Tiles side by side; nil makes the picture about square.
  public var columns: Int?
  /// The grey of the lines between tiles; stands out from black, mid-grey and white.
  public var borderShade: UInt8 = 70

  /// A grid of tiles of one size.
  public init(
    tileHeight: Int, tileWidth: Int, scaling: Scaling = .range(0...1), magnification: Int? = nil,
    columns: Int? = nil
  ) {
    precondition(tileHeight > 0 && tileWidth > 0, "tiles must have pixels")
    precondition((1...64).contains(magnification ?? 1), "magnification is 1 to 64")
    precondition(columns ?? 1 > 0, "there must be a column")
    self.tileHeight = tileHeight
    self.tileWidth = tileWidth
    self.scaling = scaling
    self.magnification = magnification
    self.columns = columns
  }

  /// A shape for vectors that are no images: as near to a square as divides the width.
  public static func tileShape(forWidth width: Int) -> (height: Int, width: Int) {
    precondition(width > 0, "there must be a number")
    let root = Int(Double(width).squareRoot())
    let height = (1...max(root, 1)).last { width % $0 == 0 } ?? 1
    return (height, width / height)
  }

  /// The picture of all tiles, row by row; `values` is `[count × (tileHeight · tileWidth)]`.
  public func image(of values: [Float]) -> GrayImage {
    precondition(!values.isEmpty && values.count % tileSize == 0, "the values must fill whole tiles")
    let layout = GridLayout(self, count: values.count / tileSize)
    var canvas = [UInt8](repeating: borderShade, count: layout.width * layout.height)
    for tile in 0..<layout.count {
      let numbers = values[tile * tileSize..<(tile + 1) * tileSize]
      draw(shades(numbers), at: layout.origin(of: tile), layout, on: &canvas)
    }
    return GrayImage(width: layout.width, height: layout.height, pixels: canvas)
  }

  private var tileSize: Int { tileHeight * tileWidth }

  private func draw(
    _ shades: [UInt8], at origin: (x: Int, y: Int), _ layout: GridLayout, on canvas: inout [UInt8]
  ) {
    let scale = layout.magnification
    for y in 0..<tileHeight * scale {
      let start = (origin.y + y) * layout.width + origin.x
      for x in 0..<tileWidth * scale {
        canvas[start + x] = shades[y / scale * tileWidth + x / scale]
      }
    }
  }

  private func shades(_ numbers: ArraySlice<Float>) -> [UInt8] {
    let (black, white) = limits(numbers)
    // A constant tile is mid-grey rather than 0/0.
    guard white > black else { return numbers.map { _ in 128 } }
    return numbers.map { shade(($0 - black) / (white - black)) }
  }

  private func limits(_ numbers: ArraySlice<Float>) -> (black: Float, white: Float) {
    let (least, greatest) = (numbers.min() ?? 0, numbers.max() ?? 0)
    switch scaling {
    case .range(let range): return (range.lowerBound, range.upperBound)
    case .tileRange: return (least, greatest)
    case .tileSymmetric:
      let largest = max(-least, greatest)
      return (-largest, largest)
    }
  }

  /// The comparisons send NaN to black; a conversion would trap.
  private func shade(_ fraction: Float) -> UInt8 {
    guard fraction > 0 else { return 0 }
    return fraction < 1 ? UInt8((fraction * 255).rounded()) : 255
  }
}

/// Where the tiles of a grid lie, in pixels.
private struct GridLayout {
  let count: Int
  let magnification: Int
  let width: Int
  let height: Int
  private let columns: Int
  /// Distance from tile to tile: the tile and one border.
  private let step: (x: Int, y: Int)
  private let border: Int

  private static let comfortableSide = 600
  private static let largestMagnification = 10

  init(_ grid: ImageGrid, count: Int) {
    let aspect = Double(grid.tileHeight + 1) / Double(grid.tileWidth + 1)
    let columns = grid.columns ?? Int((Double(count) * aspect).squareRoot().rounded(.up))
    self.columns = min(columns, count)
    self.count = count
    let rows = (count + self.columns - 1) / self.columns
    let side = max(self.columns * (grid.tileWidth + 1), rows * (grid.tileHeight + 1))
    let automatic = min(max(Self.comfortableSide / side, 1), Self.largestMagnification)
    magnification = grid.magnification ?? automatic
    border = magnification > 1 ? 2 : 1
    step = (grid.tileWidth * magnification + border, grid.tileHeight * magnification + border)
    width = self.columns * step.x + border
    height = rows * step.y + border
  }

  func origin(of tile: Int) -> (x: Int, y: Int) {
    (border + tile % columns * step.x, border + tile / columns * step.y)
  }
}
