import Boltzmann
import BoltzmannCompute
import BoltzmannRecommendation
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("The exact gradient of ratings with missing ones")
struct RatingGradientTests {
  static func cases(_ lists: RatingLists) -> [ReferenceRatingRBM.Ratings] {
    (0..<lists.caseCount).map { lists.ratings(of: $0).map { ($0.site, $0.level) } }
  }

  /// The mean of the reference's gradients.
  static func mean(
    _ machine: ReferenceRatingRBM, _ cases: [ReferenceRatingRBM.Ratings]
  ) -> ReferenceRatingRBM {
    var total = machine.zeros
    let gradients = cases.map { machine.exactGradient(of: $0).parameters }
    total.parameters = total.parameters.indices.map { k in
      gradients.reduce(0) { $0 + $1[k] } / Double(cases.count)
    }
    return total
  }

  static func parameters(_ gradient: RatingGradient) -> [Double] {
    gradient.weights.flatMap { $0 } + gradient.conditional.flatMap { $0 } + gradient.visibleBias
      + gradient.hiddenBias
  }

  @Test("is the reference's, and the likelihood too", arguments: RatingPair.Kind.all)
  func reference(kind: RatingPair.Kind) throws {
    let pair = RatingPair(kind, sites: 5, levels: 3, hidden: 4, deviation: 0.7, seed: 20)
    let lists = try RatingLists.random(cases: 6, sites: 5, levels: 3, density: 0.7, seed: 21)
    let cases = Self.cases(lists)
    // Inputs in Float: 15 roundings of sums below 30. A probability is off by that times the 9 terms of its logarithm;
    // moments of Gaussian units are below 10.
    let bound = 15 * 30 * 9 * 10 * 0x1p-24
    let logs = try pair.engine.exactLogLikelihoods(of: lists)
    #expect(largestDifference(logs, cases.map { pair.reference.logLikelihood(of: $0) }) <= bound)
    let gradient = Self.parameters(try pair.engine.exactGradient(of: lists))
    #expect(largestDifference(gradient, Self.mean(pair.reference, cases).parameters) <= bound)
  }

  @Test(
    "sites seen without a rating count by D, in the likelihood and its gradient",
    arguments: RatingPair.Kind.all)
  func seen(kind: RatingPair.Kind) throws {
    let pair = RatingPair(kind, sites: 5, levels: 3, hidden: 4, deviation: 0.7, seed: 20)
    let lists = try RatingLists.random(cases: 6, sites: 5, levels: 3, density: 0.5, seed: 21)
    let seen = try RatingLists.random(cases: 6, sites: 5, levels: 1, density: 0.5, seed: 27)
    let cases = Self.cases(lists), others = RatingLists.seenOnly(seen, lists)
    #expect(others.joined().count > 3 && others.joined().count < seen.count)
    // As above, with as many more roundings.
    let bound = 2 * 15 * 30 * 9 * 10 * 0x1p-24
    let logs = try pair.engine.exactLogLikelihoods(of: lists, seen: seen)
    let expected = cases.indices.map { pair.reference.seeing(others[$0]).logLikelihood(of: cases[$0]) }
    #expect(largestDifference(logs, expected) <= bound)
    let gradient = Self.parameters(try pair.engine.exactGradient(of: lists, seen: seen))
    var total = pair.reference.parameters.map { _ in 0.0 }
    for (ratings, sites) in zip(cases, others) {
      let own = pair.reference.exactGradient(of: ratings, seen: sites).parameters
      for k in own.indices { total[k] += own[k] / 6 }
    }
    #expect(largestDifference(gradient, total) <= bound)
    if kind.isConditional { #expect(logs != (try pair.engine.exactLogLikelihoods(of: lists))) }
  }

  @Test("does not care in which order cases or sites come")
  func permutations() throws {
    let pair = RatingPair(sites: 6, levels: 3, hidden: 4, seed: 22)
    let lists = try RatingLists.random(cases: 8, sites: 6, levels: 3, density: 0.6, seed: 23)
    let cases = Self.cases(lists), original = try pair.engine.exactGradient(of: lists)
    let shuffled = try RatingLists(cases.reversed(), sites: 6, levels: 3)
    let same = try pair.engine.exactGradient(of: shuffled)
    #expect(largestDifference(Self.parameters(same), Self.parameters(original)) <= 1e-5)
    // Site s becomes site 5 − s: its rows of the machine, of the ratings and of the gradient move along.
    var machine = pair.engine
    for row in 0..<18 {
      let other = 3 * (5 - row / 3) + row % 3
      machine.visibleBias[0, row] = pair.engine.visibleBias[0, other]
      for j in 0..<4 { machine.weights[row, j] = pair.engine.weights[other, j] }
    }
    let mirrored = try RatingLists(
      cases.map { $0.map { (5 - $0.site, $0.level) } }, sites: 6, levels: 3)
    let gradient = try machine.exactGradient(of: mirrored)
    for row in 0..<18 {
      let other = 3 * (5 - row / 3) + row % 3
      #expect(largestDifference(gradient.weights[row], original.weights[other]) <= 1e-5)
      #expect(abs(gradient.visibleBias[row] - original.visibleBias[other]) <= 1e-5)
    }
    #expect(largestDifference(gradient.hiddenBias, original.hiddenBias) <= 1e-5)
  }

  @Test("what a case has not rated gets no gradient")
  func missing() throws {
    let pair = RatingPair(RatingPair.Kind(isConditional: true), sites: 6, levels: 3, hidden: 4, seed: 24)
    let gradient = try pair.engine.exactGradient(of: RatingRBMTests.lists())
    for site in [1, 4] {
      for row in 3 * site..<3 * site + 3 {
        #expect(gradient.visibleBias[row] == 0 && gradient.weights[row].allSatisfy { $0 == 0 })
      }
      #expect(gradient.conditional[site].allSatisfy { $0 == 0 })
    }
  }

  @Test("too much to enumerate is an error, not an hour")
  func tooMany() throws {
    let pair = RatingPair(sites: 30, levels: 3, hidden: 2, seed: 25)
    let lists = try RatingLists.random(cases: 1, sites: 30, levels: 3, density: 1, seed: 26)
    #expect(throws: SettingsError.self) { try pair.engine.exactGradient(of: lists) }
  }
}
