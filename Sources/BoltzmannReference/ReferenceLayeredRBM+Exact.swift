internal import Foundation

// Exact sums. One layer is summed over, the other has its log-normaliser in closed form. The layer with fewer states
// is summed; real units, which have infinitely many, take part as the other layer. Where both layers have real
// units there is a closed form if all are Gaussian, and else a grid, if one layer has no more than two of them.

extension ReferenceLayeredRBM {
  /// log Z in nats; nil where the machine has none, none is shown (`isNormalizable`), or no sum is feasible.
  public func logPartition() -> Double? {
    if let pair = GaussianPair(self) { return pair.logPartition }
    return summable.map { $0.machine.logPartition(over: $0.machine.summedStates) }
  }

  /// The averages over the model; nil where there are none.
  public func modelMoments() -> ReferenceMoments? {
    if let pair = GaussianPair(self) { return pair.moments }
    return summable.map { machine, isMirrored in
      let moments = machine.modelMoments(over: machine.summedStates)
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
    guard isNormalizable else { return nil }
    let visibleCount = visible.stateCount(radius: gridRadius)
    let hiddenCount = hidden.stateCount(radius: mirrored.gridRadius)
    guard min(visibleCount, hiddenCount) <= 0x1p20 else { return nil }
    return visibleCount <= hiddenCount ? (self, false) : (mirrored, true)
  }

  /// The states to sum over on the visible side.
  private var summedStates: ReferenceStates { visible.states(radius: gridRadius) }

  /// How far from 0 a grid must reach, in deviations 1/√γ of the visible real units.
  ///
  /// Given the discrete units, the real units x of both layers have the density e^{θᵀx − ½xᵀAx}, A as above, on all
  /// of space or where some are ≥ 0. At its peak x*ᵀ(Ax* − θ) = 0, so that
  /// ```
  /// |x*_i| ≤ √(A⁻¹_ii · θᵀA⁻¹θ)
  /// ```
  /// and from there it falls at least like a Gaussian of covariance A⁻¹: 12 of its deviations leave out e^{−72}.
  private var gridRadius: Double {
    guard let factor = choleskyFactor(realPrecision) else { return .infinity }
    let covariance = inverse(factor).map { $0.map(abs) }
    let theta = largestFields + mirrored.largestFields
    let peak = dot(theta, covariance.map { dot($0, theta) }).squareRoot()
    let precision = visible.precision.indices.filter { visible.isReal[$0] }.map { visible.precision[$0] }
    return precision.indices.reduce(1) {
      max($0, (precision[$1] * covariance[$1][$1]).squareRoot() * (peak + 12))
    }
  }

  /// The largest |θ| of every real visible unit: its bias, and its weights to discrete units of states within ±1.
  private var largestFields: [Double] {
    visible.bias.indices.filter { visible.isReal[$0] }.map { i in
      hidden.isReal.indices.reduce(abs(visible.bias[i])) {
        $0 + (hidden.isReal[$1] ? 0 : abs(weights[i][$1]))
      }
    }
  }
}
