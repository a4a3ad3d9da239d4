internal import BoltzmannCompute

/// Rows of inputs v with a factor a_k for each class: what the data, or the model's samples, add to the gradient.
///
/// With h_rk = σ(o_k) of row r, every gradient is a sum over rows of
/// ```
/// W: v_r·Σ_k a_rk h_rkᵀ      U_{k:}: a_rk h_rk      c: Σ_k a_rk h_rk      d_k: a_rk      b: w_r v_r
/// ```
/// Factors carry signs and the minibatch's mean; w is the sum of the row's factors, but for rounding.
struct ClassificationPhase: Sendable {
  let visibles: MutableMatrixView
  /// v·W, `[rows, hidden]`
  let inputs: MutableMatrixView
  /// a, `[rows, classes]`
  let factors: MutableMatrixView
  /// w, `[rows, 1]`
  let weights: MutableMatrixView
  /// Σ_k a_rk h_rk, `[rows, hidden]`
  let mixture: MutableMatrixView
  /// Of every block the part of U's gradient, `[blocks·classes, hidden]`.
  let classSums: MutableMatrixView
  let blocks: Blocks

  /// Mixture and sums of a block whose inputs and factors are known.
  func mix(_ block: Int, hiddenBiases: MatrixView) {
    let range = blocks[block], classes = factors.columns
    mixture.rows(range).mixLogistic(
      of: inputs.rows(range).view, biases: hiddenBiases, factors: factors.rows(range).view,
      sums: classSums.rows(block * classes..<(block + 1) * classes))
  }

  /// gradient += the part of U, `[classes, hidden]`, in the order of the blocks.
  func addClassWeights(to gradient: MutableMatrixView) {
    let classes = factors.columns
    for block in 0..<blocks.count {
      gradient.add(classSums.view.rows(block * classes..<(block + 1) * classes), scale: 1)
    }
  }

  /// gradient += the part of d.
  func addClassBias(to gradient: inout [Float]) { factors.view.addColumnSums(scale: 1, to: &gradient) }

  /// gradient += the part of b.
  func addVisibleBias(to gradient: inout [Float]) {
    visibles.view.addColumnSums(scale: 1, weights: weights.view.values, to: &gradient)
  }
}

/// The memory of a phase, reused from update to update.
struct ClassificationPhaseScratch: Sendable {
  private var visibles: ScratchMatrix
  private var inputs: ScratchMatrix
  private var factors: ScratchMatrix
  private var weights: ScratchMatrix
  private var mixture: ScratchMatrix
  private var classSums: ScratchMatrix

  init(capacity: Int, model: ClassificationRBM) {
    visibles = ScratchMatrix(rows: capacity, columns: model.visibleCount)
    inputs = ScratchMatrix(rows: capacity, columns: model.hiddenCount)
    factors = ScratchMatrix(rows: capacity, columns: model.classCount)
    weights = ScratchMatrix(rows: capacity, columns: 1)
    mixture = ScratchMatrix(rows: capacity, columns: model.hiddenCount)
    // A short minibatch may be cut into as many blocks as a full one, not into more.
    let blocks = max(2, classificationBlocks(rows: capacity).count)
    classSums = ScratchMatrix(rows: blocks * model.classCount, columns: model.hiddenCount)
  }

  /// The first `count` rows, to write.
  mutating func rows(_ count: Int) -> ClassificationPhase {
    let rows = 0..<count
    return ClassificationPhase(
      visibles: visibles.mutableView().rows(rows), inputs: inputs.mutableView().rows(rows),
      factors: factors.mutableView().rows(rows), weights: weights.mutableView().rows(rows),
      mixture: mixture.mutableView().rows(rows), classSums: classSums.mutableView(),
      blocks: classificationBlocks(rows: count))
  }
}

/// Rows are cut into blocks of 50, smaller minibatches in halves: a function of their number alone.
func classificationBlocks(rows: Int) -> Blocks {
  Blocks(count: rows, size: min(rowsPerBlock, max(1, (rows + 1) / 2)))
}
