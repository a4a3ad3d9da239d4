import CBoltzmannKernels
import Testing

// The error allowed for Σ_k a_k·σ(x + bias_k), in u = 2⁻²⁴: the argument of σ is rounded by |x + bias| and moves it
// by a quarter of that, the kernel is good to 2u, the product and each of the sums add 1, of Σ|a_k|:
//   ¼·|x + bias| + 3 + (how many are summed)
@Suite struct MixedLogisticTests {
  private static let rows = 7
  private static let classes = 3

  @Test(arguments: InstructionSet.available, [1, 15, 16, 17, 33, 500])
  func sumsAreWithinTheAllowedError(_ set: InstructionSet, _ columns: Int) {
    let inputs = PaddedRows(rows: Self.rows, columns: columns, seed: 31, scale: 6)
    let bias = PaddedRows(rows: Self.classes, columns: columns, padding: 5, seed: 32, scale: 6)
    var factors = PaddedRows(rows: Self.rows, columns: Self.classes, padding: 1, seed: 33)
    for row in 0..<Self.rows { factors[row, row % Self.classes] = 0 }
    var mixture = PaddedRows(rows: Self.rows, columns: columns, padding: 2, seed: 34)
    var sums = PaddedRows(rows: Self.classes, columns: columns, padding: 4, seed: 35)
    let before = sums
    set.kernels.mixed_logistic(
      inputs.floats, inputs.stride, bias.floats, bias.stride, factors.floats, factors.stride, &mixture.floats,
      mixture.stride, &sums.floats, sums.stride, Self.rows, Self.classes, columns)
    #expect(mixture.isMarginIntact && sums.isMarginIntact)
    func term(_ row: Int, _ k: Int, _ j: Int) -> Double {
      Double(factors[row, k]) * Double(boltzmann_logistic_reference(inputs[row, j] + bias[k, j]))
    }
    for j in 0..<columns {
      for row in 0..<Self.rows {
        let expected = (0..<Self.classes).reduce(0) { $0 + term(row, $1, j) }
        #expect(abs(Double(mixture[row, j]) - expected) <= Self.allowed(terms: Self.classes))
      }
      for k in 0..<Self.classes {
        let expected = (0..<Self.rows).reduce(Double(before[k, j])) { $0 + term($1, k, j) }
        #expect(abs(Double(sums[k, j]) - expected) <= Self.allowed(terms: Self.rows))
      }
    }
  }

  /// Arguments are below 12, factors below 1.
  private static func allowed(terms: Int) -> Double {
    unitRoundoff * Double(terms) * (12 / 4 + 3 + Double(terms + 1))
  }

  @Test(arguments: InstructionSet.available)
  func aFactorOfZeroHidesWhateverTheClassHolds(_ set: InstructionSet) {
    var mixture: [Float] = [9, 9], sums: [Float] = [1, 2, 3, 4]
    set.kernels.mixed_logistic(
      [0, 0], 2, [.nan, .infinity, 0, 0], 2, [0, 1], 2, &mixture, 2, &sums, 2, 1, 2, 2)
    #expect(mixture == [0.5, 0.5] && sums == [1, 2, 3.5, 4.5])
  }
}
