import Boltzmann
import BoltzmannCompute
import BoltzmannRecommendation
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("The rating machine")
struct RatingRBMTests {
  static let ratings: ReferenceRatingRBM.Ratings = [(0, 2), (2, 0), (3, 1), (5, 2)]

  static func lists() throws -> RatingLists { try RatingLists([ratings], sites: 6, levels: 3) }

  /// Sums of 4 + 1 rows of products of two factors, each term below 10: some 12 roundings of 2⁻²⁴ of 50.
  static let inputBound = 12 * 50 * 0x1p-24

  @Test("hidden inputs are those of the reference", arguments: RatingPair.Kind.all)
  func inputs(kind: RatingPair.Kind) throws {
    let pair = RatingPair(kind, sites: 6, levels: 3, hidden: 7, seed: 10)
    let inputs = pair.engine.hiddenInputs(given: try Self.lists().rows(of: 0)).values.map(Double.init)
    #expect(largestDifference(inputs, pair.reference.hiddenInputs(given: Self.ratings)) <= Self.inputBound)
  }

  @Test(
    "a rating is predicted as by trying all its levels; its law sums to 1", arguments: RatingPair.Kind.all)
  func predictions(kind: RatingPair.Kind) throws {
    let pair = RatingPair(kind, sites: 6, levels: 3, hidden: 7, seed: 11)
    let inputs = pair.engine.hiddenInputs(given: try Self.lists().rows(of: 0))
    for site in [1, 4] {
      let law = pair.engine.levelProbabilities(of: site, inputs: inputs)
      let expected = pair.reference.predictive(of: site, given: Self.ratings)
      #expect(abs(law.reduce(0, +) - 1) <= 4 * 0x1p-52)
      // Logits are sums of 7 terms whose arguments are off by the bound of inputs; p moves by at most half of that.
      #expect(largestDifference(law, expected) <= 7 * Self.inputBound)
    }
  }

  @Test("sites seen without a rating are known by D, once", arguments: RatingPair.Kind.all)
  func seen(kind: RatingPair.Kind) throws {
    let pair = RatingPair(kind, sites: 6, levels: 3, hidden: 7, seed: 11)
    let inputs = pair.engine.hiddenInputs(given: try Self.lists().rows(of: 0), seen: [1])
    let machine = pair.reference.seeing([1])
    #expect(
      largestDifference(inputs.values.map(Double.init), machine.hiddenInputs(given: Self.ratings))
        <= 2 * Self.inputBound)
    let other = pair.engine.levelProbabilities(of: 4, inputs: inputs)
    #expect(
      largestDifference(other, machine.predictive(of: 4, given: Self.ratings)) <= 2 * 7 * Self.inputBound)
    // To be asked of the very site that was seen tells no more.
    let same = pair.engine.levelProbabilities(of: 1, inputs: inputs, isSeen: true)
    let expected = pair.reference.predictive(of: 1, given: Self.ratings)
    #expect(largestDifference(same, expected) <= 2 * 7 * Self.inputBound)
  }

  @Test("one step of mean field is the softmax at the hidden units' means", arguments: RatingPair.Kind.all)
  func meanField(kind: RatingPair.Kind) throws {
    let pair = RatingPair(kind, sites: 6, levels: 3, hidden: 7, seed: 12), rated = Self.ratings
    let inputs = pair.engine.hiddenInputs(given: try Self.lists().rows(of: 0))
    // That site 4 was rated is known, how not: D counts, W does not.
    let x = zip(pair.reference.hiddenInputs(given: rated), pair.reference.conditional[4]).map { $0 + $1 }
    let means = x.map { kind.hidden == .gaussian ? $0 : BoltzmannReference.logistic($0) }
    let law = pair.engine.levelProbabilities(of: 4, inputs: inputs, prediction: .meanField)
    let expected = pair.reference.levelProbabilities(of: 4, givenHidden: means)
    #expect(largestDifference(law, expected) <= 7 * 3 * Self.inputBound)
  }

  @Test("a case that has rated everything is a machine of categorical visibles")
  func categorical() throws {
    let pair = RatingPair(sites: 4, levels: 3, hidden: 5, seed: 13), machine = pair.engine
    let rbm = RBM(
      visible: CategoricalUnits(
        UnitParameters(bias: machine.visibleBias.values, states: [3, 3, 3, 3])),
      hidden: BernoulliUnits(bias: machine.hiddenBias), weights: machine.weights)
    let ways = pair.reference.allRatings(of: [0, 1, 2, 3])
    let logs = try machine.exactLogLikelihoods(of: RatingLists(ways, sites: 4, levels: 3))
    var states = Matrix(rows: ways.count, columns: 12)
    for (row, way) in ways.enumerated() { for (site, level) in way { states[row, 3 * site + level] = 1 } }
    let logZ = try rbm.exactLogPartition()
    let energies = rbm.freeEnergies(of: states.view)
    // Both are Float sums of 5 softplus terms of inputs below 20, and biases: 30 roundings of 100.
    #expect(largestDifference(logs, energies.map { -$0 - logZ }) <= 30 * 100 * 0x1p-24)
  }

  @Test("begins as the frequencies of the levels, drawn towards those of all sites")
  func initialization() throws {
    let lists = try RatingLists.random(cases: 50, sites: 4, levels: 3, density: 0.5, seed: 2)
    let model = try RatingRBM.initialized(lists, shape: RatingRBM.Shape(), seed: 3)
    let counts = lists.rowCounts().map(Double.init), prior = 10.0
    var all = [1.0, 1, 1]
    for (row, count) in counts.enumerated() { all[row % 3] += count }
    let total = all.reduce(0, +)
    for site in 0..<4 {
      let n = Array(counts[3 * site..<3 * site + 3]), sum = n.reduce(0, +)
      let law = model.levelProbabilities(of: site, inputs: Matrix(rows: 1, columns: 100))
      let expected = zip(n, all).map { own, others in (own + prior * others / total) / (sum + prior) }
      // Σ_j log(1 + e^w) of 100 weights of deviation 0.01 moves a logit by 0.05·√2 a standard deviation.
      #expect(largestDifference(law, expected) <= 0.1)
    }
  }
}
