internal import Foundation

extension Statistics {
  /// The regularised upper incomplete gamma function.
  /// ```
  /// Q(a, x) = 1/Γ(a) ∫ₓ^∞ t^{a−1} e^{−t} dt
  /// ```
  /// Below x = a + 1 the series of 1 − Q converges fast, above it the continued fraction of Q.
  ///
  /// Source: Press et al., "Numerical recipes", section 6.2.
  public static func upperIncompleteGamma(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 1 }
    let scale = exp(a * log(x) - x - logGamma(a))
    return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x)
  }

  /// Σ_k x^k / (a (a+1) … (a+k))
  private static func lowerSeries(_ a: Double, _ x: Double) -> Double {
    var term = 1 / a
    var sum = term
    var k = a
    while term > sum * 1e-17 {
      k += 1
      term *= x / k
      sum += term
    }
    return sum
  }

  /// 1/(x+1−a − 1(1−a)/(x+3−a − 2(2−a)/(x+5−a − …))), by Lentz's method.
  private static func upperFraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    for k in 1...100_000 {
      let numerator = -Double(k) * (Double(k) - a)
      b += 2
      d = 1 / nonzero(numerator * d + b, tiny)
      c = nonzero(b + numerator / c, tiny)
      fraction *= c * d
      if abs(c * d - 1) < 1e-16 { break }
    }
    return fraction
  }

  private static func nonzero(_ x: Double, _ tiny: Double) -> Double {
    abs(x) < tiny ? tiny : x
  }

  /// log Γ(a) for a > 0: Γ(a) = Γ(a+k) / (a (a+1) … (a+k−1)), and Stirling's series beyond 15.
  ///
  /// The first term left out is below 15⁻¹¹/500 = 2e−16.
  private static func logGamma(_ a: Double) -> Double {
    var shifted = a
    var logProduct = 0.0
    while shifted < 15 {
      logProduct += log(shifted)
      shifted += 1
    }
    let y = 1 / (shifted * shifted)
    let tail = (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y / 1188)))) / shifted
    return (shifted - 0.5) * log(shifted) - shifted + 0.5 * log(2 * Double.pi) + tail - logProduct
  }
}
