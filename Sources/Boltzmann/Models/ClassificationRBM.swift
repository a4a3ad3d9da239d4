public import BoltzmannCompute
internal import Foundation

/// A restricted Boltzmann machine of an input and its class (Larochelle & Bengio 2008).
/// ```
/// E(v, y, h) = −bᵀv − cᵀh − d_y − vᵀWh − U_{y:}h          P(v, y, h) = e^{−E(v, y, h)} / Z
/// o_yj       = c_j + U_yj + vᵀW_{:j}
/// P(h_j = 1 | v, y) = σ(o_yj)      P(v_i = 1 | h) = σ(b_i + W_{i:}h)      P(y | h) ∝ e^{d_y + U_{y:}h}
/// P(y | v)          ∝ e^{d_y + Σ_j softplus(o_yj)}
/// ```
/// The class y is one of C, a softmax unit beside the visibles. P(y | v) is exact, without Z: C sums over the hidden
/// units.
public struct ClassificationRBM: Sendable {
  /// b, `[visible]`
  public var visibleBias: [Float]
  /// c, `[hidden]`
  public var hiddenBias: [Float]
  /// d, `[classes]`
  public var classBias: [Float]
  /// W, `[visible, hidden]`
  public var weights: Matrix
  /// U, `[classes, hidden]`
  public var classWeights: Matrix
  /// How products with states of zeros and ones are formed.
  public var products = ProductChoice.adaptive

  public init(
    visibleBias: [Float], hiddenBias: [Float], classBias: [Float], weights: Matrix, classWeights: Matrix
  ) {
    precondition(
      weights.rows == visibleBias.count && weights.columns == hiddenBias.count
        && classWeights.rows == classBias.count && classWeights.columns == hiddenBias.count,
      "\(visibleBias.count) visible and \(hiddenBias.count) hidden units and \(classBias.count) classes need "
        + "weights of that shape")
    self.visibleBias = visibleBias
    self.hiddenBias = hiddenBias
    self.classBias = classBias
    self.weights = weights
    self.classWeights = classWeights
  }

  /// A new machine: hidden biases zero; visible and class biases reproduce the data's means and the classes' shares.
  ///
  /// Weights are uniform in ±1/√max(visible, hidden), as Larochelle & Bengio drew them, unless told otherwise.
  public static func initialized(
    dataMeans: [Float], classShares: [Float], hidden: Int, weights: WeightInitialization? = nil, seed: UInt64
  ) -> ClassificationRBM {
    let visible = dataMeans.count
    let law = weights ?? .uniform(bound: 1 / Double(max(visible, hidden)).squareRoot())
    let drawn = law(visible: visible + classShares.count, hidden: hidden, seed: seed)
    func rows(_ range: Range<Int>) -> Matrix {
      Matrix(rows: range.count, columns: hidden, values: drawn.view.rows(range).values)
    }
    return ClassificationRBM(
      visibleBias: dataMeans.map { BernoulliUnits.bias(ofMean: $0) },
      hiddenBias: [Float](repeating: 0, count: hidden),
      classBias: classShares.map { log(max($0, .leastNormalMagnitude)) },
      weights: rows(0..<visible), classWeights: rows(visible..<drawn.rows))
  }

  public var visibleCount: Int { visibleBias.count }
  public var hiddenCount: Int { hiddenBias.count }
  public var classCount: Int { classBias.count }
}

// MARK: - One block of rows, on the calling thread

extension ClassificationRBM {
  /// c + U_{y:} of every class: the hidden biases given the class, `[classes, hidden]`.
  public var hiddenBiases: Matrix {
    var biases = classWeights
    biases.withMutableView { writeHiddenBiases(to: $0) }
    return biases
  }

  func writeHiddenBiases(to biases: MutableMatrixView) {
    for k in 0..<classCount {
      for j in 0..<hiddenCount { biases[k, j] = classWeights.view[k, j] + hiddenBias[j] }
    }
  }

  /// inputs ← v·W, `[rows, hidden]`, without what bias and class add.
  public func hiddenInputs(given visibles: MatrixView, into inputs: MutableMatrixView) {
    inputs.multiply(states: visibles, weights.view, products)
  }

  /// inputs ← v·W + U_{y:}, `[rows, hidden]`, for one class a row.
  public func hiddenInputs(
    given visibles: MatrixView, classes: some Collection<Int>, into inputs: MutableMatrixView
  ) {
    hiddenInputs(given: visibles, into: inputs)
    addClassWeights(of: classes, to: inputs)
  }

  func addClassWeights(of classes: some Collection<Int>, to inputs: MutableMatrixView) {
    precondition(classes.count == inputs.rows, "one class a row")
    for (row, k) in classes.enumerated() {
      inputs.rows(row..<(row + 1)).add(classWeights.view.rows(k..<(k + 1)), scale: 1)
    }
  }

  /// d_y + Σ_j softplus(o_yj), which is −F(v, y) − bᵀv, from inputs v·W: nats, `[row][class]`.
  func classLogits(inputs: MatrixView, hiddenBiases: MatrixView) -> [[Double]] {
    let sums = inputs.softplusSums(biases: hiddenBiases)
    return (0..<inputs.rows).map { row in
      (0..<classCount).map { Double(classBias[$0]) + sums[$0][row] }
    }
  }

  /// d_y + Σ_j softplus(o_yj) of every row and class, in nats, `[row][class]`: log P(y | v) up to a constant of v.
  public func classLogits(given visibles: MatrixView) -> [[Double]] {
    let inputs = MutableMatrixView(rows: visibles.rows, columns: hiddenCount)
    hiddenInputs(given: visibles, into: inputs)
    return classLogits(inputs: inputs.view, hiddenBiases: hiddenBiases.view)
  }
}
