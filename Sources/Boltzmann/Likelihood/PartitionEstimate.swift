internal import BoltzmannCompute
internal import Foundation

/// What is known of log Z, in nats.
public struct PartitionEstimate: Sendable {
  public enum Kind: String, Sendable {
    /// No sampling error.
    case exact
    /// `lower` and `upper` are three standard errors away; no bounds.
    case interval3
    /// `lower` is three standard errors below a stochastic lower bound, `upper` above a stochastic upper bound.
    case sandwich
  }

  /// A name of `PartitionEstimators`.
  public var method: String
  public let estimate: Double
  public let standardError: Double
  public let lower: Double
  public let upper: Double
  /// Standard deviation of the importance weights over their mean: above 0.3 they are spread widely. Of a
  /// sandwich the larger of both sides'; 0 for methods without weights.
  public let relativeDeviation: Double
  /// How many equally weighted samples the weights, or the chains, are worth; nil where nothing was sampled.
  public let effectiveSampleSize: Double?
  public let kind: Kind
  /// Of methods with reverse runs: where these started.
  public var reverseStart: ReverseStart?

  /// A sum over all states.
  public init(exact value: Double) {
    self.init(
      method: "exact", estimate: value, standardError: 0, lower: value, upper: value, relativeDeviation: 0,
      effectiveSampleSize: nil, kind: .exact)
  }

  /// An estimate with a standard error, `lower` and `upper` three of them away.
  public init(method: String, estimate: Double, standardError: Double, effectiveSampleSize: Double?) {
    self.init(
      method: method, estimate: estimate, standardError: standardError,
      lower: estimate - 3 * standardError, upper: estimate + 3 * standardError, relativeDeviation: 0,
      effectiveSampleSize: effectiveSampleSize, kind: .interval3)
  }

  /// An estimate from tempered chains: a sandwich between stochastic bounds where these were seen to mix, else its
  /// ends are three standard errors away, and no bounds.
  init(
    method: String, estimate: Double, standardError: Double, between bounds: (lower: LogMean, upper: LogMean),
    start: ReverseStart, effectiveSampleSize: Double?
  ) {
    func end(_ bound: LogMean, _ sign: Double) -> Double {
      start.isVerified ? bound.value + sign * 3 * bound.standardError : estimate + sign * 3 * standardError
    }
    self.init(
      method: method, estimate: estimate, standardError: standardError, lower: end(bounds.lower, -1),
      upper: end(bounds.upper, 1), relativeDeviation: 0, effectiveSampleSize: effectiveSampleSize,
      kind: start.isVerified ? .sandwich : .interval3)
    reverseStart = start
  }

  /// From log importance weights ω_r with E e^ω = Z/Z₀.
  /// ```
  /// w̄ = mean e^ω      s = standard deviation of e^ω      ε = s/(w̄√M)
  /// log Ẑ = log Z₀ + log w̄      standard error ε (delta method)      interval log Ẑ + log(1 ± 3ε)
  /// ```
  /// By Jensen's inequality E log Ẑ ≤ log Z: the estimate is a stochastic lower bound, and a log-likelihood
  /// computed with it is too good rather than too bad. Where 3ε ≥ 1 the interval has no lower end (−∞).
  public init(annealing logWeights: [Double], logBase: Double) {
    let mean = WeightMean(logWeights)
    self.init(
      method: "ais", estimate: logBase + mean.logMean, standardError: mean.error,
      lower: logBase + mean.lower, upper: logBase + mean.upper, relativeDeviation: mean.relativeDeviation,
      effectiveSampleSize: mean.effectiveSampleSize, kind: .interval3)
  }

  /// From the ω_r of reverse runs with E e^−ω = Z₀/Z.
  /// ```
  /// log Ẑ = log Z₀ − log mean e^−ω
  /// ```
  /// By Jensen's inequality E log Ẑ ≥ log Z: a stochastic upper bound, where the runs start at samples of the
  /// model. Where 3ε ≥ 1 the interval has no upper end (+∞).
  public init(reverseAnnealing logWeights: [Double], logBase: Double, start: ReverseStart) {
    let mean = WeightMean(logWeights.map { -$0 })
    self.init(
      method: "reverse-ais", estimate: logBase - mean.logMean, standardError: mean.error,
      lower: logBase - mean.upper, upper: logBase - mean.lower, relativeDeviation: mean.relativeDeviation,
      effectiveSampleSize: mean.effectiveSampleSize, kind: .interval3)
    reverseStart = start
  }

