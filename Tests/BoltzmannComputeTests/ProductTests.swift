import BoltzmannCompute
import Testing

/// A factor of a product: a window inside a larger matrix, as it is or transposed.
private struct Operand {
  let matrix: Matrix
  let rows: Int
  let columns: Int
  let isTransposed: Bool

  init(rows: Int, columns: Int, isTransposed: Bool, seed: UInt64) {
    let (height, width) = isTransposed ? (columns, rows) : (rows, columns)
    matrix = Matrix.normal(rows: height + 3, columns: width + 5, seed: seed)
    (self.rows, self.columns, self.isTransposed) = (rows, columns, isTransposed)
  }

  var factor: Factor {
    let (height, width) = isTransposed ? (columns, rows) : (rows, columns)
    let window = matrix.view.rows(2..<2 + height).columns(3..<3 + width)
    return isTransposed ? window.transposed : window.asIs
  }

  subscript(row: Int, column: Int) -> Double {
    Double(isTransposed ? matrix[2 + column, 3 + row] : matrix[2 + row, 3 + column])
  }
}

private struct Shape: Sendable, CustomTestStringConvertible {
  let rows, inner, columns: Int
  init(_ rows: Int, _ inner: Int, _ columns: Int) {
    (self.rows, self.inner, self.columns) = (rows, inner, columns)
  }
  var testDescription: String { "[\(rows), \(inner)] × [\(inner), \(columns)]" }
}

@Suite struct ProductTests {
  private static let shapes = [
    Shape(1, 1, 1), Shape(1, 5, 3), Shape(4, 1, 7), Shape(7, 9, 1), Shape(1, 64, 1), Shape(17, 33, 5),
    Shape(50, 37, 129), Shape(5, 501, 16), Shape(1, 17, 70), Shape(3, 0, 4),
  ]

  /// Each entry is a sum of k products and β·c. In u = 2⁻²⁴ of the magnitudes, whatever the order of the sum: k
  /// roundings for the products and their sum, one for α, one each for β·c and the last sum.
  @Test(arguments: shapes, [(false, false), (false, true), (true, false), (true, true)])
  private func agreesWithDoubleLoops(_ shape: Shape, _ transposed: (a: Bool, b: Bool)) {
    let a = Operand(rows: shape.rows, columns: shape.inner, isTransposed: transposed.a, seed: 10)
    let b = Operand(rows: shape.inner, columns: shape.columns, isTransposed: transposed.b, seed: 11)
    for (alpha, beta) in [(1, 0), (1, 1), (0.5, 1), (-2, 0.25), (0, 0.5)] as [(Float, Float)] {
      check(a, b, alpha: alpha, beta: beta)
    }
  }

  private func check(_ a: Operand, _ b: Operand, alpha: Float, beta: Float) {
    let before = Matrix.normal(rows: a.rows + 2, columns: b.columns + 9, seed: 12)
    var after = before
    after.withMutableView {
      $0.rows(1..<1 + a.rows).columns(4..<4 + b.columns).multiply(
        a.factor, b.factor, alpha: alpha, beta: beta)
    }
    var isWithin = true
    for row in 0..<before.rows {
      for column in 0..<before.columns {
        let old = before[row, column]
        let isInside = 1..<1 + a.rows ~= row && 4..<4 + b.columns ~= column
        let (exact, allowed) =
          isInside
          ? entry(a, b, row - 1, column - 4, alpha: Double(alpha), added: Double(beta) * Double(old))
          : (Double(old), 0)
        isWithin = isWithin && abs(Double(after[row, column]) - exact) <= allowed
      }
    }
    #expect(isWithin, "α = \(alpha), β = \(beta)")
  }

  private func entry(
    _ a: Operand, _ b: Operand, _ row: Int, _ column: Int, alpha: Double, added: Double
  ) -> (exact: Double, allowed: Double) {
    var exact = added, magnitude = 0.0, inner = 0
    while inner < a.columns {
      let term = alpha * a[row, inner] * b[inner, column]
      exact += term
      magnitude += abs(term)
      inner += 1
    }
    return (exact, unitRoundoff * (Double(a.columns + 2) * magnitude + 2 * abs(added)))
  }

