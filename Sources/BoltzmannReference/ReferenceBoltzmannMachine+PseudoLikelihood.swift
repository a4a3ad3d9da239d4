extension ReferenceBoltzmannMachine {
  /// The log pseudo-likelihood of a state of a fully visible machine, in nats.
  /// ```
  /// Σ_i log P(v_i | v_−i) = −Σ_i softplus(∓(high − low)·I_i)        − where v_i is high, + where it is low
  /// ```
  /// Source: Besag 1975.
  public func pseudoLogLikelihood(of visible: [Double]) -> Double {
    precondition(hiddenCount == 0, "with hiddens the conditionals are no closed form")
    return sum(
      (0..<visibleCount).map { i in
        let logOdds = (visibleKind.high - visibleKind.low) * input(of: i, in: visible)
        return -softplus(visible[i] == visibleKind.high ? -logOdds : logOdds)
      })
  }

  /// The gradient of the mean log pseudo-likelihood of samples.
  /// ```
  /// r_i = v_i − E[v_i | v_−i]        ∂/∂bias_i = ⟨r_i⟩        ∂/∂coupling_ik = ⟨r_i v_k + v_i r_k⟩
  /// ```
  /// A coupling acts in the conditionals of both of its units.
  public func pseudoLikelihoodGradient(_ samples: [[Double]]) -> ReferencePairMoments {
    let share = [Double](repeating: 1 / Double(samples.count), count: samples.count)
    var gradient = ReferencePairMoments(states: samples, weights: share)
    let residuals = samples.map { v in v.indices.map { v[$0] - meanFieldMean(of: $0, given: v) } }
    for i in 0..<visibleCount {
      gradient.means[i] = sum(residuals.map { $0[i] }) / Double(samples.count)
      for k in 0..<visibleCount where k != i {
        let terms = zip(residuals, samples).map { r, v in r[i] * v[k] + v[i] * r[k] }
        gradient.pairs[i][k] = sum(terms) / Double(samples.count)
      }
    }
    return gradient
  }
}
