internal import CBoltzmannOpenBLAS
internal import Foundation

// The only calls of LAPACK. Matrices are symmetric, row-major and in Double; whether LAPACK reads rows or columns
// makes no difference to a symmetric matrix.

/// The Cholesky factor of a symmetric positive definite matrix.
/// ```
/// A = L·Lᵀ          log det A = 2 Σ_k log L_kk
/// ```
public struct Cholesky: Sendable {
  /// The number of rows and columns.
  public let order: Int
  /// L column by column, in and below the diagonal.
  private let factor: [Double]

  /// Factorises a matrix of `order`² row-major values, of which the upper triangle is read.
  ///
  /// Throws `FactorizationError` where the matrix is not positive definite or holds a value that is not finite.
  public init(_ matrix: [Double], order: Int) throws(FactorizationError) {
    try checkValues(matrix, order: order)
    BLAS.ensureSingleThread()
    var factor = matrix
    let rows = Int32(order)
    let minor = LAPACKE_dpotrf(LAPACK_COL_MAJOR, lower, rows, &factor, max(rows, 1))
    guard minor == 0 else { throw .notPositiveDefinite(minor: Int(minor)) }
    self.order = order
    self.factor = factor
  }

  /// Factorises a matrix given as rows.
  public init(_ rows: [[Double]]) throws(FactorizationError) {
    try self.init(flattened(rows), order: rows.count)
  }

  /// log det A.
  public var logDeterminant: Double {
    (0..<order).reduce(0) { $0 + 2 * log(factor[$1 * order + $1]) }
  }

  /// The x of A·x = b, `[order]`.
  public func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == order, "a right side of \(b.count) does not fit \(order) × \(order)")
    BLAS.ensureSingleThread()
    var x = b
    let rows = Int32(order)
    LAPACKE_dpotrs(LAPACK_COL_MAJOR, lower, rows, 1, factor, max(rows, 1), &x, max(rows, 1))
    return x
  }

  /// The x of Lᵀ·x = b, `[order]`: of covariance A⁻¹ where b is of covariance 1.
  public func solveTransposed(_ b: [Double]) -> [Double] {
    precondition(b.count == order, "a right side of \(b.count) does not fit \(order) × \(order)")
    var x = b
    for row in stride(from: order - 1, through: 0, by: -1) {
      for below in (row + 1)..<order { x[row] -= factor[row * order + below] * x[below] }
      x[row] /= factor[row * order + row]
    }
    return x
  }

  /// A⁻¹, row-major `[order · order]`.
  public var inverse: [Double] {
    BLAS.ensureSingleThread()
    var inverse = factor
    LAPACKE_dpotri(LAPACK_COL_MAJOR, lower, Int32(order), &inverse, max(Int32(order), 1))
    for row in 0..<order {
      for column in 0..<row { inverse[row * order + column] = inverse[column * order + row] }
    }
    return inverse
  }
}

/// The eigenvalues and eigenvectors of a symmetric matrix.
/// ```
/// A·u_k = λ_k·u_k,   λ_0 ≤ λ_1 ≤ …,   u_kᵀu_l = δ_kl
/// ```
public struct SymmetricEigen: Sendable {
  /// The eigenvalues λ, ascending.
  public let values: [Double]
  /// The eigenvectors, `[eigenvalue][row]`; of each, the entry of largest magnitude is positive.
  public let vectors: [[Double]]

  /// Decomposes a matrix of `order`² row-major values, of which the upper triangle is read.
  ///
  /// Throws `FactorizationError` where a value is not finite or the iteration does not converge.
  public init(_ matrix: [Double], order: Int) throws(FactorizationError) {
    try checkValues(matrix, order: order)
    BLAS.ensureSingleThread()
    var vectors = matrix
    var values = [Double](repeating: 0, count: order)
    let rows = Int32(order)
    let status = LAPACKE_dsyevd(LAPACK_COL_MAJOR, withVectors, lower, rows, &vectors, max(rows, 1), &values)
    guard status == 0 else { throw .noConvergence }
    self.values = values
    self.vectors = (0..<order).map { signed(vectors[($0 * order)..<(($0 + 1) * order)]) }
  }

  /// Decomposes a matrix given as rows.
  public init(_ rows: [[Double]]) throws(FactorizationError) {
    try self.init(flattened(rows), order: rows.count)
  }
}

/// Why a matrix has no such factors.
public enum FactorizationError: Error, Equatable, CustomStringConvertible {
  /// The leading minor of this order is not positive.
  case notPositiveDefinite(minor: Int)
  case notFinite
  case noConvergence

  public var description: String {
    switch self {
    case .notPositiveDefinite(let minor):
      "the matrix is not positive definite: its leading minor of order \(minor) is not positive"
    case .notFinite: "the matrix holds a value that is not finite"
    case .noConvergence: "the eigenvalues do not converge"
    }
  }
}

private let lower = CChar(UInt8(ascii: "L"))
private let withVectors = CChar(UInt8(ascii: "V"))

private func checkValues(_ matrix: [Double], order: Int) throws(FactorizationError) {
  precondition(matrix.count == order * order, "a matrix of order \(order) has \(order * order) values")
  guard matrix.allSatisfy(\.isFinite) else { throw .notFinite }
}

private func flattened(_ rows: [[Double]]) -> [Double] {
  precondition(rows.allSatisfy { $0.count == rows.count }, "a symmetric matrix has as many columns as rows")
  return Array(rows.joined())
}

/// The sign of an eigenvector is LAPACK's whim; this makes it the same everywhere.
private func signed(_ vector: ArraySlice<Double>) -> [Double] {
  let largest = vector.max { abs($0) < abs($1) } ?? 0
  return vector.map { largest < 0 ? -$0 : $0 }
}
