internal import BoltzmannCompute

/// The gradient of an objective: the sum of what the data and what the model's samples add.
struct ClassificationGradient: Sendable {
  /// The data; and, where the objective is not discriminative alone, the model.
  let phases: [ClassificationPhase]

  /// tile ← ∂L/∂W for a range of visibles, `[range, hidden]`.
  func writeWeights(_ range: Range<Int>, _ products: ProductChoice, to tile: MutableMatrixView) {
    for (index, phase) in phases.enumerated() {
      tile.multiply(
        transposedStates: phase.visibles.view.columns(range), phase.mixture.view, alpha: 1,
        beta: index == 0 ? 0 : 1, products)
    }
  }

  /// gradient ← ∂L/∂U, `[classes, hidden]`.
  func writeClassWeights(to gradient: MutableMatrixView) {
    gradient.fill(0)
    for phase in phases { phase.addClassWeights(to: gradient) }
  }

  /// ∂L/∂b, `[visible]`; P(y | v) does not depend on b.
  func visibleBias(count: Int) -> [Float] {
    var gradient = [Float](repeating: 0, count: count)
    if phases.count > 1 { for phase in phases { phase.addVisibleBias(to: &gradient) } }
    return gradient
  }

  /// ∂L/∂d, `[classes]`
  func classBias(count: Int) -> [Float] {
    var gradient = [Float](repeating: 0, count: count)
    for phase in phases { phase.addClassBias(to: &gradient) }
    return gradient
  }
}
