internal import Foundation

// Sums over all states: of all units for Z, of the hidden units for P(v).

extension ReferenceBoltzmannMachine {
  /// The states of some units in the order of the binary numbers.
  private func states(_ count: Int, of kind: Kind) -> [[Double]] {
    BinaryStates(unitCount: count).map { $0.map { $0 == 1 ? kind.high : kind.low } }
  }

  /// All visible states; the unit in its higher value where the number's bit is set.
  public var visibleStates: [[Double]] { states(visibleCount, of: visibleKind) }

  /// All hidden states.
  public var hiddenStates: [[Double]] { states(hiddenCount, of: hiddenKind) }

  /// All joint states, visibles first: 2ᵐ⁺ⁿ of them, the visibles' bits lowest.
  public var jointStates: [[Double]] {
    hiddenStates.flatMap { hidden in visibleStates.map { $0 + hidden } }
  }

  /// The log partition function, in nats.
  /// ```
  /// log Z = log Σ_v Σ_h e^{−E(v, h)}
  /// ```
  public func logPartition() -> Double { logSumExp(jointStates.map { -energy(of: $0) }) }

  /// P(v, h) of every joint state, in the order of `jointStates`.
  public func jointProbabilities() -> [Double] {
    let logZ = logPartition()
    return jointStates.map { exp(-energy(of: $0) - logZ) }
  }

  /// The free energy of a visible state, in nats: P(v) = e^{−F(v)} / Z.
  /// ```
  /// F(v) = −log Σ_h e^{−E(v, h)}
  /// ```
  /// Only for P = 0 is there a shorter form.
  public func freeEnergy(visible: [Double]) -> Double {
    -logSumExp(hiddenStates.map { -energy(visible: visible, hidden: $0) })
  }

  /// The mean log-likelihood of the samples, in nats per sample.
  public func meanLogLikelihood(of samples: [[Double]]) -> Double {
    -sum(samples.map { freeEnergy(visible: $0) }) / Double(samples.count) - logPartition()
  }
}

// MARK: Moments

/// E[x_a x_b] for a ≠ b and E[x_a] of some law over all units of a machine: what the log-likelihood's gradient is
/// made of. The diagonal of `pairs` is zero: it has no parameter.
public struct ReferencePairMoments: Equatable, Sendable {
  public var pairs: [[Double]]
  public var means: [Double]

  /// Of weighted states; the weights sum to 1.
  public init(states: [[Double]], weights: [Double]) {
    let units = states[0].indices
    means = units.map { a in sum(zip(states, weights).map { $0[a] * $1 }) }
    pairs = units.map { a in
      units.map { b in a == b ? 0 : sum(zip(states, weights).map { $0[a] * $0[b] * $1 }) }
    }
  }

  /// The difference, number by number.
  public static func - (a: Self, b: Self) -> Self {
    var result = a
    result.means = zip(a.means, b.means).map { $0 - $1 }
    result.pairs = zip(a.pairs, b.pairs).map { zip($0, $1).map { $0 - $1 } }
    return result
  }
}

extension ReferenceBoltzmannMachine {
  /// The moments of the machine itself.
  public func modelMoments() -> ReferencePairMoments {
    ReferencePairMoments(states: jointStates, weights: jointProbabilities())
  }

  /// The moments with the visible units at the samples and the hidden ones as P(h | v) has them.
  public func dataMoments(_ samples: [[Double]]) -> ReferencePairMoments {
    let hiddens = hiddenStates
    let joint = samples.flatMap { visible in hiddens.map { visible + $0 } }
    let weights = samples.flatMap { visible in
      let free = freeEnergy(visible: visible)
      return hiddens.map { exp(free - energy(visible: visible, hidden: $0)) / Double(samples.count) }
    }
    return ReferencePairMoments(states: joint, weights: weights)
  }

  /// The gradient of the mean log-likelihood of the samples, exactly.
  /// ```
  /// ∂L/∂coupling_ab = E_data[x_a x_b] − E_model[x_a x_b]        ∂L/∂bias_a = E_data[x_a] − E_model[x_a]
  /// ```
  /// coupling_ab and coupling_ba are one parameter: both entries of the symmetric matrix move together.
  public func exactGradient(_ samples: [[Double]]) -> ReferencePairMoments {
    dataMoments(samples) - modelMoments()
  }
}
