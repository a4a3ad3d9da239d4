import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Training of general Boltzmann machines")
struct BoltzmannMachineTrainerTests {
  /// Samples of a machine of 5 + 2 units, and a student that begins with weak couplings.
  static let teacher = ReferenceBoltzmannMachine.normal(
    visible: 5, hidden: 2, deviation: 1, visibleKind: .spin, seed: 480)
  static let samples: FloatSamples = {
    let random = ReferenceRandom(seed: 481)
    let (states, probabilities) = (teacher.jointStates, teacher.jointProbabilities())
    return FloatSamples((0..<200).map { Array(states[random.category(probabilities, row: $0)][..<5]) })
  }()

  private func settings(_ method: BoltzmannMachineSettings.Method) -> BoltzmannMachineSettings {
    var settings = BoltzmannMachineSettings()
    settings.method = method
    settings.seed = 482
    return settings
  }

  private func student(hidden: Int = 2, lateral: LateralCouplings = [.visible, .hidden]) -> BoltzmannMachine {
    .initialized(
      dataMeans: Self.samples.means(), hidden: hidden, visibleKind: .spin, lateral: lateral,
      standardDeviation: 0.1, seed: 483)
  }

  private func trained(
    _ settings: BoltzmannMachineSettings, from model: BoltzmannMachine, parallel: Parallel = .all
  ) throws -> BoltzmannMachine {
    var trainer = try BoltzmannMachineTrainer(model: model, samples: Self.samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: Self.samples, parallel: parallel) }
    return trainer.model
  }

  private func logLikelihood(_ model: BoltzmannMachine) throws -> Double {
    let free = try model.freeEnergies(of: Self.samples)
    return -free.reduce(0, +) / Double(free.count) - (try model.exactLogPartition())
  }

  /// Without momentum and decay a step is rate·gradient, in Float.
  @Test("a step follows the reference's gradient", arguments: BoltzmannMachineCase.small)
  func exactStep(_ size: BoltzmannMachineCase) throws {
    let reference = size.machine(seed: 484), data = size.samples(20, seed: 485)
    var settings = settings(.exact)
    settings.momentum = 0
    settings.learningRate = 0.5
    settings.batchSize = 20
    let model = try BoltzmannMachine(reference), samples = FloatSamples(data)
    var trainer = try BoltzmannMachineTrainer(model: model, samples: samples, settings: settings)
    let info = try trainer.step(samples: samples)
    let expected = reference.exactGradient(data), found = ReferenceBoltzmannMachine(trainer.model)
    var squares = 0.0
    for a in 0..<reference.unitCount {
      // 5e-6 as promised of exact moments, and the rounding of a parameter below 4.
      #expect(abs(found.bias(a) - reference.bias(a) - 0.5 * expected.means[a]) <= 5e-6)
      for b in 0..<reference.unitCount where a != b {
        let step = found.coupling(a, b) - reference.coupling(a, b)
        #expect(abs(step - 0.5 * expected.pairs[a][b]) <= 5e-6)
        squares += step * step
      }
    }
    #expect(abs(info.stepNorm - squares.squareRoot()) <= 5e-6 * Double(reference.unitCount))
    #expect(info.endsEpoch && info.epoch == 0 && trainer.epoch == 1)
  }

  @Test("momentum and decay enter as they should")
  func momentumAndDecay() throws {
    var settings = settings(.exact)
    (settings.momentum, settings.l2, settings.learningRate, settings.batchSize) = (0.5, 0.1, 0.25, 200)
    settings.epochs = 2
    var trainer = try BoltzmannMachineTrainer(model: student(), samples: Self.samples, settings: settings)
    let rows = Self.samples.matrix(0..<200).doubles
    var reference = ReferenceBoltzmannMachine(trainer.model), velocity = 0.0, biasVelocity = 0.0
    for _ in 0..<2 {
      let gradient = reference.exactGradient(rows)
      let (bias, coupling) = (reference.bias(0), reference.coupling(0, 6))
      velocity = 0.5 * velocity + 0.25 * (gradient.pairs[0][6] - 0.1 * coupling)
      biasVelocity = 0.5 * biasVelocity + 0.25 * gradient.means[0]
      try trainer.step(samples: Self.samples)
      reference = ReferenceBoltzmannMachine(trainer.model)
      #expect(abs(reference.coupling(0, 6) - coupling - velocity) <= 5e-6)
      #expect(abs(reference.bias(0) - bias - biasVelocity) <= 5e-6)
    }
  }

  @Test(
    "by the exact gradient the likelihood rises; J stays symmetric, its diagonal and left-out blocks zero")
  func exactGradient() throws {
    for lateral in [[.visible, .hidden], .visible, .hidden, []] as [LateralCouplings] {
      var settings = settings(.exact)
      (settings.lateral, settings.batchSize, settings.learningRate) = (lateral, 200, 0.1)
      let start = student(lateral: lateral)
      let model = try trained(settings, from: start)
      #expect(try logLikelihood(model) > logLikelihood(start))
      #expect(model.lateral == lateral)
      #expect(BoltzmannMachine.asymmetry(of: model.couplings) == nil)
      #expect((0..<7).allSatisfy { model.couplings[$0, $0] == 0 })
    }
  }

  /// Both follow the same path but for noise. With C = 500 chains a moment is off by σ² ≤ 1/C; at rate η noise leaves
  /// each of 27 parameters with a variance of about ησ²/2 over its curvature, so the likelihood short of 27·ησ²/4 =
  /// 0.0014 nats, before the rate falls to zero. Correlated chains, and those of the positive phase with its 200 rows,
  /// make it a few times that.
  @Test(
    "PCD comes as far as the exact gradient, by either positive phase", .enabled(if: Build.isOptimized),
    arguments: BoltzmannMachineSettings.PositivePhase.allCases)
  func persistentChains(_ phase: BoltzmannMachineSettings.PositivePhase) throws {
    var settings = settings(.exact)
    (settings.batchSize, settings.learningRate, settings.epochs) = (200, 0.1, 400)
    settings.schedule = .linear
    // Mean-field is exact without hidden couplings only.
    if phase == .meanField { settings.lateral = .visible }
    let start = student(lateral: settings.lateral)
    let exact = try trained(settings, from: start)
    (settings.method, settings.positivePhase) = (.pcd, phase)
    (settings.chains, settings.steps) = (500, 5)
    let estimated = try trained(settings, from: start)
    let gain = try logLikelihood(exact) - logLikelihood(start)
    let shortfall = try logLikelihood(exact) - logLikelihood(estimated)
    #expect(gain > 0.1 && abs(shortfall) < 0.01, "\(gain) \(shortfall)")
  }

  @Test("the same bits on any number of threads", arguments: [2, 3])
  func threads(_ threads: Int) throws {
    for phase in BoltzmannMachineSettings.PositivePhase.allCases {
      for method in BoltzmannMachineSettings.Method.allCases {
        var settings = settings(method)
        (settings.positivePhase, settings.chains, settings.batchSize) = (phase, 150, 70)
        settings.epochs = 2
        let model = student(hidden: method == .pseudoLikelihood ? 0 : 3)
        let one = try trained(settings, from: model, parallel: Parallel(threads: 1))
        let many = try trained(settings, from: model, parallel: Parallel(threads: threads))
        #expect(one.couplings == many.couplings && one.bias == many.bias)
        #expect(one.couplings != model.couplings)
      }
    }
  }

  @Test("a copy goes on by itself")
  func copies() throws {
    var trainer = try BoltzmannMachineTrainer(
      model: student(), samples: Self.samples, settings: settings(.pcd))
    try trainer.step(samples: Self.samples)
    var copy = trainer
    try trainer.step(samples: Self.samples)
    try copy.step(samples: Self.samples)
    #expect(copy.model.couplings == trainer.model.couplings)
  }

  @Test("mean-field says whether it converged")
  func meanFieldInfo() throws {
    var settings = settings(.pcd)
    settings.meanField.limit = 1
    settings.meanField.tolerance = 0
    var trainer = try BoltzmannMachineTrainer(model: student(), samples: Self.samples, settings: settings)
    let info = try trainer.step(samples: Self.samples)
    #expect(info.meanField?.hasConverged == false && info.meanField?.iterations == 1)
  }

  @Test("a rate that is too large ends in an error, not in numbers")
  func divergence() {
    var settings = settings(.exact)
    settings.learningRate = 1e38
    #expect(throws: TrainingDiverged.self) { try trained(settings, from: student()) }
  }

  @Test("new machines reproduce the data's means and have no couplings that were not asked for")
  func initialization() {
    let model = BoltzmannMachine.initialized(
      dataMeans: [0, 0.5, -1], hidden: 2, visibleKind: .spin, lateral: [], seed: 486)
    // tanh b is the mean; −1 is clipped to the share 0.001.
    #expect(model.visibleBias[0] == 0 && abs(model.visibleBias[1] - 0.5493) < 1e-4)
    #expect(abs(model.visibleBias[2] + 3.4534) < 1e-4)
    #expect(model.lateral == [] && model.weights.values.allSatisfy { $0 != 0 })
    let coupled = BoltzmannMachine.initialized(dataMeans: [0.5, 0.5], hidden: 2, seed: 486)
    #expect(coupled.lateral == .hidden && BoltzmannMachine.asymmetry(of: coupled.couplings) == nil)
  }

  @Test("settings that cannot work are refused in one line")
  func validation() {
    func message(
      _ model: BoltzmannMachine? = nil, _ change: (inout BoltzmannMachineSettings) -> Void
    ) -> String? {
      var settings = settings(.pcd)
      change(&settings)
      return #expect(throws: SettingsError.self) {
        try BoltzmannMachineTrainer(model: model ?? student(), samples: Self.samples, settings: settings)
      }?.message
    }
    #expect(message { $0.batchSize = 201 } == "a minibatch of 201 is larger than the 200 samples")
    #expect(message { $0.steps = 0 } == "Gibbs steps must be at least 1, not 0")
    #expect(message { $0.chains = 0 } == "chains must be at least 1, not 0")
    #expect(message { $0.epochs = 0 } == "epochs must be at least 1, not 0")
    #expect(message { $0.learningRate = .nan } == "the learning rate must be positive and finite")
    #expect(message { $0.momentum = 1 } == "momentum must lie in [0, 1)")
    #expect(message { $0.l2 = -1 } == "weight decay must not be negative")
    #expect(message { $0.meanField.damping = 1 } == "damping must lie in [0, 1)")
    #expect(
      message { $0.method = .pseudoLikelihood }
        == "the pseudo-likelihood needs a machine without hidden units")
    #expect(
      message { $0.lateral = [] } == "the machine has couplings within a layer that shall have none")
    #expect(
      message(BoltzmannMachine(visible: 4)) { _ in } == "the data have 5 columns, the machine 4 visible units"
    )
    #expect(
      message(BoltzmannMachine(visible: 5, hidden: 21)) { $0.method = .exact }
        == "the exact sum needs at most 25 units that are coupled among themselves, not 26")
  }
}
