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
  public func bennett() -> PartitionEstimate {
    let ratios = zip(lowerWorks, upperWorks).map { BennettRatio(lower: $0, upper: $1) }
    var sums = [Double](repeating: 0, count: batches)
    for ratio in ratios {
      for (index, (lower, upper)) in zip(ratio.lowerInfluences, ratio.upperInfluences).enumerated() {
        sums[batch(of: index)] += lower + upper
      }
    }
    // The influences of all works add up to zero.
    let variance = sums.reduce(0) { $0 + $1 * $1 } * Double(batches) / Double(max(batches - 1, 1))
    return PartitionEstimate(
      method: "tempering", estimate: logBase + ratios.reduce(0) { $0 + $1.logRatio },
      standardError: batches > 1 ? variance.squareRoot() : .infinity,
      effectiveSampleSize: mixing?.effectiveSampleSize)
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
    let whole = integral { _ in true }
    let values = batches > 1 ? (0..<batches).map { left in integral { batch(of: $0) != left }.sum } : []
    // The jackknife over batches.
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let variance = spread * Double(batches - 1) / Double(batches)
    return PartitionEstimate(
      method: "integration", estimate: logBase + whole.sum,
      standardError: batches > 1
        ? (variance + whole.remainder * whole.remainder).squareRoot() : .infinity,
      effectiveSampleSize: mixing?.effectiveSampleSize)
  }

  private func integral(_ isIncluded: (_ index: Int) -> Bool) -> (sum: Double, remainder: Double) {
    var sum = 0.0, remainder = 0.0
    for (lower, upper) in zip(lowerWorks, upperWorks) {
      let indices = lower.indices.filter(isIncluded)
      let (below, above) = (
        WorkCumulants(indices.map { lower[$0] }), WorkCumulants(indices.map { upper[$0] })
      )
      sum += -(below.mean + above.mean) / 2 + (below.variance - above.variance) / 12
      remainder += abs(above.fourth - below.fourth) / 720
    }
    return (sum, remainder)
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
