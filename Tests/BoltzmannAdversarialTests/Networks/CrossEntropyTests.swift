import BoltzmannAdversarial
import BoltzmannTestSupport
import Foundation
import Testing

@Suite struct CrossEntropyTests {
  /// Where the naive form has all its digits, −2 ≤ x ≤ 2: ten roundings of 2⁻⁵³.
  @Test(arguments: [-2.0, -0.3, 0, 1, 2], [0.0, 0.3, 1])
  func isTheLogarithmOfTheProbability(_ x: Double, _ label: Double) {
    let d = 1 / (1 + exp(-x))
    let naive = -label * log(d) - (1 - label) * log(1 - d)
    #expect(abs(CrossEntropy.cost(logit: x, label: label) - naive) <= 2e-15)
  }

  /// Central differences: 10⁻¹⁰/6 from the curve and 10⁻¹⁶/10⁻⁵ from rounding.
  @Test(arguments: [-5.0, -0.3, 0, 1, 4], [0.0, 0.3, 1])
  func slopesAreThoseOfFiniteDifferences(_ x: Double, _ label: Double) {
    let slope = centralDifference(at: x) { CrossEntropy.cost(logit: $0, label: label) }
    #expect(abs(CrossEntropy.slope(logit: x, label: label) - slope) <= 1e-10)
  }

  /// log 0 never occurs: a discriminator that is certain and wrong pays |x|.
  @Test func certaintyCostsItsLogit() {
    #expect(CrossEntropy.cost(logit: 1e4, label: 0) == 1e4)
    #expect(CrossEntropy.cost(logit: -1e4, label: 1) == 1e4)
    #expect(CrossEntropy.cost(logit: 1e4, label: 1) == 0)
    #expect(CrossEntropy.slope(logit: -1e4, label: 1) == -1)
  }
}
