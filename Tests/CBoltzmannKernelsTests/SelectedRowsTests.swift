import CBoltzmannKernels
import Testing

/// States × weights, with rows of weights that end in whole vectors of 16 columns.
private struct Selection: Sendable, CustomTestStringConvertible {
  let rows, inner, columns: Int

  init(_ rows: Int, _ inner: Int, _ columns: Int) {
    (self.rows, self.inner, self.columns) = (rows, inner, columns)
  }

  /// Around the 112 rows and 64 columns of a tile, the 128 rows of a group, the 16 columns of a vector.
  static let all = [
    Selection(1, 1, 1), Selection(3, 16, 16), Selection(5, 112, 17), Selection(4, 113, 64),
    Selection(2, 230, 65), Selection(129, 20, 33), Selection(20, 129, 48), Selection(115, 7, 3),
    Selection(2, 0, 5), Selection(0, 5, 5),
  ]
  static let densities = [0, 0.1, 0.5, 1] as [Float]

  var testDescription: String { "[\(rows), \(inner)] × [\(inner), \(columns)]" }

  /// Zeros and ones, `density` of them ones.
  func states(_ density: Float, seed: UInt64) -> PaddedRows {
    var states = PaddedRows(rows: rows, columns: inner, seed: seed)
    for row in 0..<rows {
      for unit in 0..<inner { states[row, unit] = states[row, unit] < 2 * density - 1 ? 1 : 0 }
    }
    return states
  }
}

extension PaddedRows {
  /// Rows whose padding up to whole vectors is zero, with a margin beyond.
  fileprivate init(wholeVectorRows rows: Int, columns: Int, seed: UInt64) {
    let width = (columns + 15) / 16 * 16
    self.init(rows: rows, columns: columns, padding: width - columns + 16, seed: seed)
    for row in 0..<rows {
      for column in columns..<width { self[row, column] = 0 }
    }
  }

  fileprivate var isRestIntact: Bool {
    let width = (columns + 15) / 16 * 16
    return (0..<rows).allSatisfy { row in
      (columns..<stride).allSatisfy { self[row, $0] == ($0 < width ? 0 : PaddedRows.margin) }
    }
  }
}

/// Whether found[r, j] is start[r, j] + scale·Σ_k factor(r, k)·summed[k, j] to rounding: in u of the
/// magnitudes, one for each of the terms in whatever order, one for the scale, one for the last sum.
private func isSum(
  _ found: PaddedRows, start: PaddedRows?, scale: Double = 1, of summed: PaddedRows,
  factor: (_ row: Int, _ term: Int) -> Float
) -> Bool {
  (0..<found.rows).allSatisfy { row in
    let factors = (0..<summed.rows).map { scale * Double(factor(row, $0)) }
    return (0..<found.columns).allSatisfy { column in
      var exact = start.map { Double($0[row, column]) } ?? 0
      var magnitude = abs(exact)
      for term in 0..<summed.rows where factors[term] != 0 {
        exact += factors[term] * Double(summed[term, column])
        magnitude += abs(factors[term] * Double(summed[term, column]))
      }
      let allowed = Double(summed.rows + 2) * unitRoundoff * magnitude
      return abs(Double(found[row, column]) - exact) <= allowed
    }
  }
}

extension PaddedRows {
  fileprivate var ones: Int { values.count { $0 == 1 } }
  fileprivate func changes(to other: PaddedRows) -> Int { zip(values, other.values).count { $0 != $1 } }
}

@Suite struct SelectedRowsTests {
  @Test(arguments: InstructionSet.available, Selection.all)
  private func rowsSelectedByStatesAreSummed(_ set: InstructionSet, _ shape: Selection) {
    let weights = PaddedRows(wholeVectorRows: shape.inner, columns: shape.columns, seed: 50)
    let start = PaddedRows(wholeVectorRows: shape.rows, columns: shape.columns, seed: 51)
    for density in Selection.densities {
      let states = shape.states(density, seed: 52)
      for keeps in [false, true] {
        var out = start
        set.kernels.selected_row_sums(
          states.floats, states.stride, weights.floats, weights.stride, &out.floats, out.stride, shape.rows,
          shape.inner, shape.columns, states.ones, keeps ? 1 : 0)
        #expect(isSum(out, start: keeps ? start : nil, of: weights) { states[$0, $1] })
        #expect(out.isRestIntact)
      }
    }
  }

