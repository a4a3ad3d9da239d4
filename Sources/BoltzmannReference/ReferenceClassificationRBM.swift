internal import Foundation

/// The classification machine, in plain loops: a restricted Boltzmann machine of an input v and its class y.
///
/// The class is one of C. Written as C units of which exactly one is on, it is a second visible layer:
/// ```
/// E(v, y, h) = −Σ_i b_i v_i − Σ_j c_j h_j − d_y − Σ_ij v_i W_ij h_j − Σ_j U_yj h_j
/// P(v, y, h) = e^{−E(v, y, h)} / Z
/// ```
/// Summing the hidden units out gives P(v, y) up to Z, and Z falls out of P(y | v): what a machine believes of the
/// class of an input is exact at the cost of C sums over its hidden units.
///
/// Source: Larochelle & Bengio, "Classification using discriminative restricted Boltzmann machines", ICML 2008.
public struct ReferenceClassificationRBM: Equatable, Sendable {
  /// The weights W, `[visible][hidden]`.
  public var weights: [[Double]]
  /// The weights U of the classes, `[class][hidden]`.
  public var classWeights: [[Double]]
  /// The visible biases b, `[visible]`.
  public var visibleBias: [Double]
  /// The hidden biases c, `[hidden]`.
  public var hiddenBias: [Double]
  /// The biases d of the classes, `[class]`.
  public var classBias: [Double]

  public init(
    weights: [[Double]], classWeights: [[Double]], visibleBias: [Double], hiddenBias: [Double],
    classBias: [Double]
  ) {
    precondition(
      weights.count == visibleBias.count && classWeights.count == classBias.count
        && (weights + classWeights).allSatisfy { $0.count == hiddenBias.count },
      "weights must be \(visibleBias.count) and \(classBias.count) rows of \(hiddenBias.count)")
    self.weights = weights
    self.classWeights = classWeights
    self.visibleBias = visibleBias
    self.hiddenBias = hiddenBias
    self.classBias = classBias
  }

  public var visibleCount: Int { visibleBias.count }
  public var hiddenCount: Int { hiddenBias.count }
  public var classCount: Int { classBias.count }
}

// MARK: Energy

extension ReferenceClassificationRBM {
  /// The energy of a joint state, in nats.
  public func energy(visible: [Double], class y: Int, hidden: [Double]) -> Double {
    -dot(visibleBias, visible) - classBias[y] - dot(hiddenInputs(given: visible, class: y), hidden)
  }

  /// What each hidden unit receives from an input and its class: its log-odds of being on.
  /// ```
  /// o_yj = c_j + U_yj + Σ_i v_i W_ij
  /// ```
  public func hiddenInputs(given visible: [Double], class y: Int) -> [Double] {
    var inputs = hiddenBias
    for j in 0..<hiddenCount {
      inputs[j] += classWeights[y][j]
      for i in 0..<visibleCount { inputs[j] += visible[i] * weights[i][j] }
    }
    return inputs
  }

  /// The free energy of an input with its class, the hidden units summed out, in nats.
  /// ```
  /// F(v, y) = −bᵀv − d_y − Σ_j softplus(o_yj)          P(v, y) = e^{−F(v, y)} / Z
  /// ```
  public func freeEnergy(visible: [Double], class y: Int) -> Double {
    -dot(visibleBias, visible) - classBias[y] - sum(hiddenInputs(given: visible, class: y).map(softplus))
  }

  /// The free energy of an input, its class summed out too, in nats.
  /// ```
  /// F(v) = −log Σ_y e^{−F(v, y)}          P(v) = e^{−F(v)} / Z
  /// ```
  public func freeEnergy(visible: [Double]) -> Double {
    -logSumExp((0..<classCount).map { -freeEnergy(visible: visible, class: $0) })
  }
}

// MARK: Conditionals

extension ReferenceClassificationRBM {
  /// log P(y | v) = F(v) − F(v, y) of every class, in nats, `[class]`; b and Z cancel.
  public func classLogProbabilities(given visible: [Double]) -> [Double] {
    let free = freeEnergy(visible: visible)
    return (0..<classCount).map { free - freeEnergy(visible: visible, class: $0) }
  }

  /// P(y | v) of every class, `[class]`.
  public func classProbabilities(given visible: [Double]) -> [Double] {
    classLogProbabilities(given: visible).map { exp($0) }
  }

  /// P(y | h) ∝ e^{d_y + Σ_j U_yj h_j} of every class, `[class]`.
  public func classProbabilities(givenHidden hidden: [Double]) -> [Double] {
    let logits = (0..<classCount).map { classBias[$0] + dot(classWeights[$0], hidden) }
    return logits.map { exp($0 - logSumExp(logits)) }
  }

  /// P(h_j = 1 | v, y) = σ(o_yj), `[hidden]`.
  public func hiddenMeans(given visible: [Double], class y: Int) -> [Double] {
    hiddenInputs(given: visible, class: y).map(logistic)
  }

  /// P(v_i = 1 | h) = σ(b_i + Σ_j W_ij h_j), `[visible]`.
  public func visibleMeans(given hidden: [Double]) -> [Double] {
    (0..<visibleCount).map { logistic(visibleBias[$0] + dot(weights[$0], hidden)) }
  }
}

// MARK: By brute force

extension ReferenceClassificationRBM {
  /// The log partition function, summed over all inputs and classes, in nats.
  public func logPartition() -> Double {
    logSumExp(BinaryStates(unitCount: visibleCount).map { -freeEnergy(visible: $0) })
  }

  /// P(v, y) of every input and class, `[visible state][class]`, in the order of `BinaryStates`.
  public func jointProbabilities() -> [[Double]] {
    let logZ = logPartition()
    return BinaryStates(unitCount: visibleCount).map { visible in
      (0..<classCount).map { exp(-freeEnergy(visible: visible, class: $0) - logZ) }
    }
  }
}
