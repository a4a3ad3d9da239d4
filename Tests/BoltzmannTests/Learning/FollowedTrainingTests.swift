import Boltzmann
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// A training with everything switched on, or some of it off.
struct TrainingCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let settings: TrainingSettings

  /// 23 samples in minibatches of 6, the last one of 5; k grows, the momentum switches, the rate falls.
  init(_ name: String, method: String = "cd", _ change: (inout TrainingSettings) -> Void = { _ in }) {
    var settings = TrainingSettings()
    settings.method = method
    settings.epochs = 3
    settings.batchSize = 6
    settings.learningRate = 0.02
    settings.schedule = .exponential(factor: 0.8)
    settings.momentum = StepSchedule("0.3,0.6@1")!
    settings.steps = StepSchedule("1,3@2")!
    settings.chains = 9
    settings.l1 = 0.004
    settings.l2 = 0.01
    settings.sparsityTarget = 0.2
    settings.sparsityCost = 0.3
    settings.sparsityDecay = 0.8
    settings.offsetRate = 0.1
    settings.seed = 330
    change(&settings)
    self.settings = settings
    testDescription = "\(name), \(method)"
  }

  static let all = ["cd", "pcd", "exact"].flatMap { method in
    [
      TrainingCase("everything", method: method),
      TrainingCase("not centred", method: method) { $0.isCentered = false },
      TrainingCase("no sparsity, linear", method: method) {
        $0.sparsityTarget = nil
        $0.schedule = .linear
      },
      TrainingCase("offsets stand still", method: method) { $0.offsetRate = 0 },
      TrainingCase("plain ascent", method: method) {
        ($0.isCentered, $0.sparsityTarget, $0.l1, $0.l2) = (false, nil, 0, 0)
        ($0.momentum, $0.schedule, $0.steps) = (StepSchedule(0), .constant, StepSchedule(1))
      },
      TrainingCase("minibatches of one", method: method) { ($0.batchSize, $0.epochs) = (1, 1) },
      TrainingCase("one minibatch", method: method) { $0.batchSize = 23 },
    ]
  }

  func training() throws -> FollowedTraining {
    try FollowedTraining(
      states: randomStates(23, width: 6, mean: 0.4, seed: 331), hidden: 5, settings: settings)
  }
}

