import BoltzmannCompute
import Testing

@Suite struct SelectedRowsTests {
  /// Zeros and ones, `density` of them ones.
  private func states(rows: Int, columns: Int, density: Double) -> Matrix {
    let uniforms = RandomStream(seed: 60, purpose: .test).uniforms(row: 0, count: rows * columns)
    return Matrix(rows: rows, columns: columns) { uniforms[$0 * columns + $1] < density ? 1 : 0 }
  }

  /// Whether two results of sums of `terms` numbers of at most `magnitude` each agree: either way each term
  /// rounds as often as there are terms.
  private func agree(_ a: MatrixView, _ b: MatrixView, terms: Int, magnitude: Float) -> Bool {
    let allowed = 2 * Double(terms) * unitRoundoff * Double(terms) * Double(magnitude)
    return zip(a.values, b.values).allSatisfy { abs(Double($0) - Double($1)) <= allowed }
  }

  private func largest(_ matrix: Matrix) -> Float { matrix.values.reduce(0) { max($0, abs($1)) } }

  /// Sparse and dense states, and some that are not binary: whichever way is taken, the product is the same.
  @Test(arguments: [0, 0.02, 0.3, 0.9, 1])
  func statesTimesWeightsIsTheProduct(_ density: Double) {
    var states = states(rows: 30, columns: 150, density: density)
    let weights = Matrix.normal(rows: 150, columns: 37, seed: 61)
    for isBinary in [true, false] {
      if !isBinary { states[29, 149] = 0.5 }
      #expect((states.view.onesCount != nil) == isBinary)
      let (product, expected) = (
        MutableMatrixView(rows: 30, columns: 37), MutableMatrixView(rows: 30, columns: 37)
      )
      product.multiply(states: states.view, weights.view)
      expected.multiply(states.view, weights.view)
      #expect(agree(product.view, expected.view, terms: 150, magnitude: largest(weights)))
    }
  }

  @Test(arguments: [0, 0.02, 0.3, 0.9, 1], [(1, 0), (-0.25, 1), (0.5, 0.5)] as [(Float, Float)])
  func transposedStatesTimesHiddensIsTheProduct(_ density: Double, _ scales: (alpha: Float, beta: Float)) {
    let states = states(rows: 130, columns: 30, density: density)
    let hiddens = Matrix.normal(rows: 130, columns: 37, seed: 62)
    let start = Matrix.normal(rows: 30, columns: 37, seed: 63)
    let (product, expected) = (
      MutableMatrixView(rows: 30, columns: 37), MutableMatrixView(rows: 30, columns: 37)
    )
    product.copy(start.view)
    expected.copy(start.view)
    product.multiply(transposedStates: states.view, hiddens.view, alpha: scales.alpha, beta: scales.beta)
    expected.multiply(
      states.view.transposed, hiddens.view.asIs, alpha: scales.alpha, beta: scales.beta)
    #expect(agree(product.view, expected.view, terms: 132, magnitude: largest(hiddens)))
  }

  /// αbeforeᵀ·hiddens − αafterᵀ·others, where few states changed and where many did.
  @Test(arguments: [0.05, 0.3], [0, 0.02, 0.5])
  func pairsGiveTheDifferenceOfTheProducts(_ density: Double, _ flips: Double) {
    let before = states(rows: 110, columns: 33, density: density)
    let uniforms = RandomStream(seed: 65, purpose: .test).uniforms(row: 0, count: 110 * 33)
    let after = Matrix(rows: 110, columns: 33) {
      uniforms[$0 * 33 + $1] < flips ? 1 - before[$0, $1] : before[$0, $1]
    }
    let hiddens = Matrix.normal(rows: 110, columns: 37, seed: 66)
    let others = Matrix.normal(rows: 110, columns: 37, seed: 67)
    let difference = MutableMatrixView(rows: 110, columns: 37)
    difference.subtract(others.view, from: hiddens.view)
    let (paired, expected) = (
      MutableMatrixView(rows: 33, columns: 37), MutableMatrixView(rows: 33, columns: 37)
    )
    paired.fill(7)
    let isPaired = paired.multiplyPaired(
      before: before.view, after: after.view, difference: difference.view, others: others.view, alpha: 0.5)
    let changes = zip(before.values, after.values).count { $0 != $1 }
    #expect(isPaired == (changes < after.view.onesCount!))
    guard isPaired else { return #expect(paired.view.values.allSatisfy { $0 == 7 }) }
    expected.multiply(before.view.transposed, hiddens.view.asIs, alpha: 0.5)
    expected.multiply(after.view.transposed, others.view.asIs, alpha: -0.5, beta: 1)
    // Terms: a difference and a changed state a row either way, the difference rounded once more.
    #expect(
      agree(paired.view, expected.view, terms: 222, magnitude: 2 * max(largest(hiddens), largest(others))))
  }

