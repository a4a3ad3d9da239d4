internal import Foundation

// Exact sums. One layer is summed over, the other has its log-normaliser in closed form. The layer with fewer states
// is summed; real units, which have infinitely many, take part as the other layer. Where both layers have real
// units there is a closed form if all are Gaussian, and else a grid, if one layer has no more than two.

extension ReferenceLayeredRBM {
  /// log Z in nats; nil where the machine has none, none is shown (`isNormalizable`), or no sum is feasible.
  public func logPartition() -> Double? {
    if let pair = GaussianPair(self) { return pair.logPartition }
    return summable.map { $0.machine.logPartition(over: $0.machine.visible.states()) }
  }

  /// The averages over the model; nil where there are none.
  public func modelMoments() -> ReferenceMoments? {
    if let pair = GaussianPair(self) { return pair.moments }
    return summable.map { machine, isMirrored in
      let moments = machine.modelMoments(over: machine.visible.states())
      return isMirrored ? moments.mirrored : moments
    }
  }

  /// The gradient of the mean log-likelihood of weighted samples, exactly; nil where there is none.
  public func exactGradient(
    _ samples: [[Double]], rowWeights: [Double]? = nil
  ) -> ReferenceLayeredGradient? {
    modelMoments().map {
      ReferenceLayeredGradient(of: self, data: moments(of: samples, rowWeights: rowWeights), model: $0)
    }
  }

  /// The mean log-likelihood of weighted samples, in nats: of real units the log-density.
  public func meanLogLikelihood(of samples: [[Double]], rowWeights: [Double]? = nil) -> Double? {
    let energies = samples.map { [freeEnergy(visible: $0)] }
    return logPartition().map {
      -weightedMean(energies, rowWeights ?? samples.map { _ in 1 })[0] - $0
    }
  }
}

// MARK: Over given states

extension ReferenceLayeredRBM {
  /// log Z as a sum over these visible states, in nats.
  /// ```
  /// log Z = log Σ_v w_v e^{−F(v)}
  /// ```
  public func logPartition(over visibles: ReferenceStates) -> Double {
    logSumExp(zip(visibles.states, visibles.logWeights).map { $1 - freeEnergy(visible: $0) })
  }

  /// The probability of each of these visible states (of a grid, of its cell), `[state]`.
  public func probabilities(of visibles: ReferenceStates) -> [Double] {
    let logZ = logPartition(over: visibles)
    return zip(visibles.states, visibles.logWeights).map { exp($1 - freeEnergy(visible: $0) - logZ) }
  }

  /// The averages over the model, as a sum over these visible states.
  public func modelMoments(over visibles: ReferenceStates) -> ReferenceMoments {
    moments(of: visibles.states, rowWeights: probabilities(of: visibles))
  }
}

// MARK: Which layer to sum

extension ReferenceLayeredRBM {
  /// Whether Z is known to be finite: always, unless both layers have real units.
  ///
  /// Then the quadratic part of the energy in the real units must grow in every direction:
  /// ```
  /// [ Γ_v   −W  ]
  /// [ −Wᵀ   Γ_h ]   is positive definite
  /// ```
  /// For Gaussian units that is necessary too; relu units keep to x ≥ 0, where less might do.
  public var isNormalizable: Bool { choleskyFactor(realPrecision) != nil }

  /// The matrix above, for the real columns of the visible layer, then those of the hidden layer.
  var realPrecision: [[Double]] {
    let v = visible.isReal.indices.filter { visible.isReal[$0] }
    let h = hidden.isReal.indices.filter { hidden.isReal[$0] }
    let upper = v.map { i in v.map { i == $0 ? visible.precision[i] : 0 } + h.map { -weights[i][$0] } }
    let lower = h.map { j in v.map { -weights[$0][j] } + h.map { j == $0 ? hidden.precision[j] : 0 } }
    return upper + lower
  }

  /// The machine with the layer of fewer states on the visible side; nil where Z is not known to be finite, or the
  /// states are too many.
  private var summable: (machine: ReferenceLayeredRBM, isMirrored: Bool)? {
    guard isNormalizable, min(visible.cost, hidden.cost) <= 0x1p20 else { return nil }
    return visible.cost <= hidden.cost ? (self, false) : (mirrored, true)
  }
}

extension ReferenceLayer {
  /// The states to sum: of a real unit some 2⁸ nodes of a grid, so that a layer has at most two of them.
  fileprivate var cost: Double {
    ReferenceLayer(blocks.filter { !$0.kind.isReal }).stateCount
      * exp2(8.5 * Double(isReal.count { $0 }))
  }
}
