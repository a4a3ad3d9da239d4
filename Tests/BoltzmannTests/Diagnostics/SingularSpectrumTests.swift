import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Singular values")
struct SingularSpectrumTests {
  private func random(_ rows: Int, _ columns: Int) -> Matrix {
    let random = ReferenceRandom(seed: 21)
    return Matrix(rows: rows, columns: columns) { Float(random.normal(unit: $1, row: $0)) }
  }

  @Test("AAᵀu_k = σ_k²u_k, and Σσ² = ‖A‖²", arguments: [(7, 3), (3, 7), (5, 5), (1, 4), (4, 1), (40, 33)])
  func decomposition(_ rows: Int, _ columns: Int) throws {
    let matrix = random(rows, columns), a = matrix.doubles
    let spectrum = try SingularSpectrum(of: matrix, vectors: 3)
    #expect(spectrum.values.count == min(rows, columns))
    #expect(zip(spectrum.values, spectrum.values.dropFirst()).allSatisfy { $0 >= $1 })
    let squares = a.joined().reduce(0) { $0 + $1 * $1 }
    // Eigenvalues are good to a few 2⁻⁵³ of the largest times the order.
    let rounding = 40 * 40 * 0x1p-52 * squares
    #expect(abs(spectrum.values.reduce(0) { $0 + $1 * $1 } - squares) <= rounding)
    #expect(spectrum.leftVectors.count == min(3, rows, columns))
    for (sigma, u) in zip(spectrum.values, spectrum.leftVectors) {
      let projected = (0..<columns).map { j in (0..<rows).reduce(0) { $0 + a[$1][j] * u[$1] } }
      let back = (0..<rows).map { i in (0..<columns).reduce(0) { $0 + a[i][$1] * projected[$1] } }
      #expect(largestDifference(back, u.map { sigma * sigma * $0 }) <= rounding)
      #expect(abs(u.reduce(0) { $0 + $1 * $1 } - 1) <= 1e-10)
    }
  }

  @Test("no vectors of singular values that are zero")
  func rank() throws {
    let one = Matrix(rows: 4, columns: 3) { Float(($0 + 1) * ($1 + 1)) }
    let spectrum = try SingularSpectrum(of: one, vectors: 3)
    #expect(spectrum.leftVectors.count == 1)
    // ‖(1, 2, 3, 4)‖·‖(1, 2, 3)‖ = √30·√14
    #expect(abs(spectrum.values[0] - (30.0 * 14).squareRoot()) <= 1e-12 * spectrum.values[0])
    #expect(try SingularSpectrum(of: Matrix(rows: 4, columns: 3), vectors: 3).leftVectors.isEmpty)
  }

  @Test("zero-sum weights are those of the reference", arguments: LayeredCase.pairings)
  func zeroSum(_ test: LayeredCase) {
    let expected = test.pair.reference.inZeroSumGauge().machine.weights
    // A mean of at most 3 numbers below 4, twice, and two differences.
    #expect(largestDifference(test.pair.engine.zeroSumWeights.doubles, expected) <= 20 * FloatBounds.roundoff)
  }
}