  /// With no terms at all the product is zero, and only β·self is left.
  @Test(arguments: [0, 1, -0.5] as [Float])
  func noInnerDimensionLeavesBetaTimesSelf(_ beta: Float) {
    var matrix = Matrix.filled(rows: 3, columns: 5, 4)
    matrix.withMutableView {
      $0.multiply(Matrix(rows: 3, columns: 0).view, Matrix(rows: 0, columns: 5).view, beta: beta)
    }
    #expect(matrix == Matrix.filled(rows: 3, columns: 5, 4 * beta))
  }

  @Test func noRowsOrColumnsAreNothingToDo() {
    var (flat, thin) = (Matrix(rows: 0, columns: 5), Matrix(rows: 5, columns: 0))
    let factor = Matrix.normal(rows: 5, columns: 5, seed: 13)
    flat.withMutableView { $0.multiply(Matrix(rows: 0, columns: 5).view, factor.view) }
    thin.withMutableView { $0.multiply(factor.view, Matrix(rows: 5, columns: 0).view, beta: 1) }
    #expect(flat.values.isEmpty && thin.values.isEmpty)
  }

  /// With β = 0 it does not matter what the result held before.
  @Test(arguments: [Float.nan, .infinity], [(3, 4, 5), (40, 50, 60), (2, 0, 2)])
  func betaZeroDoesNotReadTheResult(_ garbage: Float, _ shape: (rows: Int, inner: Int, columns: Int)) {
    let a = Matrix.normal(rows: shape.rows, columns: shape.inner, seed: 14)
    let b = Matrix.normal(rows: shape.inner, columns: shape.columns, seed: 15)
    var matrix = Matrix.filled(rows: shape.rows, columns: shape.columns, garbage)
    var clean = Matrix(rows: shape.rows, columns: shape.columns)
    matrix.withMutableView { $0.multiply(a.view, b.view) }
    clean.withMutableView { $0.multiply(a.view, b.view) }
    #expect(matrix == clean)
  }

  @Test func shortFormsMeanTheSame() {
    let a = Matrix.normal(rows: 3, columns: 4, seed: 16)
    let b = Matrix.normal(rows: 4, columns: 5, seed: 17)
    var (long, short, mixed) = (
      Matrix(rows: 3, columns: 5), Matrix(rows: 3, columns: 5), Matrix(rows: 3, columns: 5)
    )
    long.withMutableView { $0.multiply(a.view.asIs, b.view.asIs, alpha: 2) }
    short.withMutableView { $0.multiply(a.view, b.view, alpha: 2) }
    mixed.withMutableView { $0.multiply(a.view, b.view.asIs, alpha: 2) }
    #expect(long == short && long == mixed)
  }
}

@Suite struct MatrixVectorTests {
  /// k products and their sum: k roundings of each term.
  @Test(arguments: [(1, 1), (1, 9), (9, 1), (17, 33), (70, 31), (128, 500), (3, 0), (0, 3)])
  func agreesWithDoubleLoops(_ rows: Int, _ columns: Int) {
    let matrix = Matrix.normal(rows: rows + 2, columns: columns + 3, seed: 18)
    let window = matrix.view.rows(1..<1 + rows).columns(2..<2 + columns)
    let (x, y) = (normals(columns, seed: 19), normals(rows, seed: 20))
    check(window.times(x), outer: rows, inner: columns) { Double(window[$0, $1]) * Double(x[$1]) }
    check(window.transposedTimes(y), outer: columns, inner: rows) { Double(window[$1, $0]) * Double(y[$1]) }
  }

  private func check(_ found: [Float], outer: Int, inner: Int, _ term: (Int, Int) -> Double) {
    #expect(found.count == outer)
    for index in found.indices {
      let terms = (0..<inner).map { term(index, $0) }
      let magnitude = terms.reduce(0) { $0 + abs($1) }
      let error = abs(Double(found[index]) - terms.reduce(0, +))
      #expect(error <= Double(inner) * unitRoundoff * magnitude)
    }
  }
}
