internal import Foundation

// What can be had exactly when one of the layers is small: sums over all of its states. Summing the other
// layer out is free of charge (the free energy), so 2ⁿ or 2ᵐ terms suffice, not 2ᵐ⁺ⁿ.

extension ReferenceRBM {
  /// The log partition function, summed over the layer with fewer units, in nats.
  public func logPartition() -> Double {
    hiddenCount <= visibleCount ? logPartitionByHiddens() : logPartitionByVisibles()
  }

  /// The log partition function as a sum over the 2ⁿ hidden states, in nats.
  /// ```
  /// log Z = log Σ_h e^{−F(h)}
  /// ```
  public func logPartitionByHiddens() -> Double {
    logSumExp(BinaryStates(unitCount: hiddenCount).map { -freeEnergy(hidden: $0) })
  }

  /// The log partition function as a sum over the 2ᵐ visible states, in nats.
  /// ```
  /// log Z = log Σ_v e^{−F(v)}
  /// ```
  public func logPartitionByVisibles() -> Double {
    logSumExp(BinaryStates(unitCount: visibleCount).map { -freeEnergy(visible: $0) })
  }
}

// MARK: Tables of probabilities

extension ReferenceRBM {
  /// P(v) of every visible state, in the order of `BinaryStates`.
  public func visibleProbabilities() -> [Double] {
    let logZ = logPartition()
    return BinaryStates(unitCount: visibleCount).map { exp(-freeEnergy(visible: $0) - logZ) }
  }

  /// P(h) of every hidden state, in the order of `BinaryStates`.
  public func hiddenProbabilities() -> [Double] {
    let logZ = logPartition()
    return BinaryStates(unitCount: hiddenCount).map { exp(-freeEnergy(hidden: $0) - logZ) }
  }

  /// P(v, h) of every joint state, `[visible state][hidden state]`.
  public func jointProbabilities() -> [[Double]] {
    let logZ = logPartition()
    let hiddens = BinaryStates(unitCount: hiddenCount)
    return BinaryStates(unitCount: visibleCount).map { visible in
      hiddens.map { hidden in exp(-energy(visible: visible, hidden: hidden) - logZ) }
    }
  }
}

// MARK: Likelihood

extension ReferenceRBM {
  /// The mean log-likelihood of the samples, exactly, in nats per sample.
  /// ```
  /// 1/B Σ_s log P(v_s) = −1/B Σ_s F(v_s) − log Z
  /// ```
  public func meanLogLikelihood(of samples: [[Double]]) -> Double {
    -sum(samples.map { freeEnergy(visible: $0) }) / Double(samples.count) - logPartition()
  }
}
