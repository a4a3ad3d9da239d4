internal import Foundation

/// Where the values of an axis lie on the picture, and which of them are marked.
struct Axis {
  let ticks: [Double]
  private let isLogarithmic: Bool
  private let values: (low: Double, high: Double)
  private let pixels: (low: Double, high: Double)

  /// A logarithmic axis with a margin around these values; marked are the ticks given, or 1, 2, 5, 10, …
  init(logarithmic values: [Double], ticks: [Double]? = nil, pixels: (low: Double, high: Double)) {
    let low = (values.min() ?? 1) / 1.15, high = (values.max() ?? 1) * 1.15
    self.values = (low, high)
    self.pixels = pixels
    self.ticks = ticks ?? Axis.logarithmicTicks(low, high)
    isLogarithmic = true
  }

  /// A linear axis from 0 to a little above a value, marked at about five round steps.
  init(linearTo value: Double, pixels: (low: Double, high: Double)) {
    values = (0, value * 1.08)
    self.pixels = pixels
    let power = pow(10, floor(log10(value / 4)))
    let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { value / $0 <= 6 } ?? 10 * power
    ticks = stride(from: 0, through: value * 1.08, by: step).map { $0 }
    isLogarithmic = false
  }

  func position(_ value: Double) -> Double {
    let place = isLogarithmic ? log(value / values.low) / log(values.high / values.low) : value / values.high
    return pixels.low + place * (pixels.high - pixels.low)
  }

  static func label(_ value: Double) -> String { String(format: "%.4g", value) }

  /// 1, 2, 5 of every decade, or more of them where the range is narrow.
  private static func logarithmicTicks(_ low: Double, _ high: Double) -> [Double] {
    let choices: [[Double]] = [[1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8], (10..<100).map { Double($0) / 10 }]
    let ticks = choices.map { mantissas in
      (Int(floor(log10(low)))...Int(floor(log10(high)))).flatMap { decade in
        mantissas.map { $0 * pow(10, Double(decade)) }
      }.filter { (low...high).contains($0) }
    }
    return ticks.first { $0.count >= 4 } ?? ticks[ticks.count - 1]
  }
}
