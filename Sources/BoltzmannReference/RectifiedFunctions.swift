internal import Foundation

// A normal variable cut off below. For a standard normal variable Z, density, upper tail and hazard are
//
//   φ(z) = e^{−z²/2}/√(2π)      Q(z) = P(Z > z) = ½ erfc(z/√2)      h(z) = φ(z)/Q(z)
//
// and Z − a, given that it is positive, has mean m(a) = h(a) − a and variance 1 − m(a)·h(a). Both differences
// cancel for large a, where Laplace's continued fraction has them without a subtraction of equals.

/// The scaled complementary error function, which does not underflow.
/// ```
/// erfcx(x) = e^{x²} erfc(x) = √(2/π) / h(x√2)
/// ```
/// Up to x = 1.5 the product is good to a few ulps (x² of them for negative x, infinity below −26.6); above, h
/// comes from its continued fraction.
public func erfcx(_ x: Double) -> Double {
  x > 1.5 ? (2 / Double.pi).squareRoot() / normalHazard(x * 2.0.squareRoot()) : exp(x * x) * erfc(x)
}

/// The hazard of a standard normal variable, h(z) = φ(z)/Q(z).
/// ```
/// h(z) = √(2/π)/erfcx(z/√2) = z + 1/(z + 2/(z + 3/(z + …)))
/// ```
public func normalHazard(_ z: Double) -> Double {
  z > 2 ? z + 1 / (z + hazardFraction(z)) : (2 / Double.pi).squareRoot() / erfcx(z / 2.0.squareRoot())
}

/// 2/(z + 3/(z + 4/(z + …))) for z > 2 (Laplace).
///
/// n terms leave a relative error of about e^{−2z√n}: 6e−19 for z = 2 and n = 110.
private func hazardFraction(_ z: Double) -> Double {
  var fraction = 0.0, term = 111.0
  while term >= 2 {
    fraction = term / (z + fraction)
    term -= 1
  }
  return fraction
}

/// log Φ(z), the log of the cumulative distribution function of a standard normal variable.
/// ```
/// log Φ(z) = log(1 − Q(z))                     z > 0: keeps the digits of a result close to 0
///          = log(½ erfcx(−z/√2)) − z²/2        z ≤ 0: does not underflow
/// ```
public func logNormalCDF(_ z: Double) -> Double {
  z > 0 ? log1p(-0.5 * erfc(z / 2.0.squareRoot())) : log(0.5 * erfcx(-z / 2.0.squareRoot())) - z * z / 2
}

/// The z with Φ(z) = p.
/// ```
/// z ← z − (log Φ(z) − log p) / h(−z)
/// ```
/// By symmetry p ≤ ½. log Φ is concave and has slope φ/Φ = h(−z): Newton's first step from 0 goes below the root,
/// all others rise towards it. They end where rounding ends the rise.
public func normalQuantile(_ p: Double) -> Double {
  guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
  guard p <= 0.5 else { return -normalQuantile(1 - p) }
  var z = (log(2) + log(p)) / normalHazard(0)
  while true {
    let next = z - (logNormalCDF(z) - log(p)) / normalHazard(-z)
    guard next > z else { return z }
    z = next
  }
}

/// −log(Q(a + s)/Q(a)): minus the log of the probability that Z − a exceeds s, given that it exceeds 0.
/// ```
/// log Φ(−a) − log Φ(−a − s)  =  ½s² + as + log(h(a + s)/h(a))
/// ```
/// The left form cancels for large a, the right form for large −a.
public func truncatedCumulativeHazard(_ s: Double, from a: Double) -> Double {
  guard a > 2 else { return logNormalCDF(-a) - logNormalCDF(-a - s) }
  let (near, far) = (hazardExcess(a), hazardExcess(a + s))
  return s * s / 2 + a * s + log1p((s + far - near) / (a + near))
}

/// m(a) = h(a) − a, the mean of Z − a where it is positive: 1/(a + 2/(a + 3/…)) for a > 2.
private func hazardExcess(_ a: Double) -> Double {
  a > 2 ? 1 / (a + hazardFraction(a)) : normalHazard(a) - a
}

/// The mean of a rectified unit, density ∝ e^{tx − ½γx²} on x ≥ 0.
/// ```
/// ⟨x⟩ = m(a)/√γ,   a = −t/√γ
/// ```
public func rectifiedMean(_ t: Double, precision: Double) -> Double {
  hazardExcess(-t / precision.squareRoot()) / precision.squareRoot()
}

/// The variance of a rectified unit, density ∝ e^{tx − ½γx²} on x ≥ 0.
/// ```
/// ⟨x²⟩ − ⟨x⟩² = (1 − m·h)/γ,   a = −t/√γ
/// ```
/// With the fraction k = 2/(a + 3/…), m = 1/(a + k) and h = a + m give 1 − m·h = (k − m)·m, which is 1/a² for
/// large a.
public func rectifiedVariance(_ t: Double, precision: Double) -> Double {
  let a = -t / precision.squareRoot()
  let m = hazardExcess(a)
  return (a > 2 ? (hazardFraction(a) - m) * m : 1 - m * normalHazard(a)) / precision
}

/// The log-normaliser of a rectified unit, in nats.
/// ```
/// log ∫₀^∞ e^{tx − ½γx²} dx = ½t²/γ + log Φ(t/√γ) + ½ log(2π/γ)  =  log erfcx(−t/√(2γ)) + ½ log(π/(2γ))
/// ```
/// The left form serves t > 0, where erfcx may overflow, the right form t ≤ 0, where the first two terms cancel.
public func rectifiedLogNormalizer(_ t: Double, precision: Double) -> Double {
  let b = t / precision.squareRoot()
  return b > 0
    ? b * b / 2 + logNormalCDF(b) + 0.5 * log(2 * Double.pi / precision)
    : log(erfcx(-b / 2.0.squareRoot())) + 0.5 * log(Double.pi / (2 * precision))
}
