/// The restricted Boltzmann machine with binary units, in plain loops.
///
/// m visible units v and n hidden units h, each 0 or 1, have the energy
/// ```
/// E(v, h) = −Σ_i b_i v_i − Σ_j c_j h_j − Σ_ij v_i W_ij h_j          P(v, h) = e^{−E(v, h)} / Z
/// ```
/// There are no weights within a layer. Hence, given one layer, the units of the other are independent, and
/// sums over a whole layer factorise: both facts are used on every page that follows.
///
/// A reader new to the subject may go on in this order: sampling (`Sampling.swift`), the partition function
/// by brute force (`Enumeration.swift`), the gradient of the log-likelihood (`GradientPhases.swift`,
/// `ExactGradient.swift`), how to estimate it (`ContrastiveDivergence.swift`), how to follow it
/// (`ReferenceLearner.swift`), and how to estimate Z (`AnnealedImportanceSampling.swift`).
///
/// Source: Smolensky 1986; Hinton, "A practical guide to training restricted Boltzmann machines", 2010.
public struct ReferenceRBM: Equatable, Sendable {
  /// The weights W, `[visible][hidden]`.
  public var weights: [[Double]]
  /// The visible biases b, `[visible]`.
  public var visibleBias: [Double]
  /// The hidden biases c, `[hidden]`.
  public var hiddenBias: [Double]

  public init(weights: [[Double]], visibleBias: [Double], hiddenBias: [Double]) {
    precondition(
      weights.count == visibleBias.count && weights.allSatisfy { $0.count == hiddenBias.count },
      "weights must be \(visibleBias.count) rows of \(hiddenBias.count)")
    self.weights = weights
    self.visibleBias = visibleBias
    self.hiddenBias = hiddenBias
  }

  /// A machine with all parameters zero: every state is equally likely.
  public init(visibleCount: Int, hiddenCount: Int) {
    self.init(
      weights: Array(repeating: Array(repeating: 0, count: hiddenCount), count: visibleCount),
      visibleBias: Array(repeating: 0, count: visibleCount),
      hiddenBias: Array(repeating: 0, count: hiddenCount))
  }

  /// The number m of visible units.
  public var visibleCount: Int { visibleBias.count }
  /// The number n of hidden units.
  public var hiddenCount: Int { hiddenBias.count }
}

// MARK: Energy

extension ReferenceRBM {
  /// The energy of a joint state, in nats.
  /// ```
  /// E(v, h) = −bᵀv − cᵀh − vᵀWh
  /// ```
  public func energy(visible: [Double], hidden: [Double]) -> Double {
    -dot(visibleBias, visible) - dot(hiddenInputs(given: visible), hidden)
  }

  /// What each hidden unit receives from a visible state: its log-odds of being on.
  /// ```
  /// x_j = c_j + Σ_i v_i W_ij
  /// ```
  public func hiddenInputs(given visible: [Double]) -> [Double] {
    precondition(visible.count == visibleCount, "a visible state has \(visibleCount) values")
    var inputs = hiddenBias
    for i in 0..<visibleCount {
      for j in 0..<hiddenCount {
        inputs[j] += visible[i] * weights[i][j]
      }
    }
    return inputs
  }

  /// What each visible unit receives from a hidden state: its log-odds of being on.
  /// ```
  /// y_i = b_i + Σ_j W_ij h_j
  /// ```
  public func visibleInputs(given hidden: [Double]) -> [Double] {
    precondition(hidden.count == hiddenCount, "a hidden state has \(hiddenCount) values")
    return (0..<visibleCount).map { i in visibleBias[i] + dot(weights[i], hidden) }
  }
}

// MARK: Conditionals

extension ReferenceRBM {
  /// The probability of each hidden unit to be on, given the visible state.
  /// ```
  /// P(h_j = 1 | v) = σ(c_j + Σ_i v_i W_ij)
  /// ```
  public func hiddenMeans(given visible: [Double]) -> [Double] {
    hiddenInputs(given: visible).map(logistic)
  }

  /// The probability of each visible unit to be on, given the hidden state.
  /// ```
  /// P(v_i = 1 | h) = σ(b_i + Σ_j W_ij h_j)
  /// ```
  public func visibleMeans(given hidden: [Double]) -> [Double] {
    visibleInputs(given: hidden).map(logistic)
  }
}

// MARK: Free energy

extension ReferenceRBM {
  /// The free energy of a visible state, in nats: the energy with the hidden layer summed out.
  ///
  /// Given v the hidden units are independent, so the sum over the 2ⁿ hidden states is a product of n sums
  /// over one unit each, 1 + e^{x_j}:
  /// ```
  /// F(v) = −log Σ_h e^{−E(v, h)} = −bᵀv − Σ_j softplus(c_j + Σ_i v_i W_ij)          P(v) = e^{−F(v)} / Z
  /// ```
  public func freeEnergy(visible: [Double]) -> Double {
    -dot(visibleBias, visible) - sum(hiddenInputs(given: visible).map(softplus))
  }

  /// The free energy of a hidden state, in nats: the mirror image, with the visible layer summed out.
  /// ```
  /// F(h) = −log Σ_v e^{−E(v, h)} = −cᵀh − Σ_i softplus(b_i + Σ_j W_ij h_j)          P(h) = e^{−F(h)} / Z
  /// ```
  public func freeEnergy(hidden: [Double]) -> Double {
    -dot(hiddenBias, hidden) - sum(visibleInputs(given: hidden).map(softplus))
  }
}
