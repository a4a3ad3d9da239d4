public import BoltzmannCompute
internal import Foundation

/// A linear map that gives real data mean 0 and variance 1, and takes whitened rows back.
/// ```
/// y = (x − μ)·M          x = y·M⁻¹ + μ          log p(x) = log p(y) + log |det M|
/// ```
/// With the covariance C = U·diag(λ)·Uᵀ of the data (1/N, in Double) and a constant ε that damps directions of
/// little variance:
/// ```
/// pca                M = U·diag(λ + ε)^{−½}        columns by falling λ, the first k of them
/// zca                M = U·diag(λ + ε)^{−½}·Uᵀ     symmetric: y stays as near to x as whitened data can
/// standardization    M = diag(C_ii + ε)^{−½}       correlations stay
/// ```
/// Source: Kessy, Lewin & Strimmer, "Optimal whitening and decorrelation", 2018.
public struct Whitening: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable, Codable {
    case pca, zca, standardization
  }

  public let kind: Kind
  /// μ, `[d]`.
  public let mean: [Float]
  /// M, `[d, k]`.
  public let matrix: Matrix
  /// M⁻¹, `[k, d]`; with k < d the map of the k components back into their subspace.
  public let inverse: Matrix
  /// log |det M| in nats, what a log-density of whitened rows lacks in the user's units; nil where k < d, since
  /// rows without some of their components have no density there.
  public let logDeterminant: Double?

  /// The map made of its pieces, as a file holds them.
  ///
  /// Throws `WhiteningError` where shapes do not fit, a number is not finite or M is singular.
  public init(kind: Kind, mean: [Float], matrix: Matrix, inverse: Matrix) throws {
    guard
      !mean.isEmpty && matrix.rows == mean.count && inverse.columns == mean.count
        && inverse.rows == matrix.columns && (1...mean.count).contains(matrix.columns)
    else { throw WhiteningError("mean, matrix and inverse of a whitening have shapes that do not fit") }
    guard mean.allSatisfy(\.isFinite) && matrix.view.isFinite && inverse.view.isFinite
    else { throw WhiteningError("a whitening holds a value that is not finite") }
    self.kind = kind
    self.mean = mean
    self.matrix = matrix
    self.inverse = inverse
    logDeterminant = matrix.rows == matrix.columns ? try logAbsoluteDeterminant(matrix) : nil
  }

  /// Rows `[batch, d]` whitened, `[batch, k]`.
  public func apply(_ rows: MatrixView) -> Matrix {
    precondition(rows.columns == mean.count, "rows of \(rows.columns) values, whitened are \(mean.count)")
    var centred = Matrix(rows: rows.rows, columns: rows.columns)
    var result = Matrix(rows: rows.rows, columns: matrix.columns)
    centred.withMutableView { $0.setEntries { row, column in rows[row, column] - mean[column] } }
    result.withMutableView { $0.multiply(centred.view, matrix.view) }
    return result
  }

  /// Whitened rows `[batch, k]` in the user's units, `[batch, d]`.
  public func invert(_ rows: MatrixView) -> Matrix {
    precondition(rows.columns == matrix.columns, "rows of \(rows.columns) values, not \(matrix.columns)")
    var result = Matrix(rows: rows.rows, columns: mean.count)
    result.withMutableView {
      for row in 0..<rows.rows { $0.setRow(row, mean) }
      $0.multiply(rows, inverse.view, beta: 1)
    }
    return result
  }

  /// All samples whitened, held as Float.
  public func callAsFunction(_ samples: any Samples, parallel: Parallel = .all) -> FloatSamples {
    let blocks = parallel.mapBlocks(of: samples.count, size: 1000) { apply(samples.matrix($0).view).values }
    return FloatSamples(width: matrix.columns, values: Array(blocks.joined()))
  }
}

/// Why data cannot be whitened, or a whitening cannot be read.
public struct WhiteningError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// ½ log det MᵀM, which is log |det M|.
private func logAbsoluteDeterminant(_ matrix: Matrix) throws -> Double {
  let (entries, order) = (matrix.values.map(Double.init), matrix.columns)
  var products = [Double](repeating: 0, count: order * order)
  addColumnProducts(entries, width: order, columns: 0..<order, to: &products)
  guard let cholesky = try? Cholesky(products, order: order)
  else { throw WhiteningError("the matrix of a whitening is singular") }
  return cholesky.logDeterminant / 2
}

extension MutableMatrixView {
  fileprivate func setEntries(_ value: (_ row: Int, _ column: Int) -> Float) {
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = value(row, column) }
    }
  }
}
