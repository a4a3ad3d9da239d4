internal import BoltzmannCompute

/// The sums over every block of rows of visibles and hiddens, `[blocks, visible]` and `[blocks, hidden]`.
public struct BlockSums: Sendable {
  let visibles: MutableMatrixView
  let hiddens: MutableMatrixView
  /// Sums of v², where there are real visibles.
  let visibleSquares: MutableMatrixView?
  /// Sums of E[h² | v], where there are real hiddens.
  let hiddenSquares: MutableMatrixView?
  /// How much each row counts in `hiddenSquares`, whose inputs are gone when all is weighed; nil: all the same.
  let rowWeights: [Float]?

  func visibles(_ block: Int, _ units: Range<Int>, are rows: MatrixView) {
    rows.writeColumnSums(to: visibles.rows(block..<(block + 1)).columns(units))
    if let visibleSquares {
      rows.writeColumnSquares(to: visibleSquares.rows(block..<(block + 1)).columns(units))
    }
  }

  func hiddens(_ block: Int, _ units: Range<Int>, are rows: MatrixView) {
    rows.writeColumnSums(to: hiddens.rows(block..<(block + 1)).columns(units))
  }

  /// Σ E[h² | v] = Σ (1 + t·E[h | v])/γ with t = c + I, from means that were summed already.
  ///
  /// Integrating (γh − t)·h·e^{−½γh² + th} by parts over the line or h ≥ 0 gives γE[h²] − tE[h] = 1.
  func hiddenSquares(
    _ block: Int, _ range: Range<Int>, of units: any Units, inputs: MatrixView, means: MatrixView
  ) {
    guard let hiddenSquares else { return }
    let sums = hiddens.rows(block..<(block + 1)).columns(range)
    let squares = hiddenSquares.rows(block..<(block + 1)).columns(range)
    let (means, rows) = counted(block, means, sums: sums)
    squares.writeColumnProducts(of: inputs, and: means)
    let (bias, precision) = (units.bias, units.precision)
    squares.apply { (rows + bias[$0] * sums[0, $0] + $1) / precision[$0] }
  }

  /// The means of a block times the weights of their rows, summed anew, and the weights' sum.
  private func counted(
    _ block: Int, _ means: MatrixView, sums: MutableMatrixView
  ) -> (means: MatrixView, rows: Float) {
    guard let rowWeights else { return (means, Float(means.rows)) }
    let weights = Array(rowWeights[Blocks(count: rowWeights.count, size: rowsPerBlock)[block]])
    let weighted = MutableMatrixView(rows: means.rows, columns: means.columns)
    weighted.copy(means)
    weighted.scaleRows(by: weights)
    weighted.view.writeColumnSums(to: sums)
    return (weighted.view, weights.reduce(0, +))
  }

  /// Everything anew with every row counted by its weight; from here on the hiddens are multiplied by them.
  func weigh(visibles rows: MatrixView, hiddens weighted: MutableMatrixView, by weights: [Float]) {
    weighted.scaleRows(by: weights)
    let blocks = Blocks(count: rows.rows, size: rowsPerBlock)
    for block in 0..<blocks.count {
      let range = blocks[block], own = block..<(block + 1), weights = Array(weights[range])
      hiddens(block, 0..<weighted.columns, are: weighted.rows(range).view)
      visibles.rows(own).setRow(0, rows.rows(range).columnSums(weights: weights))
      guard let visibleSquares else { continue }
      let squares = MutableMatrixView(rows: range.count, columns: rows.columns)
      squares.copy(rows.rows(range))
      squares.apply { $1 * $1 }
      visibleSquares.rows(own).setRow(0, squares.view.columnSums(weights: weights))
    }
  }
}

extension MatrixView {
  fileprivate func columnSums(weights: [Float]) -> [Float] {
    var sums = [Float](repeating: 0, count: columns)
    addColumnSums(scale: 1, weights: weights, to: &sums)
    return sums
  }
}

/// Scratch for the sums of blocks.
struct BlockSumsScratch: Sendable {
  private var visibles: ScratchMatrix
  private var hiddens: ScratchMatrix
  private var visibleSquares: ScratchMatrix?
  private var hiddenSquares: ScratchMatrix?

  /// `isData`: the rows are data, for which E[h² | v] is wanted too.
  init(capacity: Int, model: RBM, isData: Bool) {
    let blocks = Blocks(count: capacity, size: rowsPerBlock).count
    func scratch(_ units: Int) -> ScratchMatrix { ScratchMatrix(rows: blocks, columns: units) }
    visibles = scratch(model.visibleCount)
    hiddens = scratch(model.hiddenCount)
    visibleSquares = model.visible.realColumns.isEmpty ? nil : scratch(model.visibleCount)
    hiddenSquares = isData && !model.hidden.realColumns.isEmpty ? scratch(model.hiddenCount) : nil
  }

  mutating func blocks(rows: Int, weights: [Float]? = nil) -> BlockSums {
    let blocks = 0..<Blocks(count: rows, size: rowsPerBlock).count
    return BlockSums(
      visibles: visibles.mutableView().rows(blocks), hiddens: hiddens.mutableView().rows(blocks),
      visibleSquares: visibleSquares?.mutableView().rows(blocks),
      hiddenSquares: hiddenSquares?.mutableView().rows(blocks), rowWeights: weights)
  }
}
