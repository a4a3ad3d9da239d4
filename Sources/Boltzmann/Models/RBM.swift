public import BoltzmannCompute

/// A restricted Boltzmann machine: two layers of units, coupled by weights between the layers only.
/// ```
/// E(v, h) = −bᵀv − cᵀh − vᵀWh          P(v, h) = e^{−E(v, h)} / Z
/// F(v)    = −bᵀv − Σ_j Γ_j(vᵀW_{:j})   P(v)    = e^{−F(v)} / Z
/// ```
/// (Smolensky 1986; Hinton 2002). Γ_j is the hidden units' log-normaliser, log(1 + e^{c_j + I_j}) for binary
/// ones. The machine only computes inputs, one product a block; the layers answer from them.
public struct RBM: Sendable {
  public var visible: any Units
  public var hidden: any Units
  /// `[visible, hidden]`
  public var weights: Matrix { didSet { copies = WeightCopies() } }
  /// Copies of the weights that are kept beside them.
  var copies = WeightCopies()
  /// The visible bias of the base-rate machine, where annealing starts: the data's means as biases.
  public var referenceVisibleBias: [Float]?
  /// How products with states of zeros and ones are formed.
  public var products = ProductChoice.adaptive

  public init(
    visible: any Units, hidden: any Units, weights: Matrix, referenceVisibleBias: [Float]? = nil
  ) {
    precondition(
      weights.rows == visible.count && weights.columns == hidden.count,
      "\(visible.count) visible and \(hidden.count) hidden units need weights of that shape")
    precondition((referenceVisibleBias?.count ?? visible.count) == visible.count, "one reference a visible")
    self.visible = visible
    self.hidden = hidden
    self.weights = weights
    self.referenceVisibleBias = referenceVisibleBias
  }

  /// Binary units on both sides, all parameters given.
  public init(visibleBias: [Float], hiddenBias: [Float], weights: Matrix) {
    self.init(
      visible: BernoulliUnits(bias: visibleBias), hidden: BernoulliUnits(bias: hiddenBias),
      weights: weights)
  }

  public var visibleCount: Int { visible.count }
  public var hiddenCount: Int { hidden.count }
}

// MARK: - One block of rows, on the calling thread

extension RBM {
  /// inputs ← v·W, `[rows, hidden]`.
  public func hiddenInputs(given visibles: MatrixView, into inputs: MutableMatrixView) {
    inputs.multiply(states: visibles, weights.view, products)
  }

  /// inputs ← h·Wᵀ, `[rows, visible]`.
  public func visibleInputs(given hiddens: MatrixView, into inputs: MutableMatrixView) {
    if let transposedWeights {
      inputs.multiply(states: hiddens, transposedWeights.view, products)
    } else {
      inputs.multiply(hiddens, weights.view.transposed)
    }
  }

  /// means ← E[h | v].
  public func hiddenMeans(given visibles: MatrixView, into means: MutableMatrixView) {
    hiddenInputs(given: visibles, into: means)
    hidden.means(inputs: means.view, inverseTemperature: 1, into: means)
  }

  /// means ← E[v | h].
  public func visibleMeans(given hiddens: MatrixView, into means: MutableMatrixView) {
    visibleInputs(given: hiddens, into: means)
    visible.means(inputs: means.view, inverseTemperature: 1, into: means)
  }

  /// states ← a draw from P(h | v); means ← E[h | v] where given.
  public func sampleHiddens(
    given visibles: MatrixView, random: RandomRows, means: MutableMatrixView? = nil,
    into states: MutableMatrixView
  ) {
    hiddenInputs(given: visibles, into: states)
    hidden.sample(
      inputs: states.view, inverseTemperature: 1, random: random, means: means, into: states)
  }

  /// states ← a draw from P(v | h); means ← E[v | h] where given.
  public func sampleVisibles(
    given hiddens: MatrixView, random: RandomRows, means: MutableMatrixView? = nil,
    into states: MutableMatrixView
  ) {
    visibleInputs(given: hiddens, into: states)
    visible.sample(
      inputs: states.view, inverseTemperature: 1, random: random, means: means, into: states)
  }
}
