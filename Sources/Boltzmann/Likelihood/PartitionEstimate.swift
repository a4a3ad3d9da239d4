internal import BoltzmannCompute
internal import Foundation

/// What is known of log Z, in nats.
public struct PartitionEstimate: Sendable {
  public enum Kind: String, Sendable {
    /// No sampling error.
    case exact
    /// `lower` and `upper` are three standard errors of the mean weight away; no bounds.
    case interval3
  }

  /// `exact` or `ais`.
  public let method: String
  public let estimate: Double
  public let standardError: Double
  public let lower: Double
  public let upper: Double
  /// Standard deviation of the importance weights over their mean: above 0.3 they are spread widely.
  public let relativeDeviation: Double
  public let kind: Kind

  /// A sum over all states.
  public init(exact value: Double) {
    method = "exact"
    estimate = value
    standardError = 0
    lower = value
    upper = value
    relativeDeviation = 0
    kind = .exact
  }

  /// From log importance weights ω_r with E e^ω = Z/Z₀.
  /// ```
  /// w̄ = mean e^ω      s = standard deviation of e^ω      ε = s/(w̄√M)
  /// log Ẑ = log Z₀ + log w̄      standard error ε (delta method)      interval log Ẑ + log(1 ± 3ε)
  /// ```
  /// By Jensen's inequality E log Ẑ ≤ log Z: the estimate is a stochastic lower bound, and a log-likelihood
  /// computed with it is too good rather than too bad. Where 3ε ≥ 1 the interval has no lower end (−∞).
  public init(annealing logWeights: [Double], logBase: Double) {
    let logMean = logMeanExp(logWeights)
    let count = Double(logWeights.count)
    let deviations = logWeights.map { exp($0 - logMean) - 1 }
    let variance = deviations.reduce(0) { $0 + $1 * $1 } / max(count - 1, 1)
    let error = logWeights.count > 1 ? (variance / count).squareRoot() : .infinity
    method = "ais"
    estimate = logBase + logMean
    standardError = error
    lower = 3 * error < 1 ? estimate + log1p(-3 * error) : -.infinity
    upper = estimate + log1p(3 * error)
    relativeDeviation = logWeights.count > 1 ? variance.squareRoot() : .infinity
    kind = .interval3
  }

  public var isUnreliable: Bool { relativeDeviation > 0.3 }
}