  /// Inputs that follow a chain for as long as they do between two full products: each update of c changed units
  /// adds at most (c + 1)·2⁻²⁴ of the sums' magnitude, the first product as many roundings as it has terms.
  @Test func inputsThatFollowChangesDoNotDrift() {
    let weights = Matrix.normal(rows: 150, columns: 37, seed: 68)
    var now = states(rows: 30, columns: 150, density: 0.3)
    let inputs = MutableMatrixView(rows: 30, columns: 37)
    inputs.multiply(states: now.view, weights.view)
    var roundings = 150
    for update in 0..<16 {
      let draws = RandomStream(seed: 69, purpose: .test, step: UInt64(update)).uniforms(row: 0, count: 4_500)
      let next = Matrix(rows: 30, columns: 150) {
        draws[$0 * 150 + $1] < 0.04 ? 1 - now[$0, $1] : now[$0, $1]
      }
      #expect(inputs.addChange(of: weights.view, before: now.view, after: next.view))
      let changes = (0..<30).map { row in (0..<150).count { next[row, $0] != now[row, $0] } }
      roundings += changes.max()! + 1
      now = next
    }
    for row in 0..<30 {
      for column in 0..<37 {
        let terms = (0..<150).map { Double(now[row, $0]) * Double(weights[$0, column]) }
        let magnitude = (0..<150).reduce(0) { $0 + abs(Double(weights[$1, column])) }
        let error = abs(Double(inputs[row, column]) - terms.reduce(0, +))
        #expect(error <= Double(roundings) * unitRoundoff * magnitude)
      }
    }
  }

  /// Windows of whole vectors are summed like the rest, to the bit.
  @Test(arguments: [0.02, 0.3])
  func windowsOfWholeVectorsAreSummedAlike(_ density: Double) {
    let states = states(rows: 50, columns: 200, density: density)
    let weights = Matrix.normal(rows: 200, columns: 300, seed: 70)
    let (whole, cut) = (
      MutableMatrixView(rows: 50, columns: 300), MutableMatrixView(rows: 50, columns: 300)
    )
    #expect(whole.sumSelectedRowsIfCheaper(of: weights.view, states: states.view))
    for window in [0..<128, 128..<256, 256..<300] {
      #expect(
        cut.columns(window).sumSelectedRowsIfCheaper(
          of: weights.view.columns(window), states: states.view))
    }
    #expect(whole.view.values == cut.view.values)
  }

  /// Windows that leave columns out have no padding of their own: nothing beside them may change.
  @Test func windowsLeaveTheirNeighboursAlone() {
    let states = states(rows: 5, columns: 40, density: 0.1)
    let weights = Matrix.normal(rows: 40, columns: 30, seed: 64)
    let all = MutableMatrixView(rows: 5, columns: 30)
    all.fill(9)
    all.columns(3..<20).multiply(states: states.view, weights.view.columns(3..<20))
    #expect(all.columns(0..<3).view.values.allSatisfy { $0 == 9 })
    #expect(all.columns(20..<30).view.values.allSatisfy { $0 == 9 })

    let gradient = MutableMatrixView(rows: 40, columns: 30)
    let hiddens = Matrix.normal(rows: 5, columns: 30, seed: 65)
    gradient.fill(9)
    gradient.columns(3..<20).multiply(
      transposedStates: states.view, hiddens.view.columns(3..<20), alpha: 1, beta: 0)
    #expect(gradient.columns(20..<30).view.values.allSatisfy { $0 == 9 })
  }

  /// Inputs brought up to date by what has changed are the inputs of the new states.
  @Test func changedRowsBringInputsUpToDate() {
    let before = states(rows: 20, columns: 150, density: 0.5)
    let after = Matrix(rows: 20, columns: 150) { ($0 + $1) % 7 == 0 ? 1 - before[$0, $1] : before[$0, $1] }
    let weights = Matrix.normal(rows: 150, columns: 37, seed: 66)
    let (inputs, expected) = (
      MutableMatrixView(rows: 20, columns: 37), MutableMatrixView(rows: 20, columns: 37)
    )
    inputs.multiply(before.view, weights.view)
    inputs.addChangedRows(of: weights.view, before: before.view, after: after.view, changes: 10)
    expected.multiply(after.view, weights.view)
    #expect(agree(inputs.view, expected.view, terms: 300, magnitude: largest(weights)))
  }

  @Test func paddingStaysZero() {
    let states = states(rows: 6, columns: 40, density: 0.2)
    let weights = Matrix.normal(rows: 40, columns: 21, seed: 67)
    var (inputs, gradient) = (Matrix(rows: 6, columns: 21), Matrix(rows: 40, columns: 21))
    inputs.withMutableView {
      $0.sumSelectedRows(of: weights.view, states: states.view, ones: states.view.onesCount!)
      $0.addChangedRows(
        of: weights.view, before: Matrix(rows: 6, columns: 40).view, after: states.view, changes: 99)
    }
    gradient.withMutableView {
      $0.multiply(transposedStates: states.view, inputs.view, alpha: 2, beta: 1)
    }
    #expect(inputs.padding.allSatisfy { $0 == 0 } && gradient.padding.allSatisfy { $0 == 0 })
    #expect(weights.transposed.padding.allSatisfy { $0 == 0 })
  }
}
