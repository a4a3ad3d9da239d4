import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Fast persistent contrastive divergence")
struct FastPersistentContrastiveDivergenceTests {
  static let pair = MachinePair.normal(visible: 17, hidden: 9, seed: 630)
  static let states = randomStates(130, width: 17, seed: 631)
  static let updates: [(steps: Int, rows: Range<Int>)] = [(1, 0..<113), (3, 17..<130), (2, 5..<50)]
  /// The first seed with which no draw of the reference hangs on rounding, by half as much again as the engine needs.
  static let seed = (UInt64(632)...).first { hasMargin(seed: $0) }!
  static let random = ReferenceRandom(seed: seed)
  static let chains = 55
  static let rate = 0.25

  static var context: EstimatorContext {
    var settings = TrainingSettings()
    settings.batchSize = 113
    settings.chains = chains
    settings.fastLearningRate = rate
    settings.seed = seed
    return EstimatorContext(model: pair.engine, settings: settings)
  }

  static func minibatch(_ rows: Range<Int>) -> Minibatch {
    Minibatch(samples: BitSamples(states), indices: ArraySlice(rows), epoch: 0)
  }

  /// φ + θ is rounded once, so that inputs, sums of at most 18 parameters below 8, are off by 18·4u more, and
  /// probabilities by a quarter of that; φ follows the gradient. Each update begins where the engine's φ stands.
  @Test("chains and fast parameters go on as the reference's do")
  func statesAndGradient() throws {
    var estimator = FastPersistentContrastiveDivergence(Self.context)
    var chains = Self.start(seed: Self.seed)
    var fast = ReferenceGradient.zero(like: Self.pair.reference)
    var firstStep = 0
    for (steps, range) in Self.updates {
      let sampler = Self.pair.reference.adding(fast)
      let bounds = FloatBounds(sampler, updates: 3)
      let margin = sampler.margin(
        from: chains, steps: steps, rows: Array(chains.indices), firstStep: firstStep, random: Self.random)
      #expect(margin > bounds.draw + Self.rounded / 4, "a seed where no draw hangs on rounding")
      let phases = Self.pair.reference.fastPersistentContrastiveDivergence(
        ReferenceMinibatch(Array(Self.states[range])), chains: &chains, fast: &fast, rate: Self.rate,
        steps: steps, firstStep: firstStep, random: Self.random)
      let gradient = estimator.gradient(
        of: Self.pair.engine, minibatch: Self.minibatch(range), steps: steps, parallel: Parallel(threads: 2))
      #expect(gradient.model.visibleRows == chains)
      #expect(gradient.data.visibleRows == phases.positive.visibles)
      let exact = phases.gradient(around: .zero(like: Self.pair.reference))
      let bound = bounds.gradient(rows: 113) + Self.rounded
      #expect(ReferenceGradient(gradient).largestDifference(from: exact) <= bound)
      let reached = Self.fastParameters(estimator)
      #expect(reached.largestDifference(from: fast) <= Self.rate * bound + 3 * FloatBounds.roundoff)
      fast = reached
      firstStep += steps
    }
    #expect(fast.flat.contains { abs($0) > 0.05 })
  }

  static let rounded = 18 * 4 * FloatBounds.roundoff

  private static func start(seed: UInt64) -> [[Double]] {
    BlockGibbs(model: pair.engine, seed: seed).initialState(chains: chains).visibles.doubles
  }

  /// Whether all draws of the updates, made by the reference alone, are that far from falling out the other way.
  private static func hasMargin(seed: UInt64) -> Bool {
    var chains = start(seed: seed), fast = ReferenceGradient.zero(like: pair.reference), firstStep = 0
    let random = ReferenceRandom(seed: seed)
    return updates.allSatisfy { steps, rows in
      let sampler = pair.reference.adding(fast)
      let margin = sampler.margin(
        from: chains, steps: steps, rows: Array(chains.indices), firstStep: firstStep, random: random)
      _ = pair.reference.fastPersistentContrastiveDivergence(
        ReferenceMinibatch(Array(states[rows])), chains: &chains, fast: &fast, rate: rate, steps: steps,
        firstStep: firstStep, random: random)
      firstStep += steps
      return margin > 1.5 * (FloatBounds(sampler, updates: 3).draw + rounded / 4)
    }
  }

  private static func fastParameters(_ estimator: FastPersistentContrastiveDivergence) -> ReferenceGradient {
    var snapshot = Snapshot()
    estimator.save(to: &snapshot)
    return ReferenceGradient(
      weights: snapshot.matrices["estimator.fast_weights"]?.doubles ?? [],
      visibleBias: snapshot.vectors["estimator.fast_visible_bias"]?.doubles ?? [],
      hiddenBias: snapshot.vectors["estimator.fast_hidden_bias"]?.doubles ?? [])
  }

  @Test("the fast rate is the learning rate where none is given")
  func defaultRate() throws {
    func snapshot(_ fastRate: Double?) throws -> Snapshot {
      var settings = Self.context.settings
      settings.method = "fpcd"
      settings.learningRate = 0.03
      settings.fastLearningRate = fastRate
      let samples = BitSamples(Self.states)
      var trainer = try Trainer(model: Self.pair.engine, samples: samples, settings: settings)
      for _ in 0..<3 { try trainer.step(samples: samples) }
      return Snapshot(trainer)
    }
    let unsaid = try snapshot(nil).bits
    #expect(unsaid == (try snapshot(0.03).bits))
    #expect(unsaid != (try snapshot(0.06).bits))
  }

  /// Bars and stripes of 4 × 4 with so few hidden units that the chains of PCD must travel. The Shark library asks
  /// for less than 200 nats over the 32 patterns after some thousand updates at this rate; no machine is better than
  /// the data's entropy, 108.131.
  @Test("learns bars and stripes", .enabled(if: Build.isOptimized))
  func barsAndStripes() throws {
    let losses = try (1...3).map { try loss(seed: $0) }
    #expect(losses.allSatisfy { $0 > 108.131 && $0 < 200 }, "\(losses)")
  }

  private func loss(seed: UInt64) throws -> Double {
    var settings = TrainingSettings()
    settings.method = "fpcd"
    settings.batchSize = 32
    settings.epochs = 3_000
    settings.learningRate = 0.1
    settings.momentum = StepSchedule(0)
    settings.l2 = 0
    settings.isCentered = false
    settings.seed = seed
    let samples = BitSamples(BoltzmannReference.barsAndStripes(side: 4))
    let machine = RBM.initialized(
      dataMeans: samples.means(), hidden: 8, weights: .uniform(bound: 0.1), visibleBiasFromData: false,
      seed: seed)
    var trainer = try Trainer(model: machine, samples: samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    let energies = trainer.model.freeEnergies(of: samples)
    return energies.reduce(32 * (try trainer.model.exactLogPartition()), +)
  }
}
