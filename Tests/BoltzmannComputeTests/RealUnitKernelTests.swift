import BoltzmannCompute
import BoltzmannReference
import Foundation
import Testing

// The kernels behind these are tested one by one against their formulas; here it is that the right rows,
// columns, windows, precisions and row numbers reach them.
@Suite struct RealUnitKernelTests {
  private static let random = RandomStream(seed: 8, purpose: .visible, step: 3)
  private static let inputs = Matrix.normal(rows: 4, columns: 37, seed: 60)
  private static let bias = normals(37, seed: 61)
  private static let precision = normals(37, seed: 62).map { exp($0) }
  private static let numbers: [UInt64] = [4, 1 << 34, 7, 0]

  private func matrix(
    _ inputs: MatrixView = Self.inputs.view, _ body: (MutableMatrixView, MatrixView) -> Void
  ) -> Matrix {
    var matrix = Matrix(rows: inputs.rows, columns: inputs.columns)
    matrix.withMutableView { body($0, inputs) }
    return matrix
  }

  private func t(_ row: Int, _ unit: Int) -> Double {
    Double(0.5 * (Self.inputs[row, unit] + Self.bias[unit]))
  }

  private func expect(_ matrix: Matrix, _ roundoffs: Double, _ exact: (Double, Double) -> Double) {
    for row in 0..<4 {
      for unit in 0..<37 {
        let value = exact(t(row, unit), Double(Self.precision[unit]))
        #expect(abs(Double(matrix[row, unit]) - value) <= roundoffs * unitRoundoff * abs(value))
      }
    }
  }

  /// 2.5, 27 and 85 roundings: see the kernels' own tests.
  @Test func meansAndVariances() {
    let (bias, precision) = (Self.bias, Self.precision)
    expect(
      matrix { $0.gaussianMeans(of: $1, bias: bias, precision: precision, inverseTemperature: 0.5) }, 2.5
    ) { $0 / $1 }
    expect(
      matrix { $0.rectifiedMeans(of: $1, bias: bias, precision: precision, inverseTemperature: 0.5) }, 27
    ) { rectifiedMean($0, precision: $1) }
    expect(
      matrix { $0.rectifiedVariances(of: $1, bias: bias, precision: precision, inverseTemperature: 0.5) },
      85
    ) { rectifiedVariance($0, precision: $1) }
  }

  /// 10⁻⁵ of sums near 30 is far above rounding and far below any mistake.
  @Test func sums() {
    let (bias, precision) = (Self.bias, Self.precision)
    var (gaussian, rectified, energies) = ([1.0, 2, 3, 4], [1.0, 2, 3, 4], [1.0, 2, 3, 4])
    Self.inputs.view.addGaussianLogNormalizers(
      bias: bias, precision: precision, inverseTemperature: 0.5, to: &gaussian)
    Self.inputs.view.addRectifiedLogNormalizers(
      bias: bias, precision: precision, inverseTemperature: 0.5, to: &rectified)
    Self.inputs.view.addQuadraticEnergies(bias: bias, precision: precision, to: &energies)
    for row in 0..<4 {
      var exact = (Double(row + 1), Double(row + 1), Double(row + 1))
      for unit in 0..<37 {
        let (t, γ, x) = (t(row, unit), Double(precision[unit]), Double(Self.inputs[row, unit]))
        exact.0 += t * t / (2 * γ) + 0.5 * log(2 * Double.pi / γ)
        exact.1 += rectifiedLogNormalizer(t, precision: γ)
        exact.2 += 0.5 * γ * x * x - Double(bias[unit]) * x
      }
      #expect(abs(gaussian[row] - exact.0) <= 1e-5 * max(30, abs(exact.0)))
      #expect(abs(rectified[row] - exact.1) <= 1e-5 * max(30, abs(exact.1)))
      #expect(abs(energies[row] - exact.2) <= 1e-5 * max(30, abs(exact.2)))
    }
  }

