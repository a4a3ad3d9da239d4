import BoltzmannCompute
import Testing

// The kernels behind these are tested one by one against their formulas; here it is that the right rows,
// columns, windows and row numbers reach them.
@Suite struct UnitKernelTests {
  private static let stream = RandomStream(seed: 8, purpose: .hidden, step: 3)
  private static let inputs = Matrix.normal(rows: 6, columns: 37, seed: 40)
  private static let bias = normals(37, seed: 41)
  private static let numbers: [UInt64] = [4, 1 << 34, 7, 0, 2, 99]

  private func means(_ inputs: MatrixView) -> Matrix {
    var means = Matrix(rows: inputs.rows, columns: inputs.columns)
    means.withMutableView { $0.logistic(of: inputs, bias: Self.bias, inverseTemperature: 0.5) }
    return means
  }

  private func states(_ inputs: MatrixView, _ numbers: ArraySlice<UInt64>) -> Matrix {
    var states = Matrix(rows: inputs.rows, columns: inputs.columns)
    _ = states.withMutableView {
      $0.sampleBernoulli(
        inputs: inputs, bias: Self.bias, inverseTemperature: 0.5,
        random: RandomRows(Self.stream, rows: numbers))
    }
    return states
  }

  /// Four ulps at most (see the kernel's own tests), of values up to 1: 2⁻²². The argument's two roundings
  /// move σ by 2u·|x|·σ′(x) ≤ 2u·0.23 more.
  @Test func meansAreLogistic() {
    let means = means(Self.inputs.view)
    for row in 0..<6 {
      for unit in 0..<37 {
        let exact = logistic(0.5 * (Double(Self.inputs[row, unit]) + Double(Self.bias[unit])))
        #expect(abs(Double(means[row, unit]) - exact) <= 0x1p-22 + 0.5 * unitRoundoff)
      }
    }
  }

  @Test func windowsAreRespected() {
    let all = Matrix.normal(rows: 8, columns: 50, seed: 42)
    let window = all.view.rows(1..<7).columns(5..<42)
    let copy = Matrix(rows: 6, columns: 37, values: window.values)
    #expect(means(window) == means(copy.view))
    #expect(states(window, Self.numbers[...]) == states(copy.view, Self.numbers[...]))
  }

  @Test func fusedAndSeparateDrawsAgree() {
    var (drawn, means) = (Matrix(rows: 6, columns: 37), Matrix(rows: 6, columns: 37))
    let random = RandomRows(Self.stream, rows: Self.numbers[...])
    let on = drawn.withMutableView { states in
      means.withMutableView {
        states.sampleBernoulli(
          inputs: Self.inputs.view, bias: Self.bias, inverseTemperature: 0.5, means: $0, random: random)
      }
    }
    #expect(means == self.means(Self.inputs.view))
    #expect(on == drawn.values.count { $0 == 1 })

    var separate = means
    separate.withMutableView { $0.drawBernoulli(means: $0.view, random: random) }
    #expect(separate == drawn)
  }

  /// A draw belongs to the row's own number: not to its place, and not to the block it is drawn with.
  @Test func drawsBelongToRowNumbers() {
    let whole = states(Self.inputs.view, Self.numbers[...])
    for row in 0..<6 {
      let alone = states(Self.inputs.view.rows(row..<row + 1), Self.numbers[row..<row + 1])
      #expect(alone.values == whole.view.rows(row..<row + 1).values)
    }
  }

  /// A bound in ulps is the kernel's matter (its own tests); 10⁻⁵ of sums near 30 is far above it and far
  /// below any mistake.
  @Test func softplusSums() {
    var sums = [Double](repeating: 2, count: 6)
    Self.inputs.view.addSoftplusSums(bias: Self.bias, inverseTemperature: 0.5, to: &sums)
    for row in 0..<6 {
      let exact = (0..<37).reduce(2) {
        $0 + softplus(0.5 * (Double(Self.inputs[row, $1]) + Double(Self.bias[$1])))
      }
      #expect(abs(sums[row] - exact) <= 1e-5 * exact)
    }
  }
}
