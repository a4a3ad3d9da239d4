extension ReferenceRBM {
  /// The log-probability of one visible unit given all the others, in nats.
  ///
  /// Only two states agree with the others, v and v with unit i flipped; Z cancels from their ratio:
  /// ```
  /// log P(v_i | v_−i) = log [P(v) / (P(v) + P(v flipped at i))] = −softplus(F(v) − F(v flipped at i))
  /// ```
  public func logConditional(ofUnit i: Int, in visible: [Double]) -> Double {
    var flipped = visible
    flipped[i] = 1 - visible[i]
    return -softplus(freeEnergy(visible: visible) - freeEnergy(visible: flipped))
  }

  /// The log pseudo-likelihood of a visible state, in nats.
  /// ```
  /// Σ_i log P(v_i | v_−i)
  /// ```
  /// Source: Besag, "Statistical analysis of non-lattice data", 1975.
  public func pseudoLogLikelihood(of visible: [Double]) -> Double {
    sum((0..<visibleCount).map { logConditional(ofUnit: $0, in: visible) })
  }

  /// An estimate of the log pseudo-likelihood from a single flip, in nats.
  /// ```
  /// m · log P(v_i | v_−i)
  /// ```
  /// With i drawn uniformly from the m units, its expectation is the log pseudo-likelihood.
  public func pseudoLogLikelihoodEstimate(of visible: [Double], flipping i: Int) -> Double {
    Double(visibleCount) * logConditional(ofUnit: i, in: visible)
  }
}
