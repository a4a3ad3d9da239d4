internal import Foundation

/// A picture in Scalable Vector Graphics, drawn from back to front; y points down.
///
/// It stands on a white card of its own, so that it reads the same on light and dark pages.
struct SVG {
  struct Point {
    let x: Double
    let y: Double
  }

  enum Anchor: String {
    case start, middle, end
  }

  let width: Double
  let height: Double
  private let title: String
  private var elements: [String] = []

  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
    rectangle(
      at: Point(x: 0.5, y: 0.5), width: width - 1, height: height - 1, fill: "#ffffff", radius: 10,
      stroke: Colour.grid)
  }

  mutating func rectangle(
    at corner: Point, width: Double, height: Double, fill: String, radius: Double = 0, stroke: String = "none"
  ) {
    add(
      "rect", ("x", corner.x), ("y", corner.y), ("width", width), ("height", height), ("rx", radius),
      style: "fill=\"\(fill)\" stroke=\"\(stroke)\"")
  }

  mutating func line(from a: Point, to b: Point, stroke: String, width: Double = 1, dashes: String? = nil) {
    add(
      "line", ("x1", a.x), ("y1", a.y), ("x2", b.x), ("y2", b.y),
      style: SVG.stroke(stroke, width, dashes))
  }

  mutating func path(_ points: [Point], stroke: String, width: Double, dashes: String? = nil) {
    let places = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    elements.append(
      "<polyline points=\"\(places)\" fill=\"none\" stroke-linejoin=\"round\" "
        + "\(SVG.stroke(stroke, width, dashes))/>")
  }

  mutating func dot(at centre: Point, radius: Double, fill: String) {
    add("circle", ("cx", centre.x), ("cy", centre.y), ("r", radius), style: "fill=\"\(fill)\"")
  }

  /// Text on a baseline through `place`, with a white rim where it may cross lines; upright text reads from
  /// below.
  mutating func text(
    _ text: String, at place: Point, size: Double = 12, anchor: Anchor = .start, colour: String = Colour.text,
    isBold: Bool = false, isUpright: Bool = false, hasRim: Bool = false
  ) {
    let x = number(place.x), y = number(place.y)
    let style = [
      isBold ? " font-weight=\"600\"" : "", isUpright ? " transform=\"rotate(-90 \(x) \(y))\"" : "",
      hasRim ? " stroke=\"#ffffff\" stroke-width=\"4\" paint-order=\"stroke\"" : "",
    ]
    elements.append(
      "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(number(size))\" text-anchor=\"\(anchor.rawValue)\" "
        + "fill=\"\(colour)\"\(style.joined())>\(escaped(text))</text>")
  }

  /// The file's content.
  var document: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
    viewBox="0 0 \(number(width)) \(number(height))" role="img" \
    font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif">
    <title>\(escaped(title))</title>
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }

  private mutating func add(
    _ element: String, _ attributes: (name: String, value: Double)..., style: String
  ) {
    let values = attributes.map { "\($0.name)=\"\(number($0.value))\"" }.joined(separator: " ")
    elements.append("<\(element) \(values) \(style)/>")
  }

  private static func stroke(_ colour: String, _ width: Double, _ dashes: String?) -> String {
    "stroke=\"\(colour)\" stroke-width=\"\(number(width))\""
      + (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "")
  }
}

/// Colours on white; the lines' ones are told apart by people who are blind to some.
enum Colour {
  static let text = "#4b5563"
  static let heading = "#1f2937"
  static let axis = "#9ca3af"
  static let grid = "#e5e7eb"
  static let dense = "#d97706"
  static let adaptive = "#2563eb"
  static let bound = "#6b7280"
}

/// At most two digits after the point.
private func number(_ value: Double) -> String { String(format: "%.6g", (value * 100).rounded() / 100) }

private func escaped(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
}