  /// Windows of matrices, windows of units, and rows on their own give the bits of the whole; so do means.
  @Test func drawsBelongToUnitsAndRows() {
    let precision = Self.precision
    func draw(_ rectified: Bool, _ rows: Range<Int>, _ columns: Range<Int>) -> (Matrix, Matrix) {
      let inputs = Self.inputs.view.rows(rows).columns(columns)
      var (states, means) = (Matrix(rows: rows.count, columns: columns.count), Matrix(rows: 0, columns: 0))
      means = states
      let random = RandomRows(Self.random, rows: Self.numbers[rows], firstUnit: columns.lowerBound)
      states.withMutableView { states in
        means.withMutableView { means in
          let (bias, precision) = (Array(Self.bias[columns]), Array(precision[columns]))
          if rectified {
            states.sampleRectified(
              inputs: inputs, bias: bias, precision: precision, means: means, random: random)
          } else {
            states.sampleGaussian(
              inputs: inputs, bias: bias, precision: precision, means: means, random: random)
          }
        }
      }
      return (states, means)
    }
    for rectified in [false, true] {
      let whole = draw(rectified, 0..<4, 0..<37)
      let means = matrix {
        rectified
          ? $0.rectifiedMeans(of: $1, bias: Self.bias, precision: precision)
          : $0.gaussianMeans(of: $1, bias: Self.bias, precision: precision)
      }
      #expect(whole.1 == means)
      for (rows, columns) in [(1..<2, 0..<37), (0..<4, 4..<37), (2..<4, 8..<9), (0..<1, 16..<33)] {
        let part = draw(rectified, rows, columns)
        #expect(part.0.values == whole.0.view.rows(rows).columns(columns).values)
        #expect(part.1.values == whole.1.view.rows(rows).columns(columns).values)
      }
    }
  }

  /// One state a site, probabilities that sum to 1 (37 roundings at most), log-sums as of doubles.
  @Test func categories() {
    let sites: [UInt32] = [0, 1, 3, 10, 31, 37]
    var means = Matrix(rows: 4, columns: 37)
    let states = matrix { states, inputs in
      means.withMutableView {
        states.sampleCategorical(
          inputs: inputs, bias: Self.bias, sites: sites, inverseTemperature: 0.5, means: $0,
          random: RandomRows(Self.random, rows: Self.numbers[...]))
      }
    }
    #expect(
      means
        == matrix { $0.categoricalMeans(of: $1, bias: Self.bias, sites: sites, inverseTemperature: 0.5) })
    var sums = [1.0, 2, 3, 4]
    Self.inputs.view.addCategoricalLogNormalizers(
      bias: Self.bias, sites: sites, inverseTemperature: 0.5, to: &sums)
    for row in 0..<4 {
      var exact = Double(row + 1)
      for (begin, end) in zip(sites, sites.dropFirst()) {
        let columns = Int(begin)..<Int(end)
        #expect(columns.reduce(0) { $0 + states[row, $1] } == 1)
        #expect(abs(columns.reduce(0) { $0 + Double(means[row, $1]) } - 1) <= 37 * unitRoundoff)
        exact += BoltzmannReference.logSumExp(columns.map { t(row, $0) })
      }
      #expect(abs(sums[row] - exact) <= 1e-5 * max(10, abs(exact)))
    }
  }

  @Test func affineAndColumnSquares() {
    let shifted = matrix {
      $0.copy($1)
      $0.affine(scale: -2, shift: 0.5)
    }
    let squares = {
      var sums = Matrix(rows: 1, columns: 37)
      sums.withMutableView { Self.inputs.view.writeColumnSquares(to: $0) }
      return sums
    }()
    for unit in 0..<37 {
      for row in 0..<4 { #expect(shifted[row, unit] == -2 * Self.inputs[row, unit] + 0.5) }
      let exact = (0..<4).reduce(0.0) { $0 + pow(Double(Self.inputs[$1, unit]), 2) }
      // Four squares and three sums.
      #expect(abs(Double(squares[0, unit]) - exact) <= 5 * unitRoundoff * exact)
    }
  }
}
