import BoltzmannCompute
import Testing

@Suite struct MatrixViewTests {
  /// Entry (r, c) is 10·r + c.
  private static let table = Matrix(rows: 6, columns: 7) { Float(10 * $0 + $1) }

  @Test func windowsAreCutFromRowsAndColumns() {
    let window = Self.table.view.rows(2..<5).columns(3..<5)
    #expect(window.rows == 3 && window.columns == 2 && window.stride == Self.table.stride)
    #expect(window.values == [23, 24, 33, 34, 43, 44])
    #expect(window[1, 1] == 34)
    #expect(Self.table.view.columns(3..<5).rows(2..<5).values == window.values)
  }

  @Test func windowsOfWindowsCountFromTheirOwnCorner() {
    let window = Self.table.view.rows(1..<6).columns(2..<7).rows(2..<4).columns(1..<3)
    #expect(window.values == [33, 34, 43, 44])
  }

  @Test func windowsMayBeEmpty() {
    #expect(Self.table.view.rows(6..<6).values.isEmpty)
    #expect(Self.table.view.columns(0..<0).values.isEmpty)
    #expect(Self.table.view.columns(7..<7).rows == 6)
  }

  @Test func writingThroughAWindowChangesNothingElse() {
    var matrix = Self.table
    matrix.withMutableView { all in
      let window = all.rows(1..<3).columns(4..<6)
      window[0, 1] = -1
      #expect(window[0, 1] == -1 && window.view[0, 1] == -1)
    }
    #expect(matrix == Matrix(rows: 6, columns: 7) { $0 == 1 && $1 == 5 ? -1 : Float(10 * $0 + $1) })
  }

  @Test func fillCopyAndSet() {
    var matrix = Matrix(rows: 4, columns: 3)
    matrix.withMutableView {
      $0.rows(0..<2).fill(2)
      $0.rows(1..<3).columns(1..<3).copy(Self.table.view.rows(3..<5).columns(0..<2))
      $0.setRow(3, [7, 8, 9])
      $0.columns(0..<2).setColumn(0, [4, 5, 6, 7])
    }
    #expect(matrix.values == [4, 2, 2, 5, 30, 31, 6, 40, 41, 7, 8, 9])
  }

  @Test func rowsCanBeSetFromAnyCollection() {
    var matrix = Matrix(rows: 1, columns: 3)
    matrix.withMutableView { $0.setRow(0, [1, 2, 3, 4][1...].lazy.map { 2 * $0 }) }
    #expect(matrix.values == [4, 6, 8])
  }

  @Test func freshViewsAreZerosThatLiveOnTheirOwn() {
    let view = MutableMatrixView(rows: 2, columns: 20)
    #expect(view.view.values == [Float](repeating: 0, count: 40))
    #expect(view.stride == Matrix(rows: 2, columns: 20).stride)
    view[1, 19] = 5
    #expect(view.view[1, 19] == 5)
  }

  @Test func finitenessLooksAtTheColumnsOnly() {
    for bad in [Float.nan, .infinity, -.infinity] {
      var matrix = Self.table
      matrix[4, 6] = bad
      #expect(!matrix.view.isFinite)
      #expect(matrix.view.columns(0..<6).isFinite && matrix.view.rows(0..<4).isFinite)
    }
    #expect(Self.table.view.isFinite && Self.table.view.rows(0..<0).isFinite)
  }
}
