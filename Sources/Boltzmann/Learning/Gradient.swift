public import BoltzmannCompute

/// One side of the gradient: the moments E[v hᵀ], E[v] and E[h] of a law.
public enum Moments: Sendable {
  /// The means over rows: visibles `[rows, visible]`, hiddens `[rows, hidden]`; their sums block by block, where
  /// these were formed along with the rows.
  case rows(visibles: MatrixView, hiddens: MatrixView, sums: BlockSums? = nil)
  /// Given outright: weights `[visible, hidden]`, and E[v²] where there are real visibles.
  case exact(weights: Matrix, visibles: [Float], hiddens: [Float], visibleSquares: [Float] = [])

  /// tile ← scale·E[v hᵀ] + β·tile, for a range of visibles; tile `[range, hidden]`.
  func write(
    _ range: Range<Int>, scale: Float, beta: Float, _ products: ProductChoice, to tile: MutableMatrixView
  ) {
    switch self {
    case .rows(let visibles, let hiddens, _):
      let mean = scale / Float(visibles.rows)
      tile.multiply(transposedStates: visibles.columns(range), hiddens, alpha: mean, beta: beta, products)
    case .exact(let weights, _, _, _):
      tile.add(weights.view.rows(range), scale: scale, beta: beta)
    }
  }

  /// E[v], `[visible]`.
  var visibleMeans: [Float] {
    switch self {
    case .rows(let visibles, _, let sums): columnMeans(visibles, sums?.visibles)
    case .exact(_, let visibles, _, _): visibles
    }
  }

  /// E[h], `[hidden]`.
  var hiddenMeans: [Float] {
    switch self {
    case .rows(_, let hiddens, let sums): columnMeans(hiddens, sums?.hiddens)
    case .exact(_, _, let hiddens, _): hiddens
    }
  }

  /// E[v²], `[visible]`.
  var visibleSquares: [Float] {
    switch self {
    case .rows(let visibles, _, let sums):
      blockMeans(
        sums?.visibleSquares ?? blockSums(visibles) { $0.writeColumnSquares(to: $1) }, of: visibles.rows)
    case .exact(_, _, _, let squares): squares
    }
  }

  /// E[E[h² | v]] over the rows of data, `[hidden]`, where it was formed along with them.
  var hiddenSquares: [Float]? {
    guard case .rows(let visibles, _, let sums) = self, let squares = sums?.hiddenSquares else { return nil }
    return blockMeans(squares, of: visibles.rows)
  }

  private func columnMeans(_ rows: MatrixView, _ sums: MutableMatrixView?) -> [Float] {
    blockMeans(sums ?? blockSums(rows) { $0.writeColumnSums(to: $1) }, of: rows.rows)
  }

  /// Float within a block of rows, where a sum of values up to 1 rounds by less than 2⁻¹⁸; Double across.
  private func blockMeans(_ sums: MutableMatrixView, of rows: Int) -> [Float] {
    var totals = [Double](repeating: 0, count: sums.columns)
    for block in 0..<sums.rows { sums.view.rows(block..<(block + 1)).add(to: &totals) }
    return totals.map { Float($0 / Double(rows)) }
  }

  private func blockSums(
    _ rows: MatrixView, _ write: (_ block: MatrixView, _ sums: MutableMatrixView) -> Void
  ) -> MutableMatrixView {
    let blocks = Blocks(count: rows.rows, size: rowsPerBlock)
    let sums = MutableMatrixView(rows: blocks.count, columns: rows.columns)
    for block in 0..<blocks.count { write(rows.rows(blocks[block]), sums.rows(block..<(block + 1))) }
    return sums
  }
}

/// The gradient of the mean log-likelihood, as an estimator leaves it: data moments minus model moments.
/// ```
/// ∂L/∂W = E_data[v hᵀ] − E_model[v hᵀ]      ∂L/∂b = E_data[v] − E_model[v]      ∂L/∂c = E_data[h] − E_model[h]
/// ∂L/∂γ = −½(E_data[v²] − E_model[v²]), γ the precision of real visibles
/// ```
/// The weights' part is formed tile by tile, where the update needs it.
public struct Gradient: Sendable {
  public let data: Moments
  public let model: Moments
  /// E[h | v] − E[h | v'] of every row, where the rows v' of the model came from the rows v of the data.
  var hiddenDifference: MatrixView?
  /// ∂L/∂W where it was formed already, `[visible, hidden]`.
  var formedWeights: MatrixView?
  /// How the products are formed.
  var products = ProductChoice.adaptive

  public init(data: Moments, model: Moments) {
    self.data = data
    self.model = model
  }

  /// tile ← ∂L/∂W for a range of visibles, `[range, hidden]`.
  ///
  /// Rows that belong together differ in few visibles: v⁰h⁰ᵀ − vᵏhᵏᵀ = v⁰(h⁰ − hᵏ)ᵀ + (v⁰ − vᵏ)hᵏᵀ.
  func writeWeights(_ range: Range<Int>, to tile: MutableMatrixView) {
    if let formedWeights { return tile.copy(formedWeights.rows(range)) }
    if products == .adaptive, let hiddenDifference, case .rows(let before, _, _) = data,
      case .rows(let after, let others, _) = model,
      tile.multiplyPaired(
        before: before.columns(range), after: after.columns(range), difference: hiddenDifference,
        others: others, alpha: 1 / Float(before.rows))
    {
      return
    }
    data.write(range, scale: 1, beta: 0, products, to: tile)
    model.write(range, scale: -1, beta: 1, products, to: tile)
  }

  /// ∂L/∂W, `[visible, hidden]`.
  public func weights(visible: Int, hidden: Int) -> Matrix {
    var result = Matrix(rows: visible, columns: hidden)
    result.withMutableView { writeWeights(0..<visible, to: $0) }
    return result
  }

  /// ∂L/∂b, `[visible]`.
  public var visibleBias: [Float] { difference(data.visibleMeans, model.visibleMeans) }

  /// ∂L/∂c, `[hidden]`.
  public var hiddenBias: [Float] { difference(data.hiddenMeans, model.hiddenMeans) }

  /// ∂L/∂γ of the visibles, `[visible]`; means something for real ones only.
  public var visiblePrecision: [Float] {
    difference(model.visibleSquares, data.visibleSquares).map { $0 / 2 }
  }
}

func difference(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { $0 - $1 } }
