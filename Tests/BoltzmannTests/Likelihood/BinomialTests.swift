import BoltzmannTestSupport
import Testing

@Suite("Binomial tails")
struct BinomialTests {
  // Sums of a few exponentials of logs below 50, good to 50·1.1e-16 each.
  static let tolerance = 1e-13

  @Test("are sums of choices")
  func survival() {
    #expect(abs(Statistics.binomialSurvival(0, trials: 4, probability: 0.3) - 1) <= Self.tolerance)
    #expect(abs(Statistics.binomialSurvival(3, trials: 4, probability: 0.5) - 5 / 16.0) <= Self.tolerance)
    #expect(abs(Statistics.binomialSurvival(4, trials: 4, probability: 0.5) - 1 / 16.0) <= Self.tolerance)
    #expect(Statistics.binomialSurvival(5, trials: 4, probability: 0.5) == 0)
  }

  @Test("say how many hits are too many")
  func tooMany() {
    // Of four coins, four heads have 1/16, three or more 5/16.
    #expect(Statistics.tooManyHits(trials: 4, probability: 0.5, tail: 0.1) == 4)
    #expect(Statistics.tooManyHits(trials: 4, probability: 0.5, tail: 0.05) == 5)
  }
}
