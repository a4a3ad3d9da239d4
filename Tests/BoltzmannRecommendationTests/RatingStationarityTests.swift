import BoltzmannCompute
import BoltzmannRecommendation
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// Chains that start at exact samples must stay distributed as the machine, after any number of steps.
@Suite("Gibbs steps on ratings leave the law alone", .enabled(if: Build.isOptimized), .serialized)
struct RatingStationarityTests {
  static let chains = 300_000
  static let sites = [0, 2, 3]

  static func pair(_ kind: RatingPair.Kind) -> RatingPair {
    RatingPair(kind, sites: 5, levels: 3, hidden: 4, deviation: 0.8, seed: 40)
  }

  /// Cases that have rated three of five sites, drawn from the enumerated P(V | R).
  static func start(_ machine: ReferenceRatingRBM) throws -> RatingLists {
    let ways = machine.allRatings(of: sites), law = machine.probabilities(of: sites)
    let random = ReferenceRandom(seed: 41)
    let drawn = (0..<chains).map { ways[random.category(law, row: $0)] }
    return try RatingLists(drawn, sites: 5, levels: 3)
  }

  static func counts(_ lists: RatingLists) -> [Int] {
    var counts = [Int](repeating: 0, count: 27)
    for number in 0..<lists.caseCount {
      counts[lists.ratings(of: number).reduce(0) { 3 * $0 + $1.level }] += 1
    }
    return counts
  }

  static let kinds = [
    RatingPair.Kind(isConditional: true), RatingPair.Kind(factors: 2), RatingPair.Kind(hidden: .gaussian),
  ]

  /// 26 degrees of freedom; each test fails a right kernel once in 10⁶ seeds.
  @Test(
    "after 1, 4 and 16 steps; a kernel without hidden biases, or a tenth too weak, is told", arguments: kinds)
  func stationarity(kind: RatingPair.Kind) throws {
    let pair = Self.pair(kind), law = pair.reference.probabilities(of: Self.sites)
    #expect(law.allSatisfy { $0 * Double(Self.chains) > 10 })
    let start = try Self.start(pair.reference)
    #expect(Statistics.fits(counts: Self.counts(start), probabilities: law))
    var unbiased = pair.engine, weak = pair.engine
    unbiased.hiddenBias = unbiased.hiddenBias.map { _ in 0 }
    weak.weights.withMutableView { $0.apply { _, w in 0.9 * w } }
    for steps in [1, 4, 16] {
      func fits(_ kernel: RatingRBM) -> Bool {
        let ended = kernel.sampled(from: start, steps: steps, seed: 42)
        return Statistics.fits(counts: Self.counts(ended), probabilities: law)
      }
      #expect(fits(pair.engine) && !fits(unbiased) && !fits(weak))
    }
  }

  @Test("with sites seen without a rating; a kernel that does not know of them is told")
  func seen() throws {
    let pair = Self.pair(RatingPair.Kind(isConditional: true)), machine = pair.reference.seeing([1, 4])
    let law = machine.probabilities(of: Self.sites)
    #expect(law.allSatisfy { $0 * Double(Self.chains) > 10 })
    let start = try Self.start(machine)
    let seen = try RatingLists(
      [ReferenceRatingRBM.Ratings](repeating: [(1, 0), (3, 0), (4, 0)], count: Self.chains), sites: 5,
      levels: 1)
    for steps in [1, 4, 16] {
      func fits(_ seen: RatingLists?) -> Bool {
        let ended = pair.engine.sampled(from: start, seen: seen, steps: steps, seed: 42)
        return Statistics.fits(counts: Self.counts(ended), probabilities: law)
      }
      #expect(fits(seen) && !fits(nil))
    }
  }
}
