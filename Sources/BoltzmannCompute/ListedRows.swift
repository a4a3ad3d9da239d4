internal import CBoltzmannKernels

// Products with operands that are one-hot and mostly missing: lists of the rows that are 1. Rows come in sites of a
// few levels, of which a list names at most one: the ratings of a person, a row for every product and number of stars.

/// Row numbers that workers write side by side, each its own part.
public final class RowNumbers: @unchecked Sendable {
  public let count: Int
  let base: UnsafeMutablePointer<UInt32>

  public init(count: Int) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { base.deallocate() }

  public subscript(index: Int) -> UInt32 {
    get { base[checked(index..<index + 1).lowerBound] }
    set { base[checked(index..<index + 1).lowerBound] = newValue }
  }

  /// Copies numbers to the places from `start` on.
  public func copy(_ numbers: ArraySlice<UInt32>, to start: Int) {
    let range = checked(start..<start + numbers.count)
    numbers.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      (base + range.lowerBound).update(from: source, count: range.count)
    }
  }

  /// Sets the places of a range.
  public func fill(_ number: UInt32, in range: Range<Int>) {
    (base + checked(range).lowerBound).update(repeating: number, count: range.count)
  }

  public func numbers(in range: Range<Int>) -> [UInt32] {
    Array(UnsafeBufferPointer(start: base + checked(range).lowerBound, count: range.count))
  }

  func checked(_ range: Range<Int>) -> Range<Int> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) lies outside of \(count)")
    return range
  }
}

extension MutableMatrixView {
  /// self[row] ← Σ_l table[list[l]], or self[row] += where `adding`.
  public func sumListedRows(
    of table: MatrixView, _ list: ArraySlice<UInt32>, into row: Int, adding: Bool = false
  ) {
    list.withUnsafeBufferPointer { sum(table, $0.baseAddress, $0.count, row, adding) }
  }

  /// The same for the rows named by a range of `numbers`.
  public func sumListedRows(
    of table: MatrixView, _ numbers: RowNumbers, _ range: Range<Int>, into row: Int, adding: Bool = false
  ) {
    sum(table, numbers.base + numbers.checked(range).lowerBound, range.count, row, adding)
  }

  private func sum(
    _ table: MatrixView, _ list: UnsafePointer<UInt32>?, _ count: Int, _ row: Int, _ adding: Bool
  ) {
    precondition(isPadded && table.isPadded && table.columns == columns, "sums of rows take whole vectors")
    precondition(row >= 0 && row < rows, "row \(row) lies outside of \(rows) rows")
    checkRows(list, count, below: table.rows)
    Kernels.best.listed_row_sums(
      list, count, table.base, table.stride, base + row * stride, columns, adding ? 1 : 0)
  }
}

/// Traps where a list names a row that is not there: kernels read where they are told to.
func checkRows(_ list: UnsafePointer<UInt32>?, _ count: Int, below rows: Int) {
  guard let list, count > 0 else { return }
  var largest: UInt32 = 0
  for l in 0..<count { largest = max(largest, list[l]) }
  precondition(Int(largest) < rows, "row \(largest) lies outside of \(rows) rows")
}

extension MatrixView {
  /// Draws the level of every site that a range of `numbers` names by one of its rows; the drawn rows take their
  /// places.
  /// ```
  /// P(row q of its site) ∝ e^{bias[q] + Σ_j hiddens[j]·self[q, j]}
  /// ```
  /// `bias` is `[1, rows]`, `hiddens` `[1, columns]`; the l-th site of the range is unit l of the random numbers'
  /// `row`. Returns how many levels changed.
  @discardableResult
  public func drawLevels(
    _ numbers: RowNumbers, _ range: Range<Int>, levels: Int, bias: MatrixView, hiddens: MatrixView,
    random: RandomStream, row: UInt64
  ) -> Int {
    precondition(isPadded && hiddens.isPadded && hiddens.rows == 1, "sums of rows take whole vectors")
    precondition(
      hiddens.columns == columns && bias.columns == rows && (1...256).contains(levels), "shapes differ")
    precondition(rows % levels == 0, "rows come in sites of \(levels)")
    let list = numbers.base + numbers.checked(range).lowerBound
    checkRows(list, range.count, below: rows)
    return Kernels.best.listed_level_draws(
      list, range.count, levels, base, stride, bias.base, hiddens.base, columns, list, random.kernel(), row)
  }
}
