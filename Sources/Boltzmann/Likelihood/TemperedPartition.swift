internal import BoltzmannCompute
internal import Foundation

// log Z along a ladder of tempered chains.

extension TemperedSamples {
  /// log Z by Bennett's acceptance ratio between neighbours.
  /// ```
  /// log Ẑ = log Z₀ + Σ_k BAR_k
  /// ```
  /// Neighbouring ratios share the samples of a rung, and successive rounds are correlated. So the error comes from
  /// batches: what the works of a batch add to the sum of all ratios, to first order, is one number; batches are chains
  /// of the ladder, which are independent, cut in time where they are fewer than 20. Batches shorter than the
  /// autocorrelation time make it too small: see `mixing`.
  ///
  /// Where the chains were seen to mix it is a sandwich, whose bounds are those of `steppingStones`.
  public func bennett() -> PartitionEstimate {
    var sum = logBase, sums = BatchSums(batches)
    for (lower, upper) in zip(lowerWorks, upperWorks) {
      let ratio = BennettRatio(lower: lower, upper: upper)
      sum += ratio.logRatio
      for (index, (lower, upper)) in zip(ratio.lowerInfluences, ratio.upperInfluences).enumerated() {
        sums.add(lower + upper, to: batch(of: index))
      }
    }
    let mixing = mixing
    return PartitionEstimate(
      method: "tempering", estimate: sum, standardError: sums.standardError, between: steppingStones(),
      start: reverseStart(mixing), effectiveSampleSize: mixing?.effectiveSampleSize)
  }

  /// log Z from below and from above: every step up the ladder from the samples of its lower rung, and from those of
  /// its upper one (Xie, Lewis, Fan, Kuo & Chen 2011).
  /// ```
  /// L = log Z₀ + Σ_k log mean_k e^{−W_k}         U = log Z₀ − Σ_k log mean_{k+1} e^{W_k}
  /// E L ≤ log Z ≤ E U
  /// ```
  /// Each mean is unbiased for Z_{k+1}/Z_k, or its inverse, if the chains are in equilibrium, whatever they have to do
  /// with one another; then Jensen's inequality holds term by term. Errors are those of batches, as in `bennett`.
  public func steppingStones() -> (lower: LogMean, upper: LogMean) {
    let up = stones(lowerWorks.map { $0.map { -$0 } }), down = stones(upperWorks)
    return (
      LogMean(value: logBase + up.value, standardError: up.standardError),
      LogMean(value: logBase - down.value, standardError: down.standardError)
    )
  }

  /// Σ_k log mean e^{x_k}
  private func stones(_ logWeights: [[Double]]) -> LogMean {
    var sum = 0.0, sums = BatchSums(batches)
    for weights in logWeights {
      let mean = logMeanExp(weights)
      for (index, weight) in weights.enumerated() {
        sums.add((exp(weight - mean) - 1) / Double(weights.count), to: batch(of: index))
      }
      sum += mean
    }
    return LogMean(value: sum, standardError: sums.standardError)
  }

  /// log Z by thermodynamic integration along the ladder.
  ///
  /// Between neighbours runs the way P_s ∝ P_k^{1−s}·P_{k+1}^s, on which
  /// ```
  /// d log Z_s/ds = −⟨W⟩_s        d² log Z_s/ds² = Var_s W
  /// log(Z_{k+1}/Z_k) ≈ −½(⟨W⟩_k + ⟨W⟩_{k+1}) + (Var_k W − Var_{k+1} W)/12
  /// ```
  /// the trapezoid with its first correction (Euler & Maclaurin). The next one, (κ_{k+1} − κ_k)/720 with the fourth
  /// cumulants κ, is no part of the estimate: its magnitude is added to the error as what the ladder is too coarse for.
  public func thermodynamicIntegral() -> PartitionEstimate {
    let whole = integral()
    // The jackknife over batches.
    let values = batches > 1 ? integralsWithoutABatch() : []
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let variance = spread * Double(batches - 1) / Double(batches)
    return PartitionEstimate(
      method: "integration", estimate: logBase + whole.sum,
      standardError: batches > 1
        ? (variance + whole.remainder * whole.remainder).squareRoot() : .infinity,
      effectiveSampleSize: mixing?.effectiveSampleSize)
  }