@Suite("Trainings follow the reference")
struct FollowedTrainingTests {
  /// Each update starts from the engine's own state, so that nothing adds up.
  @Test("update by update", arguments: TrainingCase.all)
  func updateByUpdate(_ training: TrainingCase) throws {
    var training = try training.training()
    while !training.isFinished {
      var learner = training.learner
      let update = training.update
      let bounds = UpdateBounds(update, of: learner)
      let margin = update.margin(learner)
      #expect(margin > update.bounds(learner).draw, "a seed where no draw hangs on rounding")
      update(&learner)
      try training.step()
      let engine = training.learner
      #expect(engine.chains == learner.chains)
      #expect(engine.model.largestDifference(from: learner.model) <= bounds.model)
      #expect(training.velocityDifference(from: learner) <= bounds.velocity)
      #expect(largestDifference(engine.offsets.visible, learner.offsets.visible) <= bounds.offsets)
      #expect(largestDifference(engine.offsets.hidden, learner.offsets.hidden) <= bounds.offsets)
      #expect(
        largestDifference(engine.hiddenActivity ?? [], learner.hiddenActivity ?? []) <= bounds.activity)
    }
  }

  /// The reference goes on by itself from the first machine. Its sampled states are those that it would draw from
  /// the engine's parameters, which the engine, by the test above, does draw.
  @Test("from the first machine to the last", arguments: TrainingCase.all)
  func wholeRun(_ training: TrainingCase) throws {
    var training = try training.training()
    let first = training.learner
    var learner = first
    var perturbed = PerturbedRuns(first)
    while !training.isFinished {
      let update = training.update
      var engine = training.learner
      let engineStates = update(&engine).negative.visibles
      let states = update(&learner).negative.visibles
      #expect(update.estimator == .exact || states == engineStates)
      perturbed.pass(update, states: states)
      try training.step()
      let allowance = perturbed.allowance(around: learner)
      #expect(training.learner.model.largestDifference(from: learner.model) <= allowance)
    }
    // The allowance says something: it is far below what was learned.
    let learned = first.model.largestDifference(from: learner.model)
    #expect(perturbed.allowance(around: learner) < 0.01 * learned)
  }

  /// A reference that leaves something out, or has it a little wrong, must be found out.
  @Test("and would not follow a reference with another rule", arguments: Self.wrongRules)
  func wrongRule(_ rule: WrongRule) throws {
    for method in ["cd", "pcd", "exact"] {
      var training = try TrainingCase("everything", method: method).training()
      var isFoundOut = false
      while !training.isFinished {
        var learner = training.learner
        var update = training.update
        let bounds = UpdateBounds(update, of: learner)
        rule.change(&update.settings)
        update(&learner)
        try training.step()
        if training.learner.model.largestDifference(from: learner.model) > bounds.model { isFoundOut = true }
      }
      #expect(isFoundOut, "\(rule.testDescription) in \(method)")
    }
  }

  struct WrongRule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout ReferenceLearningSettings) -> Void
  }

  static let wrongRules = [
    WrongRule(testDescription: "no L1") { $0.l1 = 0 },
    WrongRule(testDescription: "no L2") { $0.l2 = 0 },
    WrongRule(testDescription: "half the L2") { $0.l2 /= 2 },
    WrongRule(testDescription: "no momentum") { $0.momentum = 0 },
    WrongRule(testDescription: "no sparsity") { $0.sparsity = nil },
    WrongRule(testDescription: "another target") { $0.sparsity?.target = 0.21 },
    WrongRule(testDescription: "a slower activity") { $0.sparsity?.decay = 0.81 },
    WrongRule(testDescription: "offsets that move after the gradient") { $0.offsetRate = 0 },
    WrongRule(testDescription: "a rate of 1 % more") { $0.learningRate *= 1.01 },
  ]

  @Test("with centring, the first machine's biases are those of the centred energy")
  func firstMachine() throws {
    let states = randomStates(23, width: 6, mean: 0.4, seed: 331)
    let machine = MachinePair.normal(visible: 6, hidden: 5, seed: 332)
    let trainer = try Trainer(
      model: machine.engine, samples: BitSamples(states), settings: TrainingCase("everything").settings)
    let means = BitSamples(states).means().doubles
    let halves = [Double](repeating: 0.5, count: 5)
    // b − Wλ and c − Wᵀμ, where the reference's inputs would add.
    let negative = machine.reference.scaled(by: -1)
    let (b, c) = (machine.reference.visibleBias, machine.reference.hiddenBias)
    let visible = zip(negative.visibleInputs(given: halves), b).map { $0 + 2 * $1 }
    let hidden = zip(negative.hiddenInputs(given: means), c).map { $0 + 2 * $1 }
    let bounds = FloatBounds(machine.reference)
    #expect(largestDifference(trainer.model.visible.bias.doubles, visible) <= bounds.mirrored.hiddenInput)
    #expect(largestDifference(trainer.model.hidden.bias.doubles, hidden) <= bounds.hiddenInput)
    #expect(trainer.model.weights == machine.engine.weights)
  }

  @Test("without centring, the first machine is taken as it is")
  func plainFirstMachine() throws {
    let machine = MachinePair.normal(visible: 6, hidden: 5, seed: 332)
    var settings = TrainingCase("").settings
    settings.isCentered = false
    let samples = BitSamples(randomStates(23, width: 6, seed: 331))
    let trainer = try Trainer(model: machine.engine, samples: samples, settings: settings)
    #expect(ReferenceRBM(trainer.model) == machine.reference)
  }
}
