/// What several chains say of one observable, and whether they may be believed.
///
/// (Geyer 1992; Vehtari, Gelman, Simpson, Carpenter & Bürkner 2021.) Chains that are all caught in one mode agree
/// with one another: start them far apart.
public struct SeriesStatistics: Sendable {
  /// The mean over all draws.
  public let mean: Double
  /// √var⁺, the standard deviation of the law as far as the chains have seen it.
  public let standardDeviation: Double
  /// τ = 1 + 2 Σ ρ_t: so many draws are worth one independent one. Nil where nothing changes.
  public let autocorrelationTime: Double?
  /// The split R̂: the two halves of every chain as chains of their own.
  public let splitRHat: Double?
  /// The larger of the split R̂ of normal scores and of their distances from the median; below 1.01 is good.
  ///
  /// Nil where nothing changes, which is a failure, not a success.
  public let rankRHat: Double?
  /// Chains that stand still for one of their halves or both, while others move.
  public let frozenChains: Int
  /// Draws of all chains.
  public let draws: Int

  public init(_ traces: ChainTraces) {
    let halves = traces.halves, variances = ChainVariances(halves)
    mean = centerOf(traces.chains.flatMap { $0 })
    standardDeviation = variances.pooled.squareRoot()
    draws = traces.chains.count * traces.draws
    autocorrelationTime = Boltzmann.autocorrelationTime(halves)
    splitRHat = variances.rHat
    rankRHat = rankRHatOf(traces)
    frozenChains = variances.pooled > 0 ? frozen(halves) : 0
  }

  /// ESS = MN/τ.
  public var effectiveSampleSize: Double? { autocorrelationTime.map { Double(draws) / $0 } }

  /// The Monte Carlo standard error of the mean, sd/√ESS.
  public var standardError: Double? { effectiveSampleSize.map { standardDeviation / $0.squareRoot() } }
}

private func rankRHatOf(_ traces: ChainTraces) -> Double? {
  guard traces.chains.allSatisfy({ $0.allSatisfy { !$0.isNaN } }) else { return nil }
  let bulk = ChainVariances(traces.rankNormalized.halves).rHat
  // Two values at equal distances from their median fold into one: a constant says nothing then.
  let tail = ChainVariances(traces.folded.rankNormalized.halves).rHat
  return bulk.map { max($0, tail ?? $0) }
}

private func frozen(_ halves: [[Double]]) -> Int {
  stride(from: 0, to: halves.count, by: 2).count { first in
    [halves[first], halves[first + 1]].contains { half in half.allSatisfy { $0 == half[0] } }
  }
}