  /// From forward and reverse runs of the same schedule: between both one-sided estimates Bennett's ratio.
  ///
  /// A sandwich where the reverse runs start at samples of the model, exact ones or of chains that were seen to mix;
  /// else its ends are three standard errors of Bennett's ratio away, and no bounds.
  public init(forward: [Double], reverse: [Double], logBase: Double, start: ReverseStart) {
    let lower = PartitionEstimate(annealing: forward, logBase: logBase)
    let upper = PartitionEstimate(reverseAnnealing: reverse, logBase: logBase, start: start)
    let ratio = BennettRatio(lower: forward.map { -$0 }, upper: reverse.map { -$0 })
    let estimate = logBase + ratio.logRatio, error = 3 * ratio.standardError
    self.init(
      method: "sandwich", estimate: estimate, standardError: ratio.standardError,
      lower: start.isVerified ? lower.lower : estimate - error,
      upper: start.isVerified ? upper.upper : estimate + error,
      relativeDeviation: max(lower.relativeDeviation, upper.relativeDeviation),
      effectiveSampleSize: min(lower.effectiveSampleSize ?? 0, upper.effectiveSampleSize ?? 0),
      kind: start.isVerified ? .sandwich : .interval3)
    reverseStart = start
  }

  private init(
    method: String, estimate: Double, standardError: Double, lower: Double, upper: Double,
    relativeDeviation: Double, effectiveSampleSize: Double?, kind: Kind
  ) {
    self.method = method
    self.estimate = estimate
    self.standardError = standardError
    self.lower = lower
    self.upper = upper
    self.relativeDeviation = relativeDeviation
    self.effectiveSampleSize = effectiveSampleSize
    self.kind = kind
  }

  public var isUnreliable: Bool { relativeDeviation > 0.3 }
}

/// The mean of importance weights e^ω, in log space, with its error.
struct WeightMean {
  /// log w̄
  let logMean: Double
  /// ε = s/(w̄√M), the standard error of log w̄ by the delta method.
  let error: Double
  /// s/w̄
  let relativeDeviation: Double
  /// (Σw)²/Σw² = M/(1 + cv²)
  let effectiveSampleSize: Double

  init(_ logWeights: [Double]) {
    let logMean = logMeanExp(logWeights), count = Double(logWeights.count)
    let squares = logWeights.map { exp($0 - logMean) - 1 }.reduce(0) { $0 + $1 * $1 }
    let variance = squares / max(count - 1, 1)
    let isAlone = logWeights.count < 2
    self.logMean = logMean
    relativeDeviation = isAlone ? .infinity : variance.squareRoot()
    error = isAlone ? .infinity : (variance / count).squareRoot()
    effectiveSampleSize = count / (1 + squares / count)
  }

  /// log(w̄ ± three standard errors of the mean weight).
  var lower: Double { 3 * error < 1 ? logMean + log1p(-3 * error) : -.infinity }
  var upper: Double { logMean + log1p(3 * error) }
}

/// Where reverse runs start, on which it depends whether they bound log Z from above.
public struct ReverseStart: Sendable, Hashable {
  public enum Kind: String, Sendable {
    /// Samples of the enumerated law.
    case exact
    /// Tempering chains with at least 10 round trips, R̂ < 1.01, and 100 effective samples, below which R̂ means little.
    case tempering
    /// Chains of which nothing of the kind is known.
    case unverified
  }

  public let kind: Kind
  /// Round trips of the tempering chains between the base-rate machine and the model.
  public let roundTrips: Int?
  /// Split R̂ of the chains' free energies at the model.
  public let splitRHat: Double?

  public static let exact = ReverseStart(kind: .exact, roundTrips: nil, splitRHat: nil)
  public static let unverified = ReverseStart(kind: .unverified, roundTrips: nil, splitRHat: nil)

  /// Tempering chains; an R̂ that is no number verifies nothing.
  ///
  /// Whatever the figures, chains cannot know of a mode that no rung has ever seen.
  public init(roundTrips: Int, splitRHat: Double, effectiveSampleSize: Double) {
    let mixes = roundTrips >= 10 && splitRHat < 1.01 && effectiveSampleSize >= 100
    self.init(kind: mixes ? .tempering : .unverified, roundTrips: roundTrips, splitRHat: splitRHat)
  }

  private init(kind: Kind, roundTrips: Int?, splitRHat: Double?) {
    self.kind = kind
    self.roundTrips = roundTrips
    self.splitRHat = splitRHat
  }

  public var isVerified: Bool { kind != .unverified }
}
