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
