internal import Foundation

/// An estimate of the log partition function from the log weights of annealing chains.
public struct ReferencePartitionEstimate: Equatable, Sendable {
  /// log Z₀ of the base machine, in nats.
  public var baseLogPartition: Double
  /// The log weights ω of the chains, `[chain]`, in nats.
  public var logWeights: [Double]

  public init(baseLogPartition: Double, logWeights: [Double]) {
    self.baseLogPartition = baseLogPartition
    self.logWeights = logWeights
  }

  /// The estimate of log Z, in nats.
  /// ```
  /// log Z₀ + log (1/M Σ e^ω)
  /// ```
  /// The mean of the weights is unbiased; by Jensen's inequality its log is too low on average, by about half
  /// the squared standard error.
  public var logPartition: Double {
    baseLogPartition + logSumExp(logWeights) - log(Double(logWeights.count))
  }

  /// The standard deviation of the weights w = e^ω, divided by their mean; not a number for a single chain.
  public var relativeDeviation: Double {
    let largest = logWeights.max() ?? 0
    let weights = logWeights.map { exp($0 - largest) }
    let mean = sum(weights) / Double(weights.count)
    let variance = sum(weights.map { ($0 - mean) * ($0 - mean) }) / Double(weights.count - 1)
    return variance.squareRoot() / mean
  }

  /// The standard error of the estimate by the delta method, in nats.
  /// ```
  /// s_w / (w̄ √M)
  /// ```
  public var standardError: Double {
    relativeDeviation / Double(logWeights.count).squareRoot()
  }
}
