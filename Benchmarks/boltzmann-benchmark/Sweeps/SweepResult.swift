internal import Foundation

/// What a sweep's contenders took.
struct SweepResult {
  let sweep: Sweep
  let points: [Point]

  struct Point {
    let value: Double
    let samples: Int
    /// Weights of the machine.
    let connections: Double
    let tiles: Tiles
    let measurements: [Measurement]

    func secondsPerSample(_ measurement: Measurement) -> Double {
      measurement.medianSeconds / Double(samples)
    }

    func secondsPerConnection(_ measurement: Measurement) -> Double {
      secondsPerSample(measurement) / connections
    }
  }

  /// In the order of the turns.
  var names: [String] { points.first.map { $0.measurements.map(\.contender.name) } ?? [] }

  /// How the time per sample of a contender grows with the swept value.
  func slopePerSample(_ name: String) -> Slope? { slope(name) { $0.secondsPerSample($1) } }

  /// How its time per sample and connection does: flat or falling where larger costs no more a connection.
  func slopePerConnection(_ name: String) -> Slope? { slope(name) { $0.secondsPerConnection($1) } }

  private func slope(_ name: String, of time: (Point, Measurement) -> Double) -> Slope? {
    Slope(
      points.compactMap { point in
        point.measurements.first { $0.contender.name == name }.map { (point.value, time(point, $0)) }
      })
  }
}

/// The slope of log y against log x by least squares: y grows as x to this power.
/// ```
/// slope = Σ (ξ − ξ̄)(η − η̄) / Σ (ξ − ξ̄)²      ξ = log x, η = log y
/// standard error = √(Σ residuals² / (n − 2) / Σ (ξ − ξ̄)²)
/// ```
struct Slope {
  let value: Double
  /// By how much the slope is uncertain if the points scatter about a straight line.
  let standardError: Double

  /// Nil for fewer than three points.
  init?(_ points: [(x: Double, y: Double)]) {
    guard points.count > 2 else { return nil }
    let x = centred(points.map { log($0.x) }), y = centred(points.map { log($0.y) })
    let squares = dot(x, x)
    let slope = dot(x, y) / squares
    let residuals = zip(x, y).map { $1 - slope * $0 }
    value = slope
    standardError = (dot(residuals, residuals) / Double(points.count - 2) / squares).squareRoot()
  }
}

private func centred(_ values: [Double]) -> [Double] {
  let mean = values.reduce(0, +) / Double(values.count)
  return values.map { $0 - mean }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
