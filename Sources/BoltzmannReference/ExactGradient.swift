extension ReferenceRBM {
  /// The positive phase of a minibatch: the samples as they are, with their hidden means.
  public func dataPhase(_ minibatch: ReferenceMinibatch) -> ReferencePhase {
    ReferencePhase(
      visibles: minibatch.samples, hiddens: minibatch.samples.map { hiddenMeans(given: $0) },
      rowWeights: minibatch.rowWeights)
  }

  /// The negative phase exactly: every state of the smaller layer, weighted with its probability.
  ///
  /// Means can stand for the states of the other layer, because given one layer the averages factorise:
  /// ```
  /// E[v hᵀ] = Σ_h P(h) E[v | h] hᵀ = Σ_v P(v) v E[h | v]ᵀ
  /// ```
  public func modelPhase() -> ReferencePhase {
    hiddenCount <= visibleCount ? modelPhaseByHiddens() : modelPhaseByVisibles()
  }

  private func modelPhaseByHiddens() -> ReferencePhase {
    let hiddens = Array(BinaryStates(unitCount: hiddenCount))
    return ReferencePhase(
      visibles: hiddens.map { visibleMeans(given: $0) }, hiddens: hiddens, rowWeights: hiddenProbabilities())
  }

  private func modelPhaseByVisibles() -> ReferencePhase {
    let visibles = Array(BinaryStates(unitCount: visibleCount))
    return ReferencePhase(
      visibles: visibles, hiddens: visibles.map { hiddenMeans(given: $0) },
      rowWeights: visibleProbabilities())
  }

  /// Both phases exactly, for machines small enough to enumerate.
  public func exactPhases(_ minibatch: ReferenceMinibatch) -> ReferencePhases {
    ReferencePhases(positive: dataPhase(minibatch), negative: modelPhase())
  }

  /// The gradient of the mean log-likelihood of the samples, exactly, in nats per unit of the parameter.
  /// ```
  /// ∂/∂W = E[v hᵀ | data] − E_model[v hᵀ]      ∂/∂b = E[v | data] − E_model[v]      ∂/∂c = E[h | data] − E_model[h]
  /// ```
  public func exactGradient(_ minibatch: ReferenceMinibatch) -> ReferenceGradient {
    exactPhases(minibatch).gradient(around: .zero(like: self))
  }
}

// MARK: Finite differences

extension ReferenceRBM {
  /// The gradient of any function of the parameters, by moving each parameter a little to both sides.
  /// ```
  /// ∂f/∂θ ≈ [f(θ + ε) − f(θ − ε)] / 2ε
  /// ```
  /// The error is about ε²·f‴/6 from the curve and 10⁻¹⁶·|f|/ε from rounding.
  public func finiteDifferences(
    step: Double = 1e-5, of function: (ReferenceRBM) -> Double
  ) -> ReferenceGradient {
    func derivative(_ parameter: WritableKeyPath<ReferenceRBM, Double>) -> Double {
      var above = self
      var below = self
      above[keyPath: parameter] += step
      below[keyPath: parameter] -= step
      return (function(above) - function(below)) / (2 * step)
    }
    return ReferenceGradient(
      weights: weights.indices.map { i in hiddenBias.indices.map { j in derivative(\.weights[i][j]) } },
      visibleBias: visibleBias.indices.map { i in derivative(\.visibleBias[i]) },
      hiddenBias: hiddenBias.indices.map { j in derivative(\.hiddenBias[j]) })
  }
}
