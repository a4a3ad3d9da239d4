internal import BoltzmannData
internal import Foundation

/// One figure: as published, as found here, and whether the two agree.
struct Finding: Sendable {
  let experiment: String
  /// The figure as it was published.
  let published: String
  let ours: Double
  let tolerance: Tolerance
  /// Seconds of the trainings and measurements behind it; nil where it follows from other figures.
  var seconds: Double?
  /// What else a reader should know of it.
  var note: String?
  /// After the point, in the table.
  var digits = 2

  /// A figure that is not finite agrees with nothing.
  var passes: Bool { ours.isFinite && tolerance.accepts(ours) }

  var verdict: String {
    if case .comparison = tolerance { return "–" }
    return passes ? "ok" : "MISS"
  }

  var json: JSONValue {
    [
      "experiment": .string(experiment), "published": .string(published), "ours": .number(ours),
      "tolerance": .string(tolerance.description), "passes": .bool(passes),
      "seconds": seconds.map { .number($0) } ?? .null, "note": note.map { .string($0) } ?? .null,
    ]
  }
}

/// Which figures count as the published one.
enum Tolerance: Sendable, CustomStringConvertible {
  case within(Double, of: Double)
  case between(Double, Double)
  case below(Double)
  case atMost(Double)
  case atLeast(Double)
  /// None are refused: the figure is there for others to be compared with.
  case comparison

  func accepts(_ value: Double) -> Bool {
    switch self {
    case .within(let distance, let center): abs(value - center) <= distance
    case .between(let low, let high): value >= low && value <= high
    case .below(let bound): value < bound
    case .atMost(let bound): value <= bound
    case .atLeast(let bound): value >= bound
    case .comparison: true
    }
  }

  var description: String {
    switch self {
    case .within(let distance, _): "± \(number(distance))"
    case .between(let low, let high): "\(number(low)) … \(number(high))"
    case .below(let bound): "< \(number(bound))"
    case .atMost(let bound): "≤ \(number(bound))"
    case .atLeast(let bound): "≥ \(number(bound))"
    case .comparison: "–"
    }
  }
}

/// A number in as many digits as it needs, with a minus sign.
func number(_ value: Double) -> String {
  let text = value == value.rounded() ? String(Int(value)) : "\(value)"
  return text.replacing("-", with: "−")
}

/// A number with two digits after the point and a minus sign.
func figure(_ value: Double, digits: Int = 2) -> String {
  String(format: "%.\(digits)f", value).replacing("-", with: "−")
}
