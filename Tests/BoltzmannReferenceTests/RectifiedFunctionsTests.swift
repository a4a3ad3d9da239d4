import BoltzmannReference
import Foundation
import Testing

@Suite("Rectified functions")
struct RectifiedFunctionsTests {
  /// Reference digits from 40-digit arithmetic. The exponential of x² loses x² ulps, the rest a few.
  @Test(
    "erfcx keeps its digits",
    arguments: [
      (-25.0, 5.4335189393274734e+271), (-5, 144009798674.66104), (-1, 5.0089800807622835),
      (-0.5, 1.9523604891825571), (0, 1.0), (0.5, 0.61569034419292587), (1, 0.427583576155807),
      (1.0625, 0.41109205444483048), (2, 0.25539567631050574), (5, 0.11070463773306863),
      (30, 0.018795888861416751), (1e8, 5.6418958354775626e-9),
    ])
  func erfcxDigits(_ x: Double, _ expected: Double) {
    #expect(abs(erfcx(x) - expected) <= (8 + x * x) * 0x1p-52 * expected)
  }

  /// Reference digits from 40-digit arithmetic. For z > 0 the rounding of z/√2 counts z²-fold.
  @Test(
    "log Φ keeps its digits in both tails",
    arguments: [
      (-40.0, -804.60844201375379), (-10, -53.231285150512471), (-1.5, -2.7059444008238898),
      (-1, -1.8410216450092635), (-0.5, -1.1759117615936186), (0, -0.69314718055994531),
      (0.5, -0.36894641528865639), (1, -0.17275377902344989), (3, -0.0013508099647481938),
      (8, -6.2209605742717861e-16),
    ])
  func logNormalCDFDigits(_ z: Double, _ expected: Double) {
    #expect(abs(logNormalCDF(z) - expected) <= (8 + max(z, 0) * z) * 0x1p-52 * abs(expected))
  }

  /// log Φ(z) is off by a few ulps of log p, and dz = d(log p)/h(−z), h(−z) ≥ |log p|/|z| · 1 for p ≤ ½: a few
  /// ulps of z. Above ½, 1 − p is exact, but p itself carries 2⁻⁵³/φ(z) of z.
  @Test("the quantile undoes Φ", arguments: [1e-300, 1e-17, 2e-12, 1e-3, 0.25, 0.4999, 0.5, 0.75, 1 - 1e-12])
  func quantile(_ p: Double) {
    let z = normalQuantile(p)
    let tail = min(p, 1 - p)
    #expect(abs(logNormalCDF(-abs(z)) - log(tail)) <= 16 * 0x1p-52 * (1 + abs(log(tail))))
    #expect(p < 0.5 ? z < 0 : p > 0.5 ? z > 0 : abs(z) <= 0x1p-50)
  }

  @Test("the quantile knows its ends")
  func quantileEnds() {
    #expect(normalQuantile(0) == -.infinity && normalQuantile(1) == .infinity)
    #expect(normalQuantile(-0.1).isNaN && normalQuantile(1.1).isNaN && normalQuantile(.nan).isNaN)
  }

  private static let inputs = [
    -1e4, -300, -30, -5, -2.001, -1.999, -0.1, -1e-20, 0, 1e-20, 0.5, 1, 5, 30, 1e4,
  ]

  /// Simpson's rule with 40,000 intervals of at most 24/40,000 standard deviations: at the cut, h⁴/180 times the
  /// third derivative (≤ 3) is 10⁻¹⁵; 40,000 sums round to 10⁻¹² at worst. What is left out beyond 12 deviations or 40
  /// decay lengths is below 10⁻¹⁶.
  @Test("mean, variance and log-normaliser are integrals", arguments: inputs, [1e-3, 1, 40])
  func integrals(_ b: Double, _ precision: Double) {
    let root = precision.squareRoot()
    let low = max(0, b - 12)
    let high = b < 0 ? min(12, 40 / -b) : b + 12
    func integral(_ f: (Double) -> Double) -> Double {
      let n = 40_000
      let h = (max(high, low + 1e-300) - low) / Double(n)
      let sum = (0...n).reduce(0.0) { sum, k in
        let s = low + h * Double(k)
        let weight = k == 0 || k == n ? 1.0 : k % 2 == 1 ? 4 : 2
        // The integrand over its maximum, at s = max(b, 0).
        let exponent = b > 0 ? -0.5 * (s - b) * (s - b) : b * s - 0.5 * s * s
        return sum + weight * f(s) * exp(exponent)
      }
      return sum * h / 3
    }
    let mass = integral { _ in 1 }
    let mean = integral { $0 } / mass
    let variance = integral { ($0 - mean) * ($0 - mean) } / mass
    let logNormalizer = log(mass / root) + (b > 0 ? b * b / 2 : 0)
    #expect(abs(rectifiedMean(b * root, precision: precision) * root / mean - 1) <= 2e-12)
    #expect(abs(rectifiedVariance(b * root, precision: precision) * precision / variance - 1) <= 4e-12)
    let error = abs(rectifiedLogNormalizer(b * root, precision: precision) - logNormalizer)
    #expect(error <= 2e-12 * max(1, abs(logNormalizer)))
  }

  /// Far out the unit is exponential: mean γ-free 1/|t|, variance 1/t², log-normaliser −log |t|, each to 3/a².
  @Test("far below zero the unit is exponential", arguments: [1e9, 1e100], [1e-30, 1, 1e30])
  func exponentialLimit(_ a: Double, _ precision: Double) {
    let t = -a * precision.squareRoot()
    #expect(abs(rectifiedMean(t, precision: precision) * -t - 1) <= 1e-15)
    #expect(abs(rectifiedVariance(t, precision: precision) * t * t - 1) <= 2e-15)
    #expect(abs(rectifiedLogNormalizer(t, precision: precision) + log(-t)) <= 1e-15 * abs(log(-t)))
  }

  /// The two forms agree where both are good, and H(s) = s/mean far out.
  @Test("the cumulative hazard", arguments: [0, 1e-3, 1, 4] as [Double])
  func cumulativeHazard(_ s: Double) {
    for a in [-5, -1, 0, 1.999, 2.001, 3] as [Double] {
      let exact = logNormalCDF(-a) - logNormalCDF(-a - s)
      // A few ulps of the two logs, at most 30.
      #expect(abs(truncatedCumulativeHazard(s, from: a) - exact) <= 16 * 0x1p-52 * (1 + abs(exact) + 8))
    }
    #expect(abs(truncatedCumulativeHazard(s * 1e-12, from: 1e12) - s) <= 4e-16 * s)
  }
}
