import CBoltzmannKernels
import Testing

// Allowed errors, in u = 2⁻²⁴ of the sum of the magnitudes of the terms: one for each rounding that a term can
// go through. Sums in Double add 2⁻⁵³ a term, which the last factor covers.
private let slack = 1 + 0x1p-20

private let shapes = [
  (1, 1), (2, 15), (3, 16), (5, 17), (7, 255), (2, 257), (4, 500), (3, 1_000), (0, 5), (3, 0),
]

@Suite struct RowDotsTests {
  /// A lane adds at most 256/16 = 16 products, each rounded once: 17.
  @Test(arguments: InstructionSet.available, shapes)
  func dotsWithAVector(_ set: InstructionSet, _ shape: (rows: Int, columns: Int)) {
    let (rows, columns) = shape
    let x = PaddedRows(rows: rows, columns: columns, seed: 20)
    let y = testNumbers(columns, seed: 21)
    var sums = [Double](repeating: 2, count: rows)
    set.kernels.row_dots(x.floats, x.stride, y, 0, &sums, rows, columns)
    for row in 0..<rows { check(sums[row] - 2, (0..<columns).map { (x[row, $0], y[$0]) }) }
  }

  @Test(arguments: InstructionSet.available, shapes)
  func dotsWithOtherRows(_ set: InstructionSet, _ shape: (rows: Int, columns: Int)) {
    let (rows, columns) = shape
    let x = PaddedRows(rows: rows, columns: columns, seed: 22)
    let y = PaddedRows(rows: rows, columns: columns, padding: 8, seed: 23)
    var sums = [Double](repeating: -1, count: rows)
    set.kernels.row_dots(x.floats, x.stride, y.floats, y.stride, &sums, rows, columns)
    for row in 0..<rows { check(sums[row] + 1, (0..<columns).map { (x[row, $0], y[row, $0]) }) }
  }

  private func check(_ sum: Double, _ factors: [(Float, Float)]) {
    let terms = factors.map { Double($0) * Double($1) }
    let magnitude = terms.reduce(0) { $0 + abs($1) }
    let error = abs(sum - terms.reduce(0, +))
    // Adding to sums that are not 0 rounds once more, by an ulp of at most 512.
    #expect(error <= 17 * unitRoundoff * magnitude * slack + 0x1p-44)
  }
}

@Suite struct SquaredDistanceTests {
  /// The difference rounds (twice in the square), the square rounds, and a lane adds columns/16 of them, or
  /// up to 15 of the columns that are left.
  @Test(arguments: InstructionSet.available, shapes)
  func agreesWithDouble(_ set: InstructionSet, _ shape: (rows: Int, columns: Int)) {
    let (rows, columns) = shape
    let x = PaddedRows(rows: rows, columns: columns, seed: 24)
    let y = PaddedRows(rows: rows, columns: columns, padding: 6, seed: 25)
    let sum = set.kernels.squared_distance(x.floats, x.stride, y.floats, y.stride, rows, columns)
    let differences = zip(x.values, y.values).map { Double($0) - Double($1) }
    let exact = differences.reduce(0) { $0 + $1 * $1 }
    let roundings = Double(3 + max(columns / 16, min(columns, 15)))
    #expect(abs(sum - exact) <= roundings * unitRoundoff * exact * slack)
  }

  @Test(arguments: InstructionSet.available)
  func nothingLiesBetweenEqualRows(_ set: InstructionSet) {
    let x = PaddedRows(rows: 5, columns: 37, seed: 26)
    #expect(set.kernels.squared_distance(x.floats, x.stride, x.floats, x.stride, 5, 37) == 0)
  }
}

@Suite struct ColumnSumsTests {
  /// scale·weight and its product with x round, and a column adds one term a row to what was there.
  @Test(arguments: InstructionSet.available, shapes)
  func agreesWithDouble(_ set: InstructionSet, _ shape: (rows: Int, columns: Int)) {
    let (rows, columns) = shape
    let x = PaddedRows(rows: rows, columns: columns, seed: 27)
    for weights in [nil, testNumbers(rows, seed: 28)] {
      let start = testNumbers(columns, seed: 29)
      var sums = start + [PaddedRows.margin]
      set.kernels.add_column_sums(x.floats, x.stride, weights, -0.3, &sums, rows, columns)
      for column in 0..<columns {
        let terms = (0..<rows).map { row in
          Double(Float(-0.3)) * Double(weights?[row] ?? 1) * Double(x[row, column])
        }
        let magnitude = terms.reduce(abs(Double(start[column]))) { $0 + abs($1) }
        let error = abs(Double(sums[column]) - terms.reduce(Double(start[column]), +))
        #expect(error <= Double(rows + 2) * unitRoundoff * magnitude * slack)
      }
      #expect(sums.last == PaddedRows.margin)
    }
  }
}

@Suite struct ScaledRowsTests {
  /// The product and the sum round once each.
  @Test(arguments: InstructionSet.available, shapes)
  func agreesWithDouble(_ set: InstructionSet, _ shape: (rows: Int, columns: Int)) {
    let (rows, columns) = shape
    let a = testNumbers(columns, seed: 30)
    let b = PaddedRows(rows: rows, columns: columns, seed: 31)
    let factor = testNumbers(rows, seed: 32)
    var out = PaddedRows(rows: rows, columns: columns, padding: 4, seed: 33)
    set.kernels.add_scaled_rows(a, b.floats, b.stride, factor, &out.floats, out.stride, rows, columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let product = Double(factor[row]) * Double(b[row, column])
        let magnitude = abs(Double(a[column])) + abs(product)
        let error = abs(Double(out[row, column]) - Double(a[column]) - product)
        #expect(error <= 2 * unitRoundoff * magnitude * slack)
      }
    }
    #expect(out.isMarginIntact)
  }
}
