internal import Foundation

/// A real unit of input x and precision γ, cut off below 0: e^{xs − ½γs²} on s ≥ 0.
///
/// In units of its deviation 1/√γ it is a standard normal variable beyond a = −x/√γ, less a. With φ the density and Q
/// the upper tail of the standard normal law, all follows from the hazard h = φ/Q:
/// ```
/// Γ = log (Q/φ)(a) − ½ log γ          E[s] = (h(a) − a)/√γ          Var[s] = (1 − (h − a)h)/γ
/// ```
/// Far out (a ≫ 0) φ and Q underflow, and h − a and the variance are small differences of large numbers. There the
/// continued fraction (Laplace 1805) serves, which has neither fault:
/// ```
/// h(a) − a = 1/d          d = a + 2/e          e = a + f          f = 3/(a + 4/(a + 5/(a + …)))
/// 1 − (h − a)h = (d² − ad − 1)/d² = (a² + 4 − f²)/(de)²
/// ```
struct RectifiedNormal {
  /// The standard deviation of the unit before the cut, 1/√γ.
  private let deviation: Double
  /// Where it is cut, in such deviations.
  private let a: Double

  init(input x: Double, precision: Double) {
    deviation = 1 / precision.squareRoot()
    a = -x * deviation
  }

  /// log ∫₀^∞ e^{xs − ½γs²} ds, in nats.
  var logNormalizer: Double { logMillsRatio(a) + log(deviation) }

  /// E[s]
  var mean: Double { meanExcess(a) * deviation }

  /// Var[s]
  var variance: Double { excessVariance(a) * deviation * deviation }

  /// The s that is exceeded with probability u: Q(a + s√γ) = u·Q(a).
  ///
  /// log Q is concave. So Newton's method, begun to the right of the root, comes down to it without overshooting.
  func quantile(upperTail u: Double) -> Double {
    var excess = a < 0 ? 7 - a : -log(u) / hazard(a)
    for _ in 0..<100 {
      let step = (logTailRatio(excess) - log(u)) / hazard(a + excess)
      excess = max(excess + step, 0)
      if abs(step) <= 1e-16 * excess { break }
    }
    return excess * deviation
  }

  /// log Q(a + t)/Q(a), without the large part that both logarithms share where a is large.
  private func logTailRatio(_ t: Double) -> Double {
    a < 0
      ? logUpperTail(a + t) - logUpperTail(a)
      : -t * (a + t / 2) + logMillsRatio(a + t) - logMillsRatio(a)
  }
}

// MARK: The tail of the standard normal law

/// Beyond this the continued fraction is used; there 120 of its terms are good to the last digit.
private let farOut = 3.0

/// log Q(y); where Q is nearly 1, by way of the other tail.
private func logUpperTail(_ y: Double) -> Double {
  if y < 0 { return log1p(-erfc(-y / 2.0.squareRoot()) / 2) }
  return y < farOut ? log(erfc(y / 2.0.squareRoot()) / 2) : logMillsRatio(y) + logDensity(y)
}

/// log φ(y)
private func logDensity(_ y: Double) -> Double { -(y * y + log(2 * Double.pi)) / 2 }

/// log Q(y)/φ(y)
private func logMillsRatio(_ y: Double) -> Double {
  y < farOut ? logUpperTail(y) - logDensity(y) : -log(hazard(y))
}

/// h(y) = φ(y)/Q(y)
private func hazard(_ y: Double) -> Double {
  guard y < farOut else { return y + meanExcess(y) }
  return exp(-y * y / 2) / (erfc(y / 2.0.squareRoot()) * (Double.pi / 2).squareRoot())
}

/// h(y) − y: how far beyond y a standard normal variable that exceeds y lies on average.
private func meanExcess(_ y: Double) -> Double {
  y < farOut ? hazard(y) - y : 1 / (y + 2 / (y + continuedFraction(y)))
}

/// 1 − (h − y)h: the variance of a standard normal variable that exceeds y.
private func excessVariance(_ y: Double) -> Double {
  guard y >= farOut else { return hazard(y) == 0 ? 1 : 1 - meanExcess(y) * hazard(y) }
  let f = continuedFraction(y)
  let deByY = y + f + 2 / y
  return (1 + (4 - f * f) / (y * y)) / (deByY * deByY)
}

/// 3/(y + 4/(y + 5/(y + …)))
private func continuedFraction(_ y: Double) -> Double {
  stride(from: 120.0, through: 3, by: -1).reduce(0) { $1 / (y + $0) }
}
