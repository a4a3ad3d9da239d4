import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport

/// A training of the engine, and what the reference needs to make the same updates.
struct FollowedTraining {
  let states: [[Double]]
  let settings: TrainingSettings
  private(set) var trainer: Trainer
  private var gibbsStep = 0

  init(states: [[Double]], hidden: Int, settings: TrainingSettings) throws {
    self.states = states
    self.settings = settings
    let machine = MachinePair.normal(
      visible: states[0].count, hidden: hidden, weightDeviation: 0.5, biasDeviation: 0.5, seed: settings.seed)
    trainer = try Trainer(model: machine.engine, samples: BitSamples(states), settings: settings)
  }

  /// The engine's state, as a learner of the reference.
  var learner: ReferenceLearner { ReferenceLearner(Snapshot(trainer)) }

  /// How far the engine's velocity is from a learner's; that of the weights is kept where momentum comes into play.
  func velocityDifference(from learner: ReferenceLearner) -> Double {
    var expected = learner.velocity
    let keepsWeights = Snapshot(trainer).matrices["velocity.weights"] != nil
    precondition(keepsWeights == settings.momentum.values.contains { $0 != 0 })
    if !keepsWeights { expected.weights = ReferenceGradient.zero(like: learner.model).weights }
    return self.learner.velocity.largestDifference(from: expected)
  }

  var isFinished: Bool { trainer.isFinished }

  /// The next update of the engine.
  mutating func step() throws {
    gibbsStep += settings.steps.value(epoch: trainer.epoch)
    try trainer.step(samples: BitSamples(states), parallel: Parallel(threads: 2))
  }

  /// The next update for the reference.
  var update: ReferenceUpdate {
    ReferenceUpdate(
      minibatch: minibatch, estimator: estimator, settings: learningSettings, firstStep: gibbsStep,
      random: ReferenceRandom(seed: settings.seed))
  }

  /// The samples whose turn it is: the epoch's order, cut into minibatches, the last one short.
  private var minibatch: ReferenceMinibatch {
    let shuffle = RandomStream(seed: settings.seed, purpose: .shuffle)
    let order = shuffle.permutation(row: UInt64(trainer.epoch), count: states.count)
    let rows = Array(order.dropFirst(trainer.minibatch * settings.batchSize).prefix(settings.batchSize))
    return ReferenceMinibatch(rows.map { states[$0] }, rows: rows)
  }

  private var estimator: ReferenceEstimator {
    let steps = settings.steps.value(epoch: trainer.epoch)
    return switch settings.method {
    case "cd": .contrastiveDivergence(steps: steps)
    case "pcd": .persistentContrastiveDivergence(steps: steps)
    default: .exact
    }
  }

  /// The settings in force, rounded as the engine rounds them.
  private var learningSettings: ReferenceLearningSettings {
    func rounded(_ value: Double) -> Double { Double(Float(value)) }
    let progress = Double(trainer.epoch) + Double(trainer.minibatch * settings.batchSize) / rowsPerEpoch
    let factor = settings.schedule.factor(progress: progress, epochs: settings.epochs)
    return ReferenceLearningSettings(
      learningRate: rounded(settings.learningRate * factor),
      momentum: rounded(settings.momentum.value(epoch: trainer.epoch)), l2: rounded(settings.l2),
      l1: rounded(settings.l1), offsetRate: settings.isCentered ? rounded(settings.offsetRate) : 0,
      sparsity: settings.sparsityTarget.map {
        .init(
          target: rounded($0), cost: rounded(settings.sparsityCost), decay: rounded(settings.sparsityDecay))
      })
  }

  /// Progress counts minibatches: the short one takes as much of an epoch as the others.
  private var rowsPerEpoch: Double { Double(trainer.minibatchesPerEpoch * settings.batchSize) }
}

/// One update, in the reference's terms.
struct ReferenceUpdate {
  var minibatch: ReferenceMinibatch
  var estimator: ReferenceEstimator
  var settings: ReferenceLearningSettings
  var firstStep: Int
  var random: ReferenceRandom

  /// Makes the update; gives the phases it was made of.
  @discardableResult
  func callAsFunction(_ learner: inout ReferenceLearner) -> ReferencePhases {
    let phases = learner.phases(minibatch, estimator: estimator, random: random, firstStep: firstStep)
    learner.update(phases, settings: settings)
    return phases
  }

  /// The smallest margin of the draws it makes.
  func margin(_ learner: ReferenceLearner) -> Double {
    switch estimator {
    case .contrastiveDivergence(let steps):
      learner.model.margin(
        from: minibatch.samples, steps: steps, rows: minibatch.rows, firstStep: firstStep, random: random)
    case .persistentContrastiveDivergence(let steps):
      learner.model.margin(
        from: learner.chains, steps: steps, rows: Array(learner.chains.indices), firstStep: firstStep,
        random: random)
    case .exact: 1
    }
  }

  /// Rounding errors of its chains: inputs follow every Gibbs step.
  func bounds(_ learner: ReferenceLearner) -> FloatBounds {
    switch estimator {
    case .contrastiveDivergence(let steps), .persistentContrastiveDivergence(let steps):
      FloatBounds(learner.model, updates: steps)
    case .exact: FloatBounds(learner.model)
    }
  }

  /// The most rows of a phase that is a mean over rows.
  func rows(_ learner: ReferenceLearner) -> Int { max(minibatch.samples.count, learner.chains.count) }
}
