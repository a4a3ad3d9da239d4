/// The general Boltzmann machine, in plain loops: every pair of units may be coupled.
///
/// m visible units v and n hidden units h, each 0 or 1 (or −1 or 1), have the energy
/// ```
/// E(v, h) = −Σ_i b_i v_i − Σ_j c_j h_j − Σ_ij v_i W_ij h_j − ½ Σ_ik v_i U_ik v_k − ½ Σ_jl h_j P_jl h_l
/// P(v, h) = e^{−E(v, h)} / Z
/// ```
/// U and P are symmetric with zero diagonal; the factor ½ makes up for every pair standing in the sum twice. With
/// U = P = 0 it is the restricted machine of `ReferenceRBM`; with n = 0 it is fully visible.
///
/// Units of a layer are no longer independent given the other layer. What was a product of sums there is a sum over
/// all 2ⁿ states here (`ReferenceBoltzmannMachine+Enumeration.swift`); units are drawn one at a time
/// (`+Sampling`); and means that factorise are only an approximation (`+MeanField`).
///
/// Source: Ackley, Hinton & Sejnowski, "A learning algorithm for Boltzmann machines", 1985.
public struct ReferenceBoltzmannMachine: Equatable, Sendable {
  /// The two values of a unit.
  public enum Kind: Equatable, Sendable {
    /// 0 and 1
    case bernoulli
    /// −1 and +1
    case spin

    public var low: Double { self == .bernoulli ? 0 : -1 }
    public var high: Double { 1 }
  }

  /// The visible biases b, `[visible]`.
  public var visibleBias: [Double]
  /// The hidden biases c, `[hidden]`.
  public var hiddenBias: [Double]
  /// The weights W, `[visible][hidden]`.
  public var weights: [[Double]]
  /// The couplings U among the visible units, `[visible][visible]`.
  public var visibleCouplings: [[Double]]
  /// The couplings P among the hidden units, `[hidden][hidden]`.
  public var hiddenCouplings: [[Double]]
  public var visibleKind: Kind
  public var hiddenKind: Kind

  public init(
    visibleBias: [Double], hiddenBias: [Double], weights: [[Double]], visibleCouplings: [[Double]],
    hiddenCouplings: [[Double]], visibleKind: Kind = .bernoulli, hiddenKind: Kind = .bernoulli
  ) {
    self.visibleBias = visibleBias
    self.hiddenBias = hiddenBias
    self.weights = weights
    self.visibleCouplings = visibleCouplings
    self.hiddenCouplings = hiddenCouplings
    self.visibleKind = visibleKind
    self.hiddenKind = hiddenKind
  }

  public var visibleCount: Int { visibleBias.count }
  public var hiddenCount: Int { hiddenBias.count }
  public var unitCount: Int { visibleCount + hiddenCount }
}

// MARK: Energy

extension ReferenceBoltzmannMachine {
  /// The energy of a joint state, in nats, term by term.
  public func energy(visible: [Double], hidden: [Double]) -> Double {
    var energy = -dot(visibleBias, visible) - dot(hiddenBias, hidden)
    for i in 0..<visibleCount { energy -= visible[i] * dot(weights[i], hidden) }
    for i in 0..<visibleCount { energy -= 0.5 * visible[i] * dot(visibleCouplings[i], visible) }
    for j in 0..<hiddenCount { energy -= 0.5 * hidden[j] * dot(hiddenCouplings[j], hidden) }
    return energy
  }

  /// The energy of a state of all units, visibles first.
  public func energy(of state: [Double]) -> Double {
    energy(visible: Array(state[..<visibleCount]), hidden: Array(state[visibleCount...]))
  }
}

// MARK: All units in one row, visibles first

extension ReferenceBoltzmannMachine {
  public func kind(_ unit: Int) -> Kind { unit < visibleCount ? visibleKind : hiddenKind }

  public func bias(_ unit: Int) -> Double {
    unit < visibleCount ? visibleBias[unit] : hiddenBias[unit - visibleCount]
  }

  /// What couples two units: an entry of U, W or P.
  public func coupling(_ a: Int, _ b: Int) -> Double {
    let m = visibleCount
    switch (a < m, b < m) {
    case (true, true): return visibleCouplings[a][b]
    case (true, false): return weights[a][b - m]
    case (false, true): return weights[b][a - m]
    case (false, false): return hiddenCouplings[a - m][b - m]
    }
  }

  /// What a unit receives from all others.
  /// ```
  /// I_a = bias_a + Σ_b coupling_ab x_b
  /// ```
  public func input(of unit: Int, in state: [Double]) -> Double {
    (0..<unitCount).reduce(bias(unit)) { $0 + coupling(unit, $1) * state[$1] }
  }

  /// The probability that a unit takes its higher value, given all others.
  /// ```
  /// P(x_a = high | x_−a) = σ((high − low)·I_a)
  /// ```
  /// The two states differ in energy by (high − low)·I_a; Z cancels.
  public func probabilityOfHigh(_ unit: Int, in state: [Double]) -> Double {
    logistic((kind(unit).high - kind(unit).low) * input(of: unit, in: state))
  }
}
