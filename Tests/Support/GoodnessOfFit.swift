internal import Foundation

extension Statistics {
  /// The G statistic of counts against the probabilities they should have.
  /// ```
  /// G = 2n Σ_k p̂_k log(p̂_k / p_k),   p̂_k = count_k / n
  /// ```
  /// If the probabilities are right and n·p_k is not small, G follows χ² with one degree of freedom less than
  /// there are categories. A count where the probability is zero gives infinity.
  public static func gStatistic(counts: [Int], probabilities: [Double]) -> Double {
    precondition(counts.count == probabilities.count, "each count needs a probability")
    let n = Double(counts.reduce(0, +))
    return 2
      * zip(counts, probabilities).reduce(0) { sum, pair in
        let count = Double(pair.0)
        return pair.0 == 0 ? sum : sum + count * log(count / (n * pair.1))
      }
  }

  /// Whether counts are as the probabilities say: G below the 1 − tail quantile of χ².
  public static func fits(counts: [Int], probabilities: [Double], tail: Double = 1e-6) -> Bool {
    gStatistic(counts: counts, probabilities: probabilities)
      < chiSquaredQuantile(upperTail: tail, degreesOfFreedom: counts.count - 1)
  }
}

/// The mean of independent samples with its standard error.
public struct SampleMean: Equatable, Sendable {
  public let mean: Double
  /// The standard error, s / √n.
  public let standardError: Double

  /// At least two samples.
  public init(_ samples: [Double]) {
    precondition(samples.count > 1, "a standard error takes two samples or more")
    let n = Double(samples.count)
    let mean = samples.reduce(0, +) / n
    let variance = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    self.mean = mean
    self.standardError = (variance / n).squareRoot()
  }

  /// How many standard errors the mean lies above an expected value.
  public func zScore(expecting expected: Double) -> Double {
    mean == expected ? 0 : (mean - expected) / standardError
  }

  /// Whether the mean lies within z standard errors of an expected value.
  public func isWithin(_ z: Double, standardErrorsOf expected: Double) -> Bool {
    abs(zScore(expecting: expected)) <= z
  }

  /// The same, of numbers that are rounded by so much of themselves: what never varies has no standard error.
  public func isWithin(_ z: Double, standardErrorsOf expected: Double, rounding: Double) -> Bool {
    abs(mean - expected) <= z * standardError + rounding * abs(expected)
  }
}
