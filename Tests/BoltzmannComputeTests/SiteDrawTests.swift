import BoltzmannCompute
import BoltzmannTestSupport
import Testing

@Suite("Draws of single units")
struct SiteDrawTests {
  /// Fields so strong that words do not matter: e^{−40} < 2⁻³².
  @Test("a row follows its fields and couplings; the other rows stay")
  func oneRow() {
    var states = Matrix(rows: 3, columns: 5) { row, column in row == 2 && column % 2 == 0 ? 1 : 0 }
    let couplings = Matrix(rows: 3, columns: 3) { row, column in row + column == 2 && row != 1 ? 80 : 0 }
    let fields = Matrix(rows: 3, columns: 5) { _, _ in -40 }
    let changes = states.withMutableView {
      $0.drawSite(
        0, couplings: couplings.view, fields: fields.view, values: (0, 1),
        random: RandomStream(seed: 1, purpose: .site))
    }
    #expect(states.values == [1, 0, 1, 0, 1] + [0, 0, 0, 0, 0] + [1, 0, 1, 0, 1])
    #expect(changes == 3)
  }

  @Test("chains and units keep their numbers in any window")
  func windows() {
    let couplings = Matrix(rows: 4, columns: 4), fields = Matrix(rows: 4, columns: 200)
    let random = RandomStream(seed: 2, purpose: .site, step: 5)
    func draw(_ first: Int, _ columns: Range<Int>, rows: Range<Int>) -> [Float] {
      var states = Matrix(rows: 4, columns: 200)
      states.withMutableView {
        _ = $0.rows(rows).columns(columns).drawSite(
          1, couplings: couplings.view.rows(rows).columns(rows),
          fields: fields.view.rows(rows).columns(columns), values: (-1, 1), random: random,
          firstChain: columns.lowerBound, firstUnit: first)
      }
      return states.view.rows((rows.lowerBound + 1)..<(rows.lowerBound + 2)).columns(columns).values
    }
    let whole = draw(0, 0..<200, rows: 0..<4)
    #expect(draw(0, 64..<128, rows: 0..<4) == Array(whole[64..<128]))
    // Unit 1 of a window that begins at unit 2 is unit 3.
    #expect(draw(2, 0..<200, rows: 2..<4) != whole)
    let words = random.words(row: 1, count: 200)
    #expect(whole == words.map { $0 < 1 << 31 ? 1 : -1 })
  }

  @Test("symmetric bit for bit, with a zero diagonal")
  func symmetry() {
    var matrix = Matrix(rows: 3, columns: 3, values: [1, 0.1, 0.2, 0.3, 5, 0.7, -0.2, 1e-8, 9])
    matrix.withMutableView { $0.symmetrize() }
    #expect(matrix == matrix.transposed)
    #expect((0..<3).allSatisfy { matrix[$0, $0] == 0 })
    #expect(matrix[1, 0] == 0.5 * (Float(0.1) + Float(0.3)) && matrix[0, 2] == 0)
  }

  @Test("scaling leaves the padding zero")
  func scaling() {
    var matrix = Matrix(rows: 2, columns: 3, values: [0, 1, 1, 0, 1, 0])
    matrix.withMutableView { $0.scale(by: 2, adding: -1) }
    #expect(matrix.values == [-1, 1, 1, -1, 1, -1])
  }
}
