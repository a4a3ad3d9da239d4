public import BoltzmannCompute

/// The singular values of a matrix and its leading left singular vectors.
/// ```
/// A = Σ_k σ_k u_k w_kᵀ          σ_0 ≥ σ_1 ≥ …
/// ```
/// From the eigenvalues σ² of the smaller of AᵀA and AAᵀ, of order n, in Double. They are good to about n·2⁻⁵³ σ_0², so
/// that below √n·10⁻⁷ σ_0 values are rounding; that of the entries is 6·10⁻⁸.
public struct SingularSpectrum: Sendable {
  /// σ, descending; as many as the smaller side is long.
  public let values: [Double]
  /// u_k, `[k][row]`, as many as were asked for and have a σ above rounding.
  public let leftVectors: [[Double]]

  /// Throws `FactorizationError` where an entry is not finite.
  public init(of matrix: Matrix, vectors: Int) throws(FactorizationError) {
    let isWide = matrix.columns > matrix.rows, tall = isWide ? matrix.transposed : matrix
    let order = tall.columns
    var gram = [Double](repeating: 0, count: order * order)
    addColumnProducts(tall.values.map(Double.init), width: order, columns: 0..<order, to: &gram)
    let eigen = try SymmetricEigen(gram, order: order)
    let values = eigen.values.reversed().map { max($0, 0).squareRoot() }
    self.values = values
    let significant = values.prefix { $0 > Double(order).squareRoot() * 1e-7 * values[0] }.count
    leftVectors = eigen.vectors.reversed().prefix(min(vectors, significant)).enumerated().map { k, vector in
      isWide ? vector : matrix.times(vector, over: values[k])
    }
  }
}

extension Matrix {
  /// A·x/σ, in Double.
  fileprivate func times(_ x: [Double], over sigma: Double) -> [Double] {
    let values = values
    return (0..<rows).map { row in
      (0..<columns).reduce(0) { $0 + Double(values[row * columns + $1]) * x[$1] } / sigma
    }
  }
}

extension RBM {
  /// The weights with mean zero over the states of every categorical site, on either side: what of them does not go
  /// over into biases, since exactly one state of a site is on.
  public var zeroSumWeights: Matrix {
    var result = weights
    for site in visible.categoricalSites { result.withMutableView { centerRows(site, of: $0) } }
    for site in hidden.categoricalSites { result.withMutableView { centerColumns(site, of: $0) } }
    return result
  }

  /// The singular values of the zero-sum weights, descending: the modes that the machine has learned stand out from
  /// those of its random beginning.
  public func spectrum() throws -> [Double] { try SingularSpectrum(of: zeroSumWeights, vectors: 0).values }
}

private func centerRows(_ site: Range<Int>, of weights: MutableMatrixView) {
  for column in 0..<weights.columns {
    let mean = site.reduce(0) { $0 + weights[$1, column] } / Float(site.count)
    for row in site { weights[row, column] -= mean }
  }
}

private func centerColumns(_ site: Range<Int>, of weights: MutableMatrixView) {
  for row in 0..<weights.rows {
    let mean = site.reduce(0) { $0 + weights[row, $1] } / Float(site.count)
    for column in site { weights[row, column] -= mean }
  }
}

extension Units {
  /// The columns of every categorical site.
  var categoricalSites: [Range<Int>] {
    var begin = 0
    return blocks.flatMap { block in
      var first = begin
      begin += block.columns
      return block.states.map { states in
        defer { first += states }
        return first..<(first + states)
      }
    }
  }
}
