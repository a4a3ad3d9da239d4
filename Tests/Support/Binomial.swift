internal import Foundation

extension Statistics {
  /// P(K ≥ k) for a binomial K of n trials, each of probability p.
  public static func binomialSurvival(_ k: Int, trials n: Int, probability p: Double) -> Double {
    (max(k, 0)..<(n + 1)).reduce(0) { sum, hits in
      let logChoices = lgamma(Double(n + 1)) - lgamma(Double(hits + 1)) - lgamma(Double(n - hits + 1))
      return sum + exp(logChoices + Double(hits) * log(p) + Double(n - hits) * log1p(-p))
    }
  }

  /// The smallest k with P(K ≥ k) < tail: so many hits are too many.
  public static func tooManyHits(trials n: Int, probability p: Double, tail: Double = 1e-6) -> Int {
    (0...(n + 1)).first { binomialSurvival($0, trials: n, probability: p) < tail }!
  }
}
