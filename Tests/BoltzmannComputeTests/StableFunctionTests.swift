import BoltzmannCompute
import Foundation
import Testing

@Suite struct LogSumExpTests {
  /// Two ulps for the exponentials, one a term for the sum, one for the logarithm: below 10⁻¹⁵·n here.
  @Test func sumsOfExponentials() {
    #expect(abs(logSumExp([log(1), log(2), log(3)]) - log(6)) <= 4e-15)
    #expect(abs(logMeanExp([log(1), log(2), log(3)]) - log(2)) <= 4e-15)
    let equal = [Double](repeating: 1_000, count: 77)
    #expect(abs(logSumExp(equal) - 1_000 - log(77)) <= 4 * 1_000.0.ulp)
    #expect(abs(logMeanExp(equal) - 1_000) <= 4 * 1_000.0.ulp)
  }

  @Test func oneTermIsItself() {
    for x in [0, -750, 1e300, -1e300, -.infinity, .infinity] {
      #expect(logSumExp([x]) == x && logMeanExp([x]) == x)
    }
  }

  @Test func noTermsHaveNoWeight() {
    #expect(logSumExp([]) == -.infinity)
  }

  @Test func infinities() {
    #expect(logSumExp([-.infinity, -.infinity]) == -.infinity)
    #expect(logSumExp([-.infinity, 3]) == 3)
    #expect(abs(logMeanExp([-.infinity, 3]) - 3 + log(2)) <= 4e-15)
    #expect(logSumExp([.infinity, -.infinity, 0]) == .infinity)
    #expect(logMeanExp([-.infinity, -.infinity]) == -.infinity)
  }

  @Test func notANumberStaysSo() {
    #expect(logSumExp([0, .nan]).isNaN && logSumExp([.nan, .infinity]).isNaN)
  }

  @Test func shiftsMoveTheResult() {
    let x = normals(50, seed: 50).map(Double.init)
    let shifted = logSumExp(x.map { $0 + 1e6 })
    // Adding 10⁶ rounds every term by half an ulp of 10⁶, and so does the result.
    #expect(abs(shifted - 1e6 - logSumExp(x)) <= 2 * 1e6.ulp)
  }
}

@Suite struct DoubleFunctionTests {
  static let arguments = [
    0, 1e-300, 1e-16, 1e-3, 0.5, 1, 20, 37, 40, 300, 708, 710, 745, 800, 1e300, .infinity,
  ]

  /// exp, log1p and the arithmetic are right to an ulp each: four ulps allow for all of them.
  @Test func logisticsOfBothSignsSumToOne() {
    for x in Self.arguments {
      #expect(abs(logistic(x) + logistic(-x) - 1) <= 2 * Double.ulpOfOne)
      #expect(logistic(x) >= 0.5 && logistic(x) <= 1 && logistic(-x) >= 0)
    }
    #expect(logistic(0.0) == 0.5 && logistic(Double.infinity) == 1 && logistic(-Double.infinity) == 0)
    #expect(abs(logistic(-700.0) / exp(-700) - 1) <= 4 * Double.ulpOfOne)
    #expect(logistic(Double.nan).isNaN)
  }

  @Test func softplusOfBothSignsDifferByTheArgument() {
    for x in Self.arguments where x.isFinite {
      #expect(abs(softplus(x) - softplus(-x) - x) <= softplus(x).ulp)
    }
    #expect(abs(softplus(0.0) - log(2)) <= log(2).ulp)
    #expect(softplus(800.0) == 800 && softplus(-800.0) == 0)
    #expect(softplus(Double.infinity) == .infinity && softplus(-Double.infinity) == 0)
    #expect(abs(softplus(-40.0) / exp(-40) - 1) <= 4 * Double.ulpOfOne)
    #expect(softplus(Double.nan).isNaN)
  }

  /// softplus′ = σ, by central differences: h²/6·|σ″| ≤ 10⁻¹⁰/6·0.1 from the curve, 2 ulps of 20 over 2h = 3.6e−10
  /// from rounding.
  @Test func theSlopeOfSoftplusIsLogistic() {
    let h = 1e-5
    for x in Swift.stride(from: -20.0, through: 20, by: 0.37) {
      let slope = (softplus(x + h) - softplus(x - h)) / (2 * h)
      #expect(abs(slope - logistic(x)) <= 4e-10)
    }
  }
}