  @Test(arguments: InstructionSet.available, Selection.all)
  private func rowsOfChangedStatesAreAddedOrTakenOff(_ set: InstructionSet, _ shape: Selection) {
    let weights = PaddedRows(wholeVectorRows: shape.inner, columns: shape.columns, seed: 53)
    let start = PaddedRows(wholeVectorRows: shape.rows, columns: shape.columns, seed: 54)
    for (before, after) in [(0, 1), (1, 0), (0.5, 0.5), (0.1, 0.1)] as [(Float, Float)] {
      let (old, new) = (shape.states(before, seed: 55), shape.states(after, seed: 56))
      var out = start
      set.kernels.changed_row_sums(
        old.floats, new.floats, new.stride, weights.floats, weights.stride, &out.floats, out.stride,
        shape.rows, shape.inner, shape.columns, old.changes(to: new))
      #expect(isSum(out, start: start, of: weights) { new[$0, $1] - old[$0, $1] })
      #expect(out.isRestIntact)
    }
  }

  /// The number of selected entries sets how sums are cut, never what is summed: not even a wrong one.
  @Test(arguments: InstructionSet.available, [0, 1, 100, 400, 10_000, 1 << 40])
  func anyNumberOfOnesWillDo(_ set: InstructionSet, _ selected: Int) {
    for shape in [Selection(3, 2_100, 20), Selection(2_100, 3, 20)] {
      let states = shape.states(0.1, seed: 60)
      let weights = PaddedRows(wholeVectorRows: shape.inner, columns: 20, seed: 61)
      var sums = PaddedRows(wholeVectorRows: shape.rows, columns: 20, seed: 62)
      set.kernels.selected_row_sums(
        states.floats, states.stride, weights.floats, weights.stride, &sums.floats, sums.stride, shape.rows,
        shape.inner, 20, selected, 0)
      #expect(isSum(sums, start: nil, of: weights) { states[$0, $1] })
      let hiddens = PaddedRows(wholeVectorRows: shape.rows, columns: 20, seed: 63)
      var outer = PaddedRows(wholeVectorRows: shape.inner, columns: 20, seed: 64)
      set.kernels.selected_outer_sums(
        states.floats, states.stride, hiddens.floats, hiddens.stride, 1, &outer.floats, outer.stride,
        shape.rows, shape.inner, 20, selected, 0)
      #expect(isSum(outer, start: nil, of: hiddens) { states[$1, $0] })
    }
  }

  @Test(arguments: InstructionSet.available, Selection.all)
  private func rowsOfChangedColumnsAreAddedOrTakenOff(_ set: InstructionSet, _ shape: Selection) {
    let hiddens = PaddedRows(wholeVectorRows: shape.rows, columns: shape.columns, seed: 57)
    let start = PaddedRows(wholeVectorRows: shape.inner, columns: shape.columns, seed: 58)
    for (before, after) in [(0, 1), (1, 0), (0.5, 0.5), (0.1, 0.1)] as [(Float, Float)] {
      let (old, new) = (shape.states(before, seed: 55), shape.states(after, seed: 56))
      var out = start
      set.kernels.changed_outer_sums(
        old.floats, new.floats, new.stride, hiddens.floats, hiddens.stride, -0.3, &out.floats, out.stride,
        shape.rows, shape.inner, shape.columns, old.changes(to: new))
      #expect(
        isSum(out, start: start, scale: Double(-0.3 as Float), of: hiddens) { new[$1, $0] - old[$1, $0] })
      #expect(out.isRestIntact)
    }
  }

  @Test(arguments: InstructionSet.available, Selection.all)
  private func rowsSelectedByColumnsOfStatesAreSummed(_ set: InstructionSet, _ shape: Selection) {
    let hiddens = PaddedRows(wholeVectorRows: shape.rows, columns: shape.columns, seed: 57)
    let start = PaddedRows(wholeVectorRows: shape.inner, columns: shape.columns, seed: 58)
    for density in Selection.densities {
      let states = shape.states(density, seed: 59)
      for keeps in [false, true] {
        var out = start
        set.kernels.selected_outer_sums(
          states.floats, states.stride, hiddens.floats, hiddens.stride, -0.3, &out.floats, out.stride,
          shape.rows, shape.inner, shape.columns, states.ones, keeps ? 1 : 0)
        #expect(
          isSum(out, start: keeps ? start : nil, scale: Double(-0.3 as Float), of: hiddens) { states[$1, $0] }
        )
        #expect(out.isRestIntact)
      }
    }
  }

  /// What the result held before does not matter unless it is kept.
  @Test(arguments: InstructionSet.available)
  func garbageIsNotRead(_ set: InstructionSet) {
    let shape = Selection(3, 150, 20)
    let states = shape.states(0.3, seed: 60)
    let weights = PaddedRows(wholeVectorRows: 150, columns: 20, seed: 61)
    var out = PaddedRows(wholeVectorRows: 3, columns: 20, seed: 62)
    out.floats = out.floats.map { _ in .nan }
    set.kernels.selected_row_sums(
      states.floats, states.stride, weights.floats, weights.stride, &out.floats, out.stride, 3, 150, 20,
      states.ones, 0)
    #expect(isSum(out, start: nil, of: weights) { states[$0, $1] })
  }

  /// A row's bits do not depend on the rows it is computed with, as long as as much of all of them is selected.
  @Test(arguments: InstructionSet.available)
  func bitsDoNotDependOnTheBlock(_ set: InstructionSet) {
    let shape = Selection(9, 250, 70)
    let states = shape.states(0.4, seed: 63)
    let weights = PaddedRows(wholeVectorRows: 250, columns: 70, seed: 64)
    func sums(_ rows: Range<Int>) -> [Float] {
      var out = PaddedRows(wholeVectorRows: rows.count, columns: 70, seed: 65)
      set.kernels.selected_row_sums(
        Array(states.floats[(rows.lowerBound * states.stride)...]), states.stride, weights.floats,
        weights.stride, &out.floats, out.stride, rows.count, 250, 70, 100 * rows.count, 0)
      return out.values
    }
    #expect((0..<9).flatMap { sums($0..<$0 + 1) } == sums(0..<9))
  }
}

