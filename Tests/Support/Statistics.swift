internal import Foundation

/// Distributions and tests for statements about random numbers.
///
/// A statistical test fixes its seed and its bound beforehand, and is never retried: a bound at a tail of 10⁻⁶
/// fails a correct program once in a million seeds, and a wrong one nearly always.
public enum Statistics {
  /// P(N > z) for a standard normal N.
  public static func normalSurvival(_ z: Double) -> Double {
    0.5 * erfc(z / 2.0.squareRoot())
  }

  /// The z with P(N > z) = tail for a standard normal N.
  public static func normalQuantile(upperTail tail: Double) -> Double {
    crossing(of: tail, between: -40, and: 40, falling: normalSurvival)
  }

  /// P(X > x) for a χ² variable X.
  public static func chiSquaredSurvival(_ x: Double, degreesOfFreedom: Int) -> Double {
    upperIncompleteGamma(Double(degreesOfFreedom) / 2, x / 2)
  }

  /// The x with P(X > x) = tail for a χ² variable X.
  ///
  /// Pass 1e-6 for the 1 − 10⁻⁶ quantile, which 1 − 1e-6 would round.
  public static func chiSquaredQuantile(upperTail tail: Double, degreesOfFreedom: Int) -> Double {
    // Mean k, variance 2k: 100 standard deviations and 1,500 beyond the mean the tail is below any double.
    let k = Double(degreesOfFreedom)
    return crossing(of: tail, between: 0, and: k + 100 * (2 * k).squareRoot() + 1_500) {
      chiSquaredSurvival($0, degreesOfFreedom: degreesOfFreedom)
    }
  }

  /// Where a falling function takes a value, by bisection down to neighbouring doubles.
  private static func crossing(
    of value: Double, between lower: Double, and upper: Double, falling function: (Double) -> Double
  ) -> Double {
    var (lower, upper) = (lower, upper)
    while true {
      let middle = lower + (upper - lower) / 2
      guard lower < middle, middle < upper else { return middle }
      if function(middle) > value { lower = middle } else { upper = middle }
    }
  }
}
