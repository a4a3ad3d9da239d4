import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Persistent contrastive divergence")
struct PersistentContrastiveDivergenceTests {
  static let pair = machine((17, 9), seed: 320)
  static let states = randomStates(130, width: 17, seed: 321)
  static let random = ReferenceRandom(seed: 322)
  /// A block of 50 and a short one.
  static let chains = 70

  static func estimator(chains: Int? = chains) -> PersistentContrastiveDivergence {
    var settings = TrainingSettings()
    settings.batchSize = 113
    settings.chains = chains
    settings.seed = 322
    return PersistentContrastiveDivergence(EstimatorContext(model: pair.engine, settings: settings))
  }

  static func minibatch(_ rows: Range<Int>) -> Minibatch {
    Minibatch(samples: BitSamples(states), indices: ArraySlice(rows), epoch: 0)
  }

  /// The chains' first states, drawn as the sampler draws them.
  static var start: [[Double]] {
    BlockGibbs(model: pair.engine, seed: 322).initialState(chains: chains).visibles.doubles
  }

  @Test("chains go on as the reference's do, with their own numbers, also where k grows")
  func statesAndGradient() {
    var estimator = Self.estimator()
    var chains = Self.start
    var firstStep = 0
    let bounds = FloatBounds(Self.pair.reference, updates: 3)
    for (steps, range) in [(1, 0..<113), (3, 17..<130), (2, 5..<10)] {
      let margin = Self.pair.reference.margin(
        from: chains, steps: steps, rows: Array(chains.indices), firstStep: firstStep, random: Self.random)
      #expect(margin > bounds.draw, "a seed where no draw hangs on rounding")
      let phases = Self.pair.reference.persistentContrastiveDivergence(
        ReferenceMinibatch(Array(Self.states[range])), chains: &chains, steps: steps, firstStep: firstStep,
        random: Self.random)
      let gradient = estimator.gradient(
        of: Self.pair.engine, minibatch: Self.minibatch(range), steps: steps, parallel: Parallel(threads: 2))
      #expect(gradient.model.visibleRows == chains)
      #expect(gradient.data.visibleRows == phases.positive.visibles)
      let exact = phases.gradient(around: .zero(like: Self.pair.reference))
      #expect(ReferenceGradient(gradient).largestDifference(from: exact) <= bounds.gradient(rows: 113))
      firstStep += steps
    }
  }

  @Test("the gradient of a short minibatch: the data's mean over it, the model's over all chains")
  func shortMinibatch() throws {
    var estimator = Self.estimator()
    let gradient = estimator.gradient(
      of: Self.pair.engine, minibatch: Self.minibatch(126..<130), steps: 1, parallel: Parallel(threads: 2))
    let ends = try #require(gradient.model.visibleRows)
    #expect(ends.count == Self.chains)
    let data = Self.pair.reference.dataPhase(ReferenceMinibatch(Array(Self.states[126..<130])))
    let model = Self.pair.reference.dataPhase(ReferenceMinibatch(ends))
    for i in 0..<17 {
      let expected = data.visibleMean[i] - model.visibleMean[i]
      #expect(abs(Double(gradient.visibleBias[i]) - expected) <= 2 * 72 * FloatBounds.roundoff)
      for j in 0..<9 {
        let dataMoment = (0..<4).reduce(0) { $0 + data.visibles[$1][i] * data.hiddens[$1][j] } / 4
        let modelMoment = ends.indices.reduce(0) { $0 + ends[$1][i] * model.hiddens[$1][j] } / 70
        let weight = gradient.weights(visible: 17, hidden: 9)[i, j]
        let bound = FloatBounds(Self.pair.reference, updates: 1).gradient(rows: Self.chains)
        #expect(abs(Double(weight) - (dataMoment - modelMoment)) <= bound)
      }
    }
  }

  @Test("there are as many chains as a minibatch has samples, where no number is given")
  func defaultChains() {
    var estimator = Self.estimator(chains: nil)
    let gradient = estimator.gradient(
      of: Self.pair.engine, minibatch: Self.minibatch(0..<5), steps: 1, parallel: Parallel(threads: 1))
    #expect(gradient.model.visibleRows?.count == 113)
  }

  @Test("chains do not depend on the data, nor on other chains")
  func independence() throws {
    let few = try ends(chains: 40, data: 0..<113)
    let many = try ends(chains: 50, data: 20..<30)
    #expect(few == Array(many.prefix(40)))
  }

  private func ends(chains: Int, data: Range<Int>) throws -> [[Double]] {
    var estimator = Self.estimator(chains: chains)
    let gradient = estimator.gradient(
      of: Self.pair.engine, minibatch: Self.minibatch(data), steps: 4, parallel: Parallel(threads: 2))
    return try #require(gradient.model.visibleRows)
  }
}
