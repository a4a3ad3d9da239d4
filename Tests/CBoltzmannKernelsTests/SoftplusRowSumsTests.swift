import CBoltzmannKernels
import Foundation
import Testing

// The error allowed for Σ_j softplus(x_j), in u = 2⁻²⁴ (see AllowedErrors.swift for η = 1.55 u):
//   Σ max(x, 0)      a lane adds up to 64 terms in Float, d = min(columns/16, 64) of them: (d − 1)·Σ max(x, 0)
//   Π (1 + e)        a factor moves its logarithm by η·e/(1 + e) ≤ 0.78 and, rounding p·e and p + p·e, by
//                    e/(1 + e) + 1 ≤ 1.5: 2.3 for each column
//   the last columns are single terms: 3.77 + 1 of each softplus
//   the logarithm and the sums in Double add 2⁻⁵³ a term: the last line
@Suite struct SoftplusRowSumsTests {
  static let widths = [0, 1, 15, 16, 17, 63, 64, 500, 1_023, 1_024, 1_025, 3_000]

  @Test(arguments: InstructionSet.available, widths)
  func sumsAreWithinTheAllowedError(_ set: InstructionSet, _ columns: Int) {
    for (scale, beta) in [(0.01, 1), (4, 1), (40, 0.5), (90, -1)] as [(Float, Float)] {
      let inputs = PaddedRows(rows: 3, columns: columns, seed: 6, scale: scale)
      let bias = testNumbers(columns, seed: 7)
      let start = [0.0, 12.5, -3]
      var sums = start
      set.kernels.softplus_row_sums(inputs.floats, inputs.stride, bias, beta, &sums, 3, columns)
      for row in 0..<3 {
        let x = (0..<columns).map { Double(beta * (inputs[row, $0] + bias[$0])) }
        let exact = x.reduce(0) { $0 + boltzmann_softplus_reference($1) }
        #expect(abs(sums[row] - start[row] - exact) <= allowedError(x, sum: exact))
      }
    }
  }

  private func allowedError(_ x: [Double], sum: Double) -> Double {
    let depth = Double(max(min(x.count / 16, 64) - 1, 0))
    let ramp = x.reduce(0) { $0 + max($1, 0) }
    return unitRoundoff * (depth * ramp + 2.3 * Double(x.count) + 4.77 * sum)
      + 0x1p-53 * (Double(x.count) + 4) * (sum + 16)
  }

  @Test(arguments: InstructionSet.available)
  func cliffs(_ set: InstructionSet) {
    func sum(_ x: [Float]) -> Double {
      var sums = [0.0]
      set.kernels.softplus_row_sums(x, 0, [Float](repeating: 0, count: x.count), 1, &sums, 1, x.count)
      return sums[0]
    }
    for count in [1, 16, 33, 1_025, 5_000] {
      var x = [Float](repeating: -.infinity, count: count)
      #expect(sum(x) >= 0 && sum(x) < 1e-34)
      x[count / 2] = .infinity
      #expect(sum(x) == .infinity)
      x[count / 2] = .nan
      #expect(sum(x).isNaN)
      // Factors of 2 are the largest there are, and no product of them may overflow: log 2 a term, to the error
      // allowed a column.
      x = [Float](repeating: 0, count: count)
      #expect(abs(sum(x) - Double(count) * log(2)) <= 4 * unitRoundoff * Double(count))
    }
  }
}
