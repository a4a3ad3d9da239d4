/// A window on some rows and columns of a matrix, to read; it keeps the floats alive.
public struct MatrixView: @unchecked Sendable {
  let storage: MatrixStorage
  let offset: Int
  public let rows: Int
  public let columns: Int
  public let stride: Int
  /// Whether rows begin and end where vectors of 16 do, at worst in padding: kernels may work in whole vectors.
  let isPadded: Bool

  package var base: UnsafePointer<Float> { UnsafePointer(storage.base + offset) }

  public subscript(row: Int, column: Int) -> Float {
    precondition(row >= 0 && row < rows && column >= 0 && column < columns, "index outside the view")
    return base[row * stride + column]
  }

  public func rows(_ range: Range<Int>) -> MatrixView {
    window(rows: range, columns: 0..<columns)
  }

  public func columns(_ range: Range<Int>) -> MatrixView {
    window(rows: 0..<rows, columns: range)
  }

  private func window(rows range: Range<Int>, columns band: Range<Int>) -> MatrixView {
    checkWindow(range, band, rows, columns)
    return MatrixView(
      storage: storage, offset: offset + range.lowerBound * stride + band.lowerBound,
      rows: range.count, columns: band.count, stride: stride,
      isPadded: isPadded && isWhole(band, columns))
  }

  /// The entries in row-major order.
  public var values: [Float] {
    [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      for row in 0..<rows {
        (buffer.baseAddress! + row * columns).initialize(from: base + row * stride, count: columns)
      }
      count = rows * columns
    }
  }
}

/// A window to write through. Whoever holds one may write only what no other worker reads or writes
/// meanwhile: `Parallel` hands every block of rows to one worker.
public struct MutableMatrixView: @unchecked Sendable {
  let storage: MatrixStorage
  let offset: Int
  public let rows: Int
  public let columns: Int
  public let stride: Int
  /// Whether rows begin and end where vectors of 16 do, at worst in padding: kernels may work in whole vectors.
  let isPadded: Bool

  var base: UnsafeMutablePointer<Float> { storage.base + offset }

  public var view: MatrixView {
    MatrixView(
      storage: storage, offset: offset, rows: rows, columns: columns, stride: stride,
      isPadded: isPadded)
  }

  public subscript(row: Int, column: Int) -> Float {
    get { view[row, column] }
    nonmutating set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "index outside the view")
      base[row * stride + column] = newValue
    }
  }

  public func rows(_ range: Range<Int>) -> MutableMatrixView {
    window(rows: range, columns: 0..<columns)
  }

  public func columns(_ range: Range<Int>) -> MutableMatrixView {
    window(rows: 0..<rows, columns: range)
  }

  private func window(rows range: Range<Int>, columns band: Range<Int>) -> MutableMatrixView {
    checkWindow(range, band, rows, columns)
    return MutableMatrixView(
      storage: storage, offset: offset + range.lowerBound * stride + band.lowerBound,
      rows: range.count, columns: band.count, stride: stride,
      isPadded: isPadded && isWhole(band, columns))
  }

  /// Copies a view of the same shape.
  public func copy(_ source: MatrixView) {
    precondition(rows == source.rows && columns == source.columns, "shapes differ")
    for row in 0..<rows {
      (base + row * stride).update(from: source.base + row * source.stride, count: columns)
    }
  }

  /// Sets every entry.
  public func fill(_ value: Float) {
    for row in 0..<rows { (base + row * stride).update(repeating: value, count: columns) }
  }

  /// self[r, j] ← body(j, self[r, j])
  public func apply(_ body: (_ column: Int, _ value: Float) -> Float) {
    for row in 0..<rows {
      let target = base + row * stride
      for column in 0..<columns { target[column] = body(column, target[column]) }
    }
  }

  /// Copies `values` into one row.
  public func setRow(_ row: Int, _ values: some Collection<Float>) {
    precondition(row >= 0 && row < rows && values.count == columns, "a row holds \(columns) values")
    var target = base + row * stride
    for value in values {
      target.pointee = value
      target += 1
    }
  }

  /// Copies `values` into one column.
  public func setColumn(_ column: Int, _ values: [Float]) {
    precondition(column >= 0 && column < columns && values.count == rows, "a column holds \(rows) values")
    for row in 0..<rows { base[row * stride + column] = values[row] }
  }
}

/// Whether a band of columns can be read and written in vectors of 16 without touching its neighbours.
private func isWhole(_ band: Range<Int>, _ columns: Int) -> Bool {
  band.lowerBound % 16 == 0 && (band.upperBound % 16 == 0 || band.upperBound == columns)
}

private func checkWindow(_ range: Range<Int>, _ band: Range<Int>, _ rows: Int, _ columns: Int) {
  precondition(
    range.lowerBound >= 0 && range.upperBound <= rows && band.lowerBound >= 0
      && band.upperBound <= columns,
    "rows \(range), columns \(band) lie outside \(rows) × \(columns)")
}

extension MutableMatrixView {
  /// Exchanges two rows.
  public func swapRows(_ first: Int, _ second: Int) {
    precondition(first >= 0 && second >= 0 && max(first, second) < rows, "no such row")
    guard first != second else { return }
    let one = base + first * stride, other = base + second * stride
    for column in 0..<columns { swap(&one[column], &other[column]) }
  }
}
