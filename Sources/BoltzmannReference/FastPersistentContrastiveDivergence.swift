extension ReferenceRBM {
  /// The machine with other parameters added to its own.
  public func adding(_ other: ReferenceGradient) -> ReferenceRBM {
    ReferenceRBM(
      weights: zip(weights, other.weights).map { zip($0, $1).map { $0 + $1 } },
      visibleBias: zip(visibleBias, other.visibleBias).map { $0 + $1 },
      hiddenBias: zip(hiddenBias, other.hiddenBias).map { $0 + $1 })
  }

  /// The phases of fast persistent contrastive divergence: chains of the machine plus fast parameters φ.
  /// ```
  /// chains: k Gibbs steps of θ + φ      φ ← (19/20)·φ + rate·(⟨−∂E/∂θ⟩_data − ⟨−∂E/∂θ⟩_chains)
  /// ```
  /// Where the chains linger, φ raises the energy for a while, and drives them on. The data's hidden means are those
  /// of the machine alone, the chains' those of θ + φ.
  ///
  /// Source: Tieleman & Hinton, "Using fast weights to improve persistent contrastive divergence", ICML 2009.
  public func fastPersistentContrastiveDivergence(
    _ minibatch: ReferenceMinibatch, chains: inout [[Double]], fast: inout ReferenceGradient, rate: Double,
    steps: Int, firstStep: Int, random: ReferenceRandom
  ) -> ReferencePhases {
    let sampler = adding(fast)
    for chain in chains.indices {
      chains[chain] = sampler.gibbsChain(
        from: chains[chain], steps: steps, row: chain, firstStep: firstStep, random: random)
    }
    let phases = ReferencePhases(
      positive: dataPhase(minibatch), negative: sampler.dataPhase(ReferenceMinibatch(chains)))
    fast = fast.combined(with: phases.gradient(around: .zero(like: self))) { 0.95 * $0 + rate * $1 }
    return phases
  }
}
