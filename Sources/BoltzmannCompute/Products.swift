internal import CBoltzmannOpenBLAS

/// A factor of a product: a view, as it is or transposed.
public struct Factor: Sendable {
  let view: MatrixView
  let isTransposed: Bool

  var rows: Int { isTransposed ? view.columns : view.rows }
  var columns: Int { isTransposed ? view.rows : view.columns }
}

extension MatrixView {
  /// The view as a factor of a product.
  public var asIs: Factor { Factor(view: self, isTransposed: false) }

  /// The transposed view as a factor of a product.
  public var transposed: Factor { Factor(view: self, isTransposed: true) }
}

extension MutableMatrixView {
  /// self ← α·A·B + β·self through sgemm, on the calling thread.
  ///
  /// Shapes: A `[rows, k]`, B `[k, columns]`.
  public func multiply(_ a: Factor, _ b: Factor, alpha: Float = 1, beta: Float = 0) {
    precondition(
      a.rows == rows && b.columns == columns && a.columns == b.rows,
      "[\(a.rows), \(a.columns)] × [\(b.rows), \(b.columns)] does not give [\(rows), \(columns)]")
    guard rows > 0 && columns > 0 else { return }
    BLAS.ensureSingleThread()
    cblas_sgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(a.columns), alpha, a.view.base, blasint(a.view.stride),
      b.view.base, blasint(b.view.stride), beta, base, blasint(stride))
  }

  /// self ← α·A·B + β·self for views as they are.
  public func multiply(_ a: MatrixView, _ b: MatrixView, alpha: Float = 1, beta: Float = 0) {
    multiply(a.asIs, b.asIs, alpha: alpha, beta: beta)
  }

  /// self ← α·A·B + β·self with B transposed.
  public func multiply(_ a: MatrixView, _ b: Factor, alpha: Float = 1, beta: Float = 0) {
    multiply(a.asIs, b, alpha: alpha, beta: beta)
  }
}

extension MatrixView {
  /// The matrix times a vector `[columns]`, a vector `[rows]`.
  public func times(_ vector: [Float]) -> [Float] {
    matrixVector(vector, CblasNoTrans, outer: rows, inner: columns)
  }

  /// The transposed matrix times a vector `[rows]`, a vector `[columns]`.
  public func transposedTimes(_ vector: [Float]) -> [Float] {
    matrixVector(vector, CblasTrans, outer: columns, inner: rows)
  }

  private func matrixVector(_ vector: [Float], _ form: CBLAS_TRANSPOSE, outer: Int, inner: Int) -> [Float] {
    precondition(vector.count == inner, "a vector of \(vector.count) does not fit \(rows) × \(columns)")
    BLAS.ensureSingleThread()
    var result = [Float](repeating: 0, count: outer)
    cblas_sgemv(
      CblasRowMajor, form, blasint(rows), blasint(columns), 1, base, blasint(stride), vector, 1, 0,
      &result, 1)
    return result
  }
}