  private func integral() -> (sum: Double, remainder: Double) {
    var sum = 0.0, remainder = 0.0
    for (lower, upper) in zip(lowerWorks, upperWorks) {
      let (below, above) = (WorkCumulants(lower), WorkCumulants(upper))
      sum += -(below.mean + above.mean) / 2 + (below.variance - above.variance) / 12
      remainder += abs(above.fourth - below.fourth) / 720
    }
    return (sum, remainder)
  }

  /// What the integral would be without each batch: from sums of the batches, or many chains would take for ever.
  private func integralsWithoutABatch() -> [Double] {
    var sums = [Double](repeating: 0, count: batches)
    let batchOf = (0..<(chains * rounds)).map(batch(of:))
    for (lower, upper) in zip(lowerWorks, upperWorks) {
      let below = BatchedWorks(lower, batchOf: batchOf, batches: batches)
      let above = BatchedWorks(upper, batchOf: batchOf, batches: batches)
      for left in sums.indices {
        let (below, above) = (below.cumulants(without: left), above.cumulants(without: left))
        sums[left] += -(below.mean + above.mean) / 2 + (below.variance - above.variance) / 12
      }
    }
    return sums
  }

  /// Parts in time that a chain is cut into, so that there are at least 20 batches.
  private var segments: Int { min(max((19 + chains) / chains, 1), rounds) }
  private var batches: Int { chains * segments }

  /// The batch of a work.
  private func batch(of index: Int) -> Int {
    let (round, chain) = (index / chains, index % chains)
    return min(round * segments / rounds, segments - 1) * chains + chain
  }
}

/// A sum of logarithms of means, in nats.
public struct LogMean: Sendable {
  public let value: Double
  public let standardError: Double
}

/// What batches of samples add to an estimate, to first order; all of it adds up to zero.
private struct BatchSums {
  private var sums: [Double]

  init(_ count: Int) { sums = [Double](repeating: 0, count: count) }

  mutating func add(_ influence: Double, to batch: Int) { sums[batch] += influence }

  /// √(B/(B − 1)·Σ sums²); nothing is known of it from one batch.
  var standardError: Double {
    guard sums.count > 1 else { return .infinity }
    let squares = sums.reduce(0) { $0 + $1 * $1 }
    return (squares * Double(sums.count) / Double(sums.count - 1)).squareRoot()
  }
}

/// The first cumulants of works.
private struct WorkCumulants {
  let mean: Double
  let variance: Double
  let fourth: Double

  init(_ works: [Double]) {
    let count = Double(max(works.count, 1))
    let center = works.reduce(0, +) / count
    var second = 0.0, power = 0.0
    for work in works {
      let square = (work - center) * (work - center)
      second += square
      power += square * square
    }
    mean = center
    variance = second / max(count - 1, 1)
    fourth = power / count - 3 * (second / count) * (second / count)
  }
}

/// Sums of works, batch by batch, about the mean of all: what is left without a batch is a difference of two sums
/// that are none of large numbers.
private struct BatchedWorks {
  private let center: Double
  private var counts: [Double]
  private var sums: [Double]
  private var squares: [Double]
  private let total: (count: Double, sum: Double, square: Double)

  init(_ works: [Double], batchOf: [Int], batches: Int) {
    center = works.reduce(0, +) / Double(works.count)
    counts = [Double](repeating: 0, count: batches)
    (sums, squares) = (counts, counts)
    for (index, work) in works.enumerated() {
      let (batch, distance) = (batchOf[index], work - center)
      counts[batch] += 1
      sums[batch] += distance
      squares[batch] += distance * distance
    }
    total = (Double(works.count), sums.reduce(0, +), squares.reduce(0, +))
  }

  func cumulants(without batch: Int) -> (mean: Double, variance: Double) {
    let count = total.count - counts[batch], sum = total.sum - sums[batch]
    let square = total.square - squares[batch] - sum * sum / max(count, 1)
    return (center + sum / max(count, 1), square / max(count - 1, 1))
  }
}
