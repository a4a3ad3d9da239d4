internal import Foundation

/// What a bound on a divergence comes to when its critic learns from more and more rows.
///
/// The bound B of a critic that learned from m rows lies below the divergence by half the variance of the critic's
/// error, which falls as a power of m:
/// ```
/// B(m) = D − c·m^−α        D = B(m) + [B(m) − B(m/2)] / (2^α − 1)
/// ```
/// α = 1 for a critic with a fixed number of parameters that can be right (the variance of estimated parameters).
/// Flexible critics learn more slowly; at α ≤ ½ the error is no smaller than that of sampling, c·m^−½, however many
/// rows there are, and nothing that rests on a learned ratio has an interval (the condition of double machine learning,
/// Chernozhukov et al. 2018). Two points of the curve do not tell α: the estimate takes the middle of [½, 1], and
/// intervals draw it from there. The formula knows nothing of what no number of rows would teach the critic.
enum LearningCurve {
  /// α of estimates.
  static let exponent = drawn(0.5)

  /// α for a number that is uniform in [0, 1).
  static func drawn(_ uniform: Double) -> Double { (1 + uniform) / 2 }

  /// D from B(m) and B(m/2), all in nats.
  static func limit(whole: Double, half: Double, exponent: Double) -> Double {
    whole + (whole - half) / (exp2(exponent) - 1)
  }
}
