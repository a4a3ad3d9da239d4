import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("The naive loops")
struct NaiveRBMTests {
  static let machine = ReferenceRBM.normal(
    visible: 13, hidden: 10, weightDeviation: 0.3, biasDeviation: 0.3, seed: 70)
  static let random = ReferenceRandom(seed: 71)
  static let samples = (0..<9).map { binaryStates(13)[$0 * 911] }
  static let flatSamples = samples.flatMap { $0.map(Float.init) }

  // An input is a sum of at most 14 Floats below 2, so it is good to 14 · 2 · 2⁻²⁴ = 1.7e-6, a mean to a
  // quarter of that, and the change of a parameter, rate times a mean of differences, to rate · 1e-6. Adding
  // it to a Float parameter below 2 rounds by 1.2e-7 once more. Three steps: below 3e-6 in all. States agree
  // unless a random number falls within 5e-7 of its mean: 700 draws, one seed in 3,000, and not this one.
  static let tolerance = 3e-6

  @Test("CD-1 is the clear version's", arguments: NaiveLoopOrder.allCases)
  func contrastiveDivergence(_ order: NaiveLoopOrder) {
    var naive = NaiveRBM(Self.machine)
    var clear = ReferenceLearner(NaiveRBM(Self.machine).model)
    for step in 0..<3 {
      naive.contrastiveDivergence(
        Self.flatSamples, order: order, learningRate: 0.1, step: step, random: Self.random)
    }
    clear.train(
      Array(repeating: ReferenceMinibatch(Self.samples), count: 3),
      estimator: .contrastiveDivergence(steps: 1),
      settings: ReferenceLearningSettings(learningRate: 0.1), random: Self.random, stepsPerUpdate: 1)
    expect(naive.model, equals: clear.model, within: Self.tolerance)
  }

  @Test("PCD-1 is the clear version's", arguments: NaiveLoopOrder.allCases)
  func persistentContrastiveDivergence(_ order: NaiveLoopOrder) {
    var naive = NaiveRBM(Self.machine)
    var chains = [Float](repeating: 0, count: Self.flatSamples.count)
    var clear = ReferenceLearner(
      naive.model, chains: Array(repeating: Array(repeating: 0, count: 13), count: 9))
    for step in 0..<3 {
      naive.persistentContrastiveDivergence(
        Self.flatSamples, chains: &chains, order: order, learningRate: 0.1, step: step, random: Self.random)
    }
    clear.train(
      Array(repeating: ReferenceMinibatch(Self.samples), count: 3),
      estimator: .persistentContrastiveDivergence(steps: 1),
      settings: ReferenceLearningSettings(learningRate: 0.1), random: Self.random, stepsPerUpdate: 1)
    #expect(chains.map(Double.init) == clear.chains.flatMap { $0 })
    expect(naive.model, equals: clear.model, within: Self.tolerance)
  }

  @Test("Gibbs sampling is the clear version's", arguments: NaiveLoopOrder.allCases)
  func gibbsSampling(_ order: NaiveLoopOrder) {
    let naive = NaiveRBM(Self.machine)
    var chains = Self.flatSamples
    naive.gibbsSteps(&chains, count: 4, order: order, firstStep: 5, random: Self.random)
    let expected = Self.samples.enumerated().flatMap { row, sample in
      naive.model.gibbsChain(from: sample, steps: 4, row: row, firstStep: 5, random: Self.random)
    }
    #expect(chains.map(Double.init) == expected)
  }

  @Test("all loop orders give the same bits")
  func sameBits() {
    let machines = NaiveLoopOrder.allCases.map { order in
      var naive = NaiveRBM(Self.machine)
      var chains = Self.flatSamples
      naive.contrastiveDivergence(
        Self.flatSamples, order: order, learningRate: 0.1, step: 0, random: Self.random)
      naive.persistentContrastiveDivergence(
        Self.flatSamples, chains: &chains, order: order, learningRate: 0.1, step: 1, random: Self.random)
      return naive
    }
    #expect(machines.allSatisfy { $0 == machines[0] })
  }
}
