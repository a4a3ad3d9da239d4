import BoltzmannReference
import Testing

@Suite("Stable functions")
struct StableFunctionsTests {
  // Reference digits from 60-digit arithmetic. Each function rounds an exponential and one or two more
  // operations, each to 2⁻⁵³ relative, and the library's exp and log1p are good to an ulp: 4 ulps, 1e-15.
  static let tolerance = 1e-15

  @Test(
    "softplus keeps its digits where log(1 + eˣ) loses them",
    arguments: [
      (-700.0, 9.859676543759770e-305), (-40, 4.248354255291589e-18), (-1, 0.3132616875182228),
      (0, 0.6931471805599453), (1, 1.3132616875182228), (40, 40), (800, 800),
    ])
  func softplusDigits(_ x: Double, _ expected: Double) {
    #expect(abs(softplus(x) - expected) <= Self.tolerance * expected)
  }

  @Test(
    "logistic keeps its digits",
    arguments: [
      (-700.0, 9.859676543759770e-305), (-40, 4.248354255291589e-18), (-1, 0.2689414213699951),
      (0, 0.5), (1, 0.7310585786300049), (40, 1), (800, 1), (-800, 0),
    ])
  func logisticDigits(_ x: Double, _ expected: Double) {
    #expect(abs(logistic(x) - expected) <= Self.tolerance * expected)
  }

  @Test("softplus(x) − softplus(−x) = x and logit undoes logistic", arguments: [-30.0, -2.5, 0.25, 6])
  func identities(_ x: Double) {
    // Rounded to 2⁻⁵³ of the largest term, at most 30.
    #expect(abs(softplus(x) - softplus(-x) - x) <= 1e-14)
    // The logit's argument carries an error of about 2⁻⁵² / (1 − p), and dx = dp / (p(1 − p)).
    let p = logistic(x)
    #expect(abs(logit(p) - x) <= 4 * 0x1p-52 / (1 - p))
  }

  @Test("a log-sum does not overflow and knows its empty and infinite cases")
  func logSumExpCases() {
    #expect(logSumExp([]) == -.infinity)
    #expect(logSumExp([-.infinity, -.infinity]) == -.infinity)
    #expect(logSumExp([.infinity, 0]) == .infinity)
    #expect(logSumExp([3]) == 3)
    // log 2 + 1000, rounded to half an ulp of 1000 (6e-14).
    #expect(abs(logSumExp([1000, 1000]) - 1000.6931471805599) <= 1.2e-13)
    #expect(abs(logSumExp([-1000, -1000, -.infinity]) + 999.3068528194401) <= 1.2e-13)
  }

  @Test("what is not a number stays so")
  func notANumber() {
    #expect(softplus(.nan).isNaN)
    #expect(logistic(.nan).isNaN)
  }
}
