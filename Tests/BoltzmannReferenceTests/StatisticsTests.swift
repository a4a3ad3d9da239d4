import BoltzmannTestSupport
import Testing

/// Reference digits from arbitrary-precision arithmetic (mpmath, 40 digits).
@Suite("Statistics")
struct StatisticsTests {
  @Test(
    "χ² quantiles have the right digits",
    arguments: [
      (10, 0.05, 18.307038053275147), (1, 0.05, 3.841458820694126), (1, 0.001, 10.827566170662732),
      (31, 1e-6, 83.64251584700449), (100, 0.5, 99.334129235988456), (255, 0.01, 310.45738821990584),
      (1023, 1e-6, 1252.5812854838818),
    ])
  func chiSquaredQuantile(_ degreesOfFreedom: Int, _ tail: Double, _ expected: Double) {
    let quantile = Statistics.chiSquaredQuantile(upperTail: tail, degreesOfFreedom: degreesOfFreedom)
    // A tail is good to 1e-12 (see below), and d log x / d log(tail) is below 1 for these.
    #expect(abs(quantile - expected) <= 1e-12 * expected)
  }

  @Test(
    "the incomplete gamma function has the right digits",
    arguments: [
      (0.5, 0.1, 0.65472084601857702), (0.5, 3, 0.01430587843542964), (3, 2, 0.67667641618306346),
      (15.5, 10, 0.93580362074115442), (15.5, 40, 3.3125285528482446e-6), (200, 180, 0.92514196501584042),
      (200, 260, 4.7500124443008756e-5), (2.5, 200, 2.9666446590828849e-84),
    ])
  func upperIncompleteGamma(_ a: Double, _ x: Double, _ expected: Double) {
    // The exponent a log x − x − log Γ(a) is a difference of numbers up to 1,400, each rounded to 2⁻⁵³
    // relative: its exponential is good to a few times 1.6e-13.
    #expect(abs(Statistics.upperIncompleteGamma(a, x) - expected) <= 1e-12 * expected)
  }

  @Test(
    "normal quantiles have the right digits",
    arguments: [
      (0.5, 0), (0.025, 1.9599639845400542), (0.001, 3.0902323061678135), (1e-6, 4.7534243088228989),
      (1e-12, 7.0344838253011319),
    ])
  func normalQuantile(_ tail: Double, _ expected: Double) {
    // The tail is good to a few 1e-16, and dz/d(log tail) is below 1.3.
    #expect(abs(Statistics.normalQuantile(upperTail: tail) - expected) <= 1e-14)
  }

  @Test("G is zero for a perfect fit, infinite for the impossible, and the formula in between")
  func gStatistic() {
    #expect(Statistics.gStatistic(counts: [1, 2, 1], probabilities: [0.25, 0.5, 0.25]) == 0)
    #expect(Statistics.gStatistic(counts: [1, 1], probabilities: [1, 0]) == .infinity)
    // 2 (3 log(3/2) + 1 log(1/2)) = 6 log 3 − 8 log 2
    let expected = 6 * 1.0986122886681098 - 8 * 0.6931471805599453
    #expect(abs(Statistics.gStatistic(counts: [3, 1], probabilities: [0.5, 0.5]) - expected) <= 2e-15)
  }

  @Test("a fair die fits, and one that is off by a twentieth does not, at 100,000 throws")
  func goodnessOfFit() {
    let fair = [Double](repeating: 1 / 6.0, count: 6)
    #expect(Statistics.fits(counts: [16_700, 16_600, 16_650, 16_720, 16_640, 16_690], probabilities: fair))
    // G ≈ Σ (count − np)² / np = 2 · 833² / 16,667 = 83; the 1 − 10⁻⁶ quantile of χ² with five degrees is 36.
    #expect(!Statistics.fits(counts: [17_500, 15_834, 16_667, 16_667, 16_667, 16_665], probabilities: fair))
  }

  @Test("a mean knows its standard error")
  func sampleMean() {
    let mean = SampleMean([1, 2, 3, 6])
    #expect(mean.mean == 3)
    // Variance (4 + 1 + 0 + 9) / 3, divided by four samples.
    #expect(mean.standardError == (14.0 / 3 / 4).squareRoot())
    #expect(mean.isWithin(1.9, standardErrorsOf: 1))
    #expect(!mean.isWithin(1.8, standardErrorsOf: 1))
    #expect(SampleMean([2, 2]).isWithin(0, standardErrorsOf: 2))
    #expect(!SampleMean([2, 2]).isWithin(1_000, standardErrorsOf: 2.1))
  }
}

@Suite("Distances in the last place")
struct UlpDistanceTests {
  @Test("neighbours are one apart, also across zero and the subnormals")
  func neighbours() {
    for value: Float in [-3e38, -1, -0x1p-140, -0.0, 0, .leastNonzeroMagnitude, 1, 1.9999999, 2, 16_777_216] {
      #expect(ulpDistance(value, value.nextUp) == 1)
      #expect(ulpDistance(value.nextUp, value) == 1)
    }
    #expect(ulpDistance(-0.0, 0) == 0)
    #expect(ulpDistance(-.leastNonzeroMagnitude, .leastNonzeroMagnitude) == 2)
    #expect(ulpDistance(1, 2) == 1 << 23)
    #expect(ulpDistance(.greatestFiniteMagnitude, .infinity) == 1)
  }

  @Test("what is not a number is far from all numbers")
  func notANumber() {
    #expect(ulpDistance(.nan, 1) == .max)
    #expect(ulpDistance(.infinity, .nan) == .max)
    #expect(ulpDistance(.nan, .nan) == 0)
  }

  @Test("an error is counted in ulps of the reference")
  func error() {
    #expect(ulpError(1, reference: 1) == 0)
    #expect(ulpError(1, reference: 1 + 0x1p-24) == 0.5)
    #expect(ulpError(Float(1).nextUp, reference: 1) == 1)
    #expect(ulpError(0, reference: 1e-50) < 1e-4)
    #expect(ulpError(.infinity, reference: 1e300) == 0)
    #expect(ulpError(.greatestFiniteMagnitude, reference: 1e300) == .infinity)
    #expect(ulpError(.nan, reference: .nan) == 0)
    #expect(ulpError(1, reference: .nan) == .infinity)
  }
}

@Suite("Finite differences")
struct FiniteDifferencesTests {
  @Test("are exact for parabolas, up to rounding")
  func parabola() {
    // f below 20, rounded to 4e-15, divided by 2e-5.
    #expect(abs(centralDifference(at: 3) { 2 * $0 * $0 - $0 } - 11) <= 4e-10)
    let gradient = centralDifferences(at: [1, 2]) { $0[0] * $0[0] * $0[1] + $0[1] }
    #expect(abs(gradient[0] - 4) <= 4e-10)
    #expect(abs(gradient[1] - 2) <= 4e-10)
  }
}
