internal import Boltzmann
internal import BoltzmannCompute

/// Rows of visibles and hiddens, and what is computed from them: the operands of a machine's products.
///
/// States and inputs have memory of their own. A chain of products without the units' nonlinearity would
/// shrink to numbers so small that the processor takes a slow path, and the time of sgemm would mean nothing.
struct LayerRows: Sendable {
  private let weights: MatrixView
  private let visibles: MatrixView
  private let hiddens: MatrixView
  private let visibleTarget: MutableMatrixView
  private let hiddenTarget: MutableMatrixView

  /// The first `count` samples and hiddens that go with them.
  init(_ workload: Workload, count: Int) {
    weights = workload.model.weights.view
    visibles = workload.samples.matrix(0..<count).view
    hiddens = workload.model.hiddenMeans(given: FloatSamples(workload.samples.matrix(0..<count))).view
    visibleTarget = MutableMatrixView(rows: count, columns: workload.visible)
    hiddenTarget = MutableMatrixView(rows: count, columns: workload.hidden)
  }

  /// v·W
  var hiddenInputs: Product {
    Product(target: hiddenTarget, left: Operand(view: visibles), right: Operand(view: weights))
  }

  /// h·Wᵀ
  var visibleInputs: Product {
    Product(
      target: visibleTarget, left: Operand(view: hiddens),
      right: Operand(view: weights, isTransposed: true))
  }

  /// scale·vᵀ·h + β·target
  func moments(into target: MutableMatrixView, scale: Float, beta: Float) -> Product {
    Product(
      target: target, left: Operand(view: visibles, isTransposed: true), right: Operand(view: hiddens),
      alpha: scale / Float(visibles.rows), beta: beta)
  }
}

/// The two products of a gradient, vᵀ·h of the data minus that of the chains.
func gradientStage(data: LayerRows, chains: LayerRows, workload: Workload) -> ProductsAlone.Stage {
  let target = MutableMatrixView(rows: workload.visible, columns: workload.hidden)
  return ProductsAlone.Stage(products: [
    data.moments(into: target, scale: 1, beta: 0), chains.moments(into: target, scale: -1, beta: 1),
  ])
}
