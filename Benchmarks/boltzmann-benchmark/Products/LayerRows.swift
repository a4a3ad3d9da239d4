internal import Boltzmann
internal import BoltzmannCompute

/// Rows of visibles and hiddens, and what is computed from them: the operands of a machine's products.
///
/// States and inputs have memory of their own. A chain of products without the units' nonlinearity would
/// shrink to numbers so small that the processor takes a slow path, and the time of sgemm would mean nothing.
struct LayerRows: Sendable {
  private let model: RBM
  private let choice: ProductChoice
  private let visibles: MatrixView
  private let hiddenMeans: MatrixView
  /// A draw of them: how many are on decides what row sums cost.
  private let hiddens: MatrixView
  private let visibleTarget: MutableMatrixView
  private let hiddenTarget: MutableMatrixView

  /// These visibles, and hiddens that go with them.
  init(_ model: RBM, _ visibles: Matrix, _ choice: ProductChoice) {
    func rows(_ columns: Int) -> MutableMatrixView {
      MutableMatrixView(rows: visibles.rows, columns: columns)
    }
    let means = rows(model.hiddenCount), states = rows(model.hiddenCount)
    let random = RandomRows(
      RandomStream(seed: Workload.seed, purpose: .hidden), rows: ArraySlice(0..<UInt64(visibles.rows)))
    model.sampleHiddens(given: visibles.view, random: random, means: means, into: states)
    self.model = choice == .adaptive ? model.withTransposedWeights : model
    self.choice = choice
    self.visibles = visibles.view
    hiddenMeans = means.view
    hiddens = states.view
    visibleTarget = rows(model.visibleCount)
    hiddenTarget = rows(model.hiddenCount)
  }

  /// v·W
  var hiddenInputs: Product {
    Product(
      target: hiddenTarget, left: Operand(view: visibles), right: Operand(view: model.weights.view),
      choice: choice)
  }

  /// h·Wᵀ
  var visibleInputs: Product {
    let transposed = model.transposedWeights.map { Operand(view: $0.view) }
    return Product(
      target: visibleTarget, left: Operand(view: hiddens),
      right: transposed ?? Operand(view: model.weights.view, isTransposed: true), choice: choice)
  }

  /// scale·vᵀ·E[h] + β·target
  func moments(into target: MutableMatrixView, scale: Float, beta: Float) -> Product {
    Product(
      target: target, left: Operand(view: visibles, isTransposed: true), right: Operand(view: hiddenMeans),
      choice: choice, alpha: scale / Float(visibles.rows), beta: beta)
  }

  /// The two products of a gradient, vᵀ·E[h] of these rows minus that of the chains.
  func gradient(minus chains: LayerRows) -> ProductsAlone.Stage {
    let target = MutableMatrixView(rows: model.visibleCount, columns: model.hiddenCount)
    return ProductsAlone.Stage(products: [
      moments(into: target, scale: 1, beta: 0), chains.moments(into: target, scale: -1, beta: 1),
    ])
  }
}

extension Workload {
  /// The first samples, a minibatch of them or more.
  func dataRows(_ choice: ProductChoice, count: Int? = nil) -> LayerRows {
    LayerRows(model, samples.matrix(0..<(count ?? batchSize)), choice)
  }

  /// Chains as they stand one step from the data.
  func reconstructionRows(_ choice: ProductChoice) -> LayerRows {
    chainRows(from: BlockGibbs.State(visibles: samples.matrix(0..<batchSize)), steps: 1, choice)
  }

  /// Chains as they stand after many steps.
  func chainRows(_ choice: ProductChoice) -> LayerRows {
    chainRows(from: sampler().initialState(chains: batchSize), steps: chainSteps, choice)
  }

  private func chainRows(
    from start: BlockGibbs.State, steps: Int, _ choice: ProductChoice
  ) -> LayerRows {
    var state = start
    sampler().run(&state, steps: steps)
    return LayerRows(model, state.visibles, choice)
  }

  private func sampler() -> BlockGibbs { BlockGibbs(model: model, seed: Workload.seed, parallel: parallel) }
}
