public import Boltzmann
public import BoltzmannCompute
internal import Foundation

/// The usual trial of generators: normal distributions around a ring, which a generator that collapses misses.
/// ```
/// x = radius·(cos 2πk/modes, sin 2πk/modes) + deviation·N(0, 1)²      k uniform below modes
/// ```
public struct GaussianRing: Sendable, Hashable {
  public let modes: Int
  public let radius: Double
  public let deviation: Double

  /// - Throws: `SettingsError` where there is no mode or a length is not positive.
  public init(modes: Int = 8, radius: Double = 1, deviation: Double = 0.05) throws {
    guard modes >= 1, radius > 0, radius.isFinite, deviation > 0, deviation.isFinite else {
      throw SettingsError(message: "a ring has at least one mode, and a positive radius and deviation")
    }
    self.modes = modes
    self.radius = radius
    self.deviation = deviation
  }

  /// The centre of a mode.
  public func center(_ mode: Int) -> (x: Double, y: Double) {
    let angle = 2 * Double.pi * Double(mode) / Double(modes)
    return (radius * cos(angle), radius * sin(angle))
  }

  /// Independent draws, `[count, 2]`.
  public func samples(_ count: Int, seed: UInt64) -> FloatSamples {
    let places = RandomStream(seed: seed, purpose: .selection).uniforms(row: 0, count: count)
    let normals = RandomStream(seed: seed, purpose: .noise)
    var rows = Matrix(rows: count, columns: 2)
    rows.withMutableView { rows in
      for row in 0..<count {
        let middle = center(Int(places[row] * Double(modes)))
        let draws = normals.normals(row: UInt64(row), count: 2)
        rows[row, 0] = Float(middle.x + deviation * draws[0])
        rows[row, 1] = Float(middle.y + deviation * draws[1])
      }
    }
    return FloatSamples(rows)
  }
}

/// How well samples cover the modes of a ring.
public struct ModeCoverage: Sendable, Hashable {
  /// How many samples lie within three deviations of each mode, `[mode]`.
  public let counts: [Int]
  public let samples: Int

  /// Rows of two numbers.
  public init(of samples: Matrix, on ring: GaussianRing) {
    precondition(samples.columns == 2, "a ring lies in the plane")
    var counts = [Int](repeating: 0, count: ring.modes)
    for row in 0..<samples.rows {
      let (x, y) = (Double(samples[row, 0]), Double(samples[row, 1]))
      let near = (0..<ring.modes).filter { mode in
        let middle = ring.center(mode)
        return hypot(x - middle.x, y - middle.y) <= 3 * ring.deviation
      }
      if let mode = near.first { counts[mode] += 1 }
    }
    self.counts = counts
    self.samples = samples.rows
  }

  /// Modes with at least a fifth of their share of all samples.
  public var covered: Int { counts.count { 5 * $0 * counts.count >= samples && $0 > 0 } }

  /// The share of samples within three deviations of a mode; 98.9 % for the ring itself.
  public var shareNear: Double { Double(counts.reduce(0, +)) / Double(max(samples, 1)) }
}
