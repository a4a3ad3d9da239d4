import BoltzmannCompute
import Testing

// The kernels behind these are tested one by one against their formulas; here it is that the right rows,
// columns and windows reach them. Entries are small integers, of which Float makes exact sums.
@Suite struct ReductionTests {
  private static let outer = Matrix(rows: 5, columns: 40) { Float(($0 * 7 + $1 * 3) % 11) - 5 }
  private static let window = outer.view.rows(1..<4).columns(2..<37)
  private static let other = Matrix(rows: 3, columns: 35) { Float(($0 * 5 + $1) % 7) - 3 }

  @Test func rowDots() {
    let vector = (0..<35).map { Float($0 % 5) }
    var sums = [1.0, 2, 3]
    Self.window.addRowDots(with: vector, to: &sums)
    let expected = (0..<3).map { row in
      (0..<35).reduce(Double(row + 1)) { $0 + Double(Self.window[row, $1] * vector[$1]) }
    }
    #expect(sums == expected)

    sums = [0, 0, 0]
    Self.window.addRowDots(with: Self.other.view, to: &sums)
    let products = (0..<3).map { row in
      (0..<35).reduce(0) { $0 + Double(Self.window[row, $1] * Self.other[row, $1]) }
    }
    #expect(sums == products)
  }

  @Test func squares() {
    let differences = zip(Self.window.values, Self.other.values).map { Double($0 - $1) }
    #expect(Self.window.squaredDistance(to: Self.other.view) == differences.reduce(0) { $0 + $1 * $1 })
    #expect(Self.window.squaredNorm == Self.window.values.reduce(0) { $0 + Double($1 * $1) })
    #expect(Self.window.rows(0..<0).squaredNorm == 0)
  }

  @Test func columnSums() {
    for weights in [nil, [2, 0, -1] as [Float]] {
      var sums = [Float](repeating: 1, count: 35)
      Self.window.addColumnSums(scale: 0.5, weights: weights, to: &sums)
      let expected = (0..<35).map { column in
        (0..<3).reduce(Float(1)) { $0 + 0.5 * (weights?[$1] ?? 1) * Self.window[$1, column] }
      }
      #expect(sums == expected)
    }
  }

  @Test func scaledRows() {
    var result = Matrix(rows: 3, columns: 35)
    result.withMutableView {
      $0.addScaledRows(of: Self.other.view, to: Self.window.rows(2..<3), factors: [1, -2, 0.5])
    }
    let factors: [Float] = [1, -2, 0.5]
    #expect(
      result == Matrix(rows: 3, columns: 35) { Self.window[2, $1] + factors[$0] * Self.other[$0, $1] })
  }

  @Test func additionOfMultiples() {
    var sum = Self.other
    sum.withMutableView { $0.add(Self.window, scale: 2, beta: -0.5) }
    #expect(sum == Matrix(rows: 3, columns: 35) { 2 * Self.window[$0, $1] - 0.5 * Self.other[$0, $1] })

    var garbage = Matrix.filled(rows: 3, columns: 35, .nan)
    garbage.withMutableView { $0.add(Self.window, scale: 1, beta: 0) }
    #expect(garbage.values == Self.window.values)
  }
}
