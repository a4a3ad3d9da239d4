import CBoltzmannKernels
import Foundation
import Testing

// The error allowed for log Σ e^{x}, v = 2⁻⁵³, with d = top − x ≥ 0 the distance of a term:
//   d rounds by v·d, which moves the sum by v·D of itself, D = Σ d·e^{−d} / Σ e^{−d}
//   e^{−d} is off by less than 2v of itself (reduction ¼ + ¼, mantissa 1.2, series 0.04)
//   a sum of n positive terms, in any order, rounds by (n − 1)·v of itself
//   the logarithm and the last sum round by v of the result each, and log n ≥ the former
// The reference makes the same kinds of errors, so that the two differ by at most twice as much.
@Suite struct LogSumExpTests {
  @Test(arguments: InstructionSet.available, [1, 2, 3, 7, 8, 9, 15, 16, 17, 100, 1_000])
  func agreesWithTheReference(_ set: InstructionSet, _ count: Int) {
    for (scale, shift) in [(1e-3, 0), (1, 0), (50, -300), (2_000, 1e5), (1e-8, 1e8)] as [(Float, Double)] {
      let x = testNumbers(count, seed: 8).map { Double(scale * $0) + shift }
      let exact = boltzmann_log_sum_exp_reference(x, count)
      #expect(abs(set.kernels.log_sum_exp(x, count) - exact) <= 2 * allowedError(x, exact))
    }
  }

  private func allowedError(_ x: [Double], _ result: Double) -> Double {
    let top = x.max() ?? 0
    let weights = x.map { exp($0 - top) }
    let distance = zip(x, weights).reduce(0) { $0 + (top - $1.0) * $1.1 } / weights.reduce(0, +)
    return 0x1p-53 * (distance + 2 + Double(x.count) + log(Double(x.count)) + abs(result))
  }

  @Test(arguments: InstructionSet.available)
  func cliffs(_ set: InstructionSet) {
    func kernel(_ x: [Double]) -> Double { set.kernels.log_sum_exp(x, x.count) }
    #expect(kernel([]) == -.infinity)
    #expect(kernel([-.infinity, -.infinity]) == -.infinity)
    #expect(kernel([0, .infinity, 3]) == .infinity)
    #expect(kernel([-.infinity, 2.5, -.infinity]) == 2.5)
    #expect(kernel([-750]) == -750)
    #expect(kernel([1e308, -1e308]) == 1e308)
    #expect(kernel([-1e308, -1e308]) == -1e308)
    #expect(kernel([0, -1e4]) == 0)
  }

  @Test(arguments: InstructionSet.available)
  func notANumberStaysSo(_ set: InstructionSet) {
    for count in [1, 8, 21] {
      for place in [0, count / 2, count - 1] {
        for others in [0, -Double.infinity, .infinity] {
          var x = [Double](repeating: others, count: count)
          x[place] = .nan
          #expect(set.kernels.log_sum_exp(x, count).isNaN)
        }
      }
    }
  }
}
