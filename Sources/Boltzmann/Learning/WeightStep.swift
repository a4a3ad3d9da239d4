internal import BoltzmannCompute

/// One update of the weights, cut by rows: a worker forms the gradient of its rows, corrects it, and moves
/// velocity and weights while they are in cache. Nothing is reduced over workers.
struct WeightStep: Sendable {
  let blocks: Blocks
  /// One gradient tile for each worker, `[workers · block, hidden]`.
  let tiles: MutableMatrixView
  /// The gradient's rank-one corrections, `[visible, k]` and `[k, hidden]`; with centring the first is
  /// (μ, ∂L/∂c) and the second (∂L/∂b, λ).
  let left: MatrixView
  let right: MatrixView
  let isCentered: Bool
  /// How the gradient of real-valued units is scaled and bounded; nil: not at all.
  let scaling: GradientScaling?
  /// ΔW·λ, `[visible, 1]`, and every block's part of ΔWᵀ·μ, `[blocks, hidden]`.
  let visibleSums: MutableMatrixView
  let hiddenSums: MutableMatrixView
  /// Σ(ΔW)² of every block, `[blocks, 1]`.
  let squares: MutableMatrixView

  func run(
    _ weights: MutableMatrixView, copies: WeightCopyViews, velocity: MutableMatrixView?,
    gradient: Gradient, update: WeightUpdate, parallel: Parallel
  ) {
    parallel.forEach(blocks.count) { block, worker in
      let range = blocks[block]
      let begin = worker * blocks.size
      let tile = tiles.rows(begin..<(begin + range.count))
      gradient.writeWeights(range, to: tile)
      let corrections = correct(tile, range)
      let squaredStep = weights.rows(range).momentumStep(
        velocity: velocity?.rows(range), gradient: tile.view, update: update, left: corrections.left,
        right: corrections.right, fold: isCentered ? fold(block) : nil)
      squares[block, 0] = Float(squaredStep)
      copies.take(weights.rows(range).view, visibles: range)
    }
  }

  /// The corrections that are left for the update to make: none where the gradient must be scaled after them.
  private func correct(_ tile: MutableMatrixView, _ range: Range<Int>) -> (
    left: MatrixView, right: MatrixView
  ) {
    guard let scaling else { return (left.rows(range), right) }
    if right.rows > 0 { tile.multiply(left.rows(range), right, alpha: -1, beta: 1) }
    scaling.apply(to: tile, visibles: range)
    return (left.rows(range).columns(0..<0), right.rows(0..<0))
  }

  private func fold(_ block: Int) -> BiasFold {
    let range = blocks[block]
    return BiasFold(
      visibleOffsets: left.rows(range).columns(0..<1), hiddenOffsets: right.rows(1..<2),
      visibleSums: visibleSums.rows(range), hiddenSums: hiddenSums.rows(block..<(block + 1)))
  }

  /// Σ(ΔW)², in the order of the blocks.
  var squaredStep: Double { squares.view.values.reduce(0) { $0 + Double($1) } }

  /// ΔW·λ, what the visible biases give back; zero without centring.
  var visibleFold: [Float] {
    isCentered ? visibleSums.view.values : [Float](repeating: 0, count: left.rows)
  }

  /// ΔWᵀ·μ, what the hidden biases give back, in the order of the blocks; zero without centring.
  var hiddenFold: [Float] {
    var sums = [Float](repeating: 0, count: right.columns)
    if isCentered { hiddenSums.view.addColumnSums(scale: 1, to: &sums) }
    return sums
  }
}

/// The memory of weight steps, reused from update to update.
struct WeightStepScratch: Sendable {
  private let blocks: Blocks
  private var tiles: ScratchMatrix
  private var workers = 1
  private let hidden: Int
  private var left: ScratchMatrix
  private var right: ScratchMatrix
  private var visibleSums: ScratchMatrix
  private var hiddenSums: ScratchMatrix
  private var squares: ScratchMatrix

  init(model: RBM) {
    blocks = Blocks(count: model.visibleCount, size: weightRowsPerBlock)
    hidden = model.hiddenCount
    tiles = ScratchMatrix(rows: blocks.size, columns: hidden)
    left = ScratchMatrix(rows: model.visibleCount, columns: 3)
    right = ScratchMatrix(rows: 3, columns: hidden)
    visibleSums = ScratchMatrix(rows: model.visibleCount, columns: 1)
    hiddenSums = ScratchMatrix(rows: blocks.count, columns: hidden)
    squares = ScratchMatrix(rows: blocks.count, columns: 1)
  }

  /// A step with these corrections of the gradient.
  mutating func step(
    corrections: [(left: [Float], right: [Float])], isCentered: Bool, scaling: GradientScaling?,
    parallel: Parallel
  ) -> WeightStep {
    if parallel.threads > workers {
      workers = parallel.threads
      tiles = ScratchMatrix(rows: workers * blocks.size, columns: hidden)
    }
    let left = left.mutableView(), right = right.mutableView(), hiddenSums = hiddenSums.mutableView()
    for (index, correction) in corrections.enumerated() {
      left.setColumn(index, correction.left)
      right.setRow(index, correction.right)
    }
    hiddenSums.fill(0)
    return WeightStep(
      blocks: blocks, tiles: tiles.mutableView(), left: left.columns(0..<corrections.count).view,
      right: right.rows(0..<corrections.count).view, isCentered: isCentered,
      scaling: scaling, visibleSums: visibleSums.mutableView(), hiddenSums: hiddenSums,
      squares: squares.mutableView())
  }
}

/// A function of nothing at all, so that bits never depend on the workers.
let weightRowsPerBlock = 64
