/// A row-major matrix of `Float` with value semantics: copied when written while shared.
///
/// Rows start at 64-byte boundaries, an odd multiple of 64 bytes apart, so that the rows of a wide matrix
/// do not all fall into the same few cache sets. The floats between `columns` and `stride` are zero.
public struct Matrix: Sendable {
  public let rows: Int
  public let columns: Int
  /// Floats from the start of one row to the start of the next.
  public let stride: Int
  private var storage: MatrixStorage

  /// A matrix of zeros, `[rows, columns]`.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix has no negative dimension")
    self.rows = rows
    self.columns = columns
    self.stride = Matrix.paddedStride(columns)
    self.storage = MatrixStorage(count: rows * stride)
  }

  /// A matrix whose entry in row r and column c is `value(r, c)`.
  public init(rows: Int, columns: Int, _ value: (_ row: Int, _ column: Int) throws -> Float) rethrows {
    self.init(rows: rows, columns: columns)
    for row in 0..<rows {
      for column in 0..<columns { storage.base[row * stride + column] = try value(row, column) }
    }
  }

  /// A matrix of row-major values.
  public init(rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == rows * columns, "a \(rows) × \(columns) matrix needs as many values")
    self.init(rows: rows, columns: columns) { values[$0 * columns + $1] }
  }

  /// The smallest odd multiple of 16 floats (64 bytes) that holds `columns`.
  static func paddedStride(_ columns: Int) -> Int {
    let lines = (columns + 15) / 16
    return (lines | 1) * 16
  }

  public subscript(row: Int, column: Int) -> Float {
    get {
      checkIndex(row, column)
      return storage.base[row * stride + column]
    }
    set {
      checkIndex(row, column)
      makeUnique()
      storage.base[row * stride + column] = newValue
    }
  }

  private func checkIndex(_ row: Int, _ column: Int) {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "(\(row), \(column)) lies outside a \(rows) × \(columns) matrix")
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
  }

  /// All of it, to read.
  public var view: MatrixView {
    MatrixView(storage: storage, offset: 0, rows: rows, columns: columns, stride: stride, isPadded: true)
  }

  /// Gives `body` a window to write through; it must not outlive the call.
  public mutating func withMutableView<R>(_ body: (MutableMatrixView) throws -> R) rethrows -> R {
    makeUnique()
    return try body(
      MutableMatrixView(
        storage: storage, offset: 0, rows: rows, columns: columns, stride: stride,
        isPadded: true))
  }

  /// The entries in row-major order, without the padding.
  public var values: [Float] { view.values }

  /// The transposed copy, `[columns, rows]`.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    result.withMutableView { $0.transpose(view) }
    return result
  }
}

extension Matrix: Equatable {
  public static func == (a: Matrix, b: Matrix) -> Bool {
    a.rows == b.rows && a.columns == b.columns && a.values == b.values
  }
}