@Suite struct CountTests {
  static let widths = [0, 1, 15, 16, 17, 64, 70, 500]

  @Test(arguments: InstructionSet.available, widths)
  func onesAreCounted(_ set: InstructionSet, _ columns: Int) {
    for density in Selection.densities {
      let states = Selection(3, columns, 0).states(density, seed: 66)
      let count = set.kernels.count_ones(states.floats, states.stride, 3, columns)
      #expect(count == states.values.count { $0 == 1 })
    }
  }

  /// −0 is a zero; anything but 0 and 1 makes the rows unfit for selection, wherever it stands.
  @Test(
    arguments: InstructionSet.available,
    [0.5, -1, 2, Float(1).nextDown, .leastNonzeroMagnitude, .nan, .infinity] as [Float])
  func otherNumbersAreNoticed(_ set: InstructionSet, _ other: Float) {
    for place in [0, 16, 36] {
      for row in 0..<3 {
        var states = Selection(3, 37, 0).states(0.5, seed: 67)
        states[row, place] = other
        #expect(UInt(bitPattern: set.kernels.count_ones(states.floats, states.stride, 3, 37)) == .max)
        states[row, place] = -0.0
        #expect(
          set.kernels.count_ones(states.floats, states.stride, 3, 37) == states.values.count { $0 == 1 })
      }
    }
  }

  @Test(arguments: InstructionSet.available, widths)
  func changesAreCounted(_ set: InstructionSet, _ columns: Int) {
    let old = Selection(3, columns, 0).states(0.5, seed: 68)
    let new = Selection(3, columns, 0).states(0.5, seed: 69)
    let count = set.kernels.count_changes(old.floats, old.stride, new.floats, new.stride, 3, columns)
    #expect(count == zip(old.values, new.values).count { $0 != $1 })
  }
}

@Suite struct TransposeTests {
  @Test(
    arguments: InstructionSet.available,
    [(1, 1), (16, 16), (32, 48), (15, 17), (33, 20), (3, 70), (70, 3), (0, 4), (4, 0)])
  func rowsBecomeColumns(_ set: InstructionSet, _ shape: (rows: Int, columns: Int)) {
    let x = PaddedRows(rows: shape.rows, columns: shape.columns, seed: 70)
    var out = PaddedRows(rows: shape.columns, columns: shape.rows, padding: 5, seed: 71)
    set.kernels.transpose(x.floats, x.stride, &out.floats, out.stride, shape.rows, shape.columns)
    let expected = (0..<shape.columns).flatMap { column in (0..<shape.rows).map { x[$0, column] } }
    #expect(out.values == expected)
    #expect(out.isMarginIntact)
  }
}
