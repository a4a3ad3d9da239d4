public import BoltzmannCompute

/// One side of the gradient: the moments E[v hᵀ], E[v] and E[h] of a law.
public enum Moments: Sendable {
  /// The means over rows: visibles `[rows, visible]`, hiddens `[rows, hidden]`.
  case rows(visibles: MatrixView, hiddens: MatrixView)
  /// Given outright: weights `[visible, hidden]`.
  case exact(weights: Matrix, visibles: [Float], hiddens: [Float])

  /// tile ← scale·E[v hᵀ] + β·tile, for a range of visibles; tile `[range, hidden]`.
  func write(
    _ range: Range<Int>, scale: Float, beta: Float, _ products: ProductChoice, to tile: MutableMatrixView
  ) {
    switch self {
    case .rows(let visibles, let hiddens):
      let mean = scale / Float(visibles.rows)
      tile.multiply(transposedStates: visibles.columns(range), hiddens, alpha: mean, beta: beta, products)
    case .exact(let weights, _, _):
      tile.add(weights.view.rows(range), scale: scale, beta: beta)
    }
  }

  /// E[v], `[visible]`.
  var visibleMeans: [Float] {
    switch self {
    case .rows(let visibles, _): columnMeans(visibles)
    case .exact(_, let visibles, _): visibles
    }
  }

  /// E[h], `[hidden]`.
  var hiddenMeans: [Float] {
    switch self {
    case .rows(_, let hiddens): columnMeans(hiddens)
    case .exact(_, _, let hiddens): hiddens
    }
  }

  /// Float within 128 rows, where a sum of values up to 1 rounds by less than 2⁻¹⁷; Double across.
  private func columnMeans(_ rows: MatrixView) -> [Float] {
    var totals = [Double](repeating: 0, count: rows.columns)
    let blocks = Blocks(count: rows.rows, size: 128)
    for block in 0..<blocks.count {
      var sums = [Float](repeating: 0, count: rows.columns)
      rows.rows(blocks[block]).addColumnSums(scale: 1, to: &sums)
      for index in totals.indices { totals[index] += Double(sums[index]) }
    }
    return totals.map { Float($0 / Double(rows.rows)) }
  }
}

/// The gradient of the mean log-likelihood, as an estimator leaves it: data moments minus model moments.
/// ```
/// ∂L/∂W = E_data[v hᵀ] − E_model[v hᵀ]      ∂L/∂b = E_data[v] − E_model[v]      ∂L/∂c = E_data[h] − E_model[h]
/// ```
/// The weights' part is formed tile by tile, where the update needs it.
public struct Gradient: Sendable {
  public let data: Moments
  public let model: Moments
  /// How the products are formed.
  var products = ProductChoice.adaptive

  public init(data: Moments, model: Moments) {
    self.data = data
    self.model = model
  }

  /// tile ← ∂L/∂W for a range of visibles, `[range, hidden]`.
  func writeWeights(_ range: Range<Int>, to tile: MutableMatrixView) {
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
}

func difference(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { $0 - $1 } }
