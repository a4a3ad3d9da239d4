import Boltzmann
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Training settings")
struct TrainingSettingsTests {
  /// Settings that make no sense for 100 samples, and what is said about them.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let message: String
    let make: @Sendable (inout TrainingSettings) -> Void

    init(_ message: String, _ make: @escaping @Sendable (inout TrainingSettings) -> Void) {
      self.message = message
      self.make = make
    }

    var testDescription: String { message }
  }

  static let mistakes = [
    Mistake("epochs must be at least 1, not 0") { $0.epochs = 0 },
    Mistake("the minibatch must hold at least 1 sample, not 0") { $0.batchSize = 0 },
    Mistake("a minibatch of 101 is larger than the 100 samples") { $0.batchSize = 101 },
    Mistake("Gibbs steps must be at least 1, not 0") { $0.steps = StepSchedule(0) },
    Mistake("Gibbs steps must be at least 1, not 1,-3@2") { $0.steps = StepSchedule("1,-3@2")! },
    Mistake("chains must be at least 1, not 0") { $0.chains = 0 },
    Mistake("temperatures must be 2 to 1000, not 1") { $0.temperatures = 1 },
    Mistake("the learning rate must be positive and finite") { $0.learningRate = 0 },
    Mistake("the learning rate must be positive and finite") { $0.learningRate = -.infinity },
    Mistake("the learning rate must be positive and finite") { $0.learningRate = .infinity },
    Mistake("the learning rate must be positive and finite") { $0.learningRate = .nan },
    Mistake("the fast learning rate must be positive and finite") { $0.fastLearningRate = 0 },
    Mistake("the fast learning rate must be positive and finite") { $0.fastLearningRate = .nan },
    Mistake("the order of tap must be 1, 2 or 3, not 4") { $0.tapOrder = 4 },
    Mistake("iterations of tap must be at least 1, not 0") { $0.tapIterations = 0 },
    Mistake("momentum must lie in [0, 1)") { $0.momentum = StepSchedule(1) },
    Mistake("momentum must lie in [0, 1)") { $0.momentum = StepSchedule("0.5,-0.1@3")! },
    Mistake("momentum must lie in [0, 1)") { $0.momentum = StepSchedule(.nan) },
    Mistake("weight decay must not be negative") { $0.l1 = -1e-9 },
    Mistake("weight decay must not be negative") { $0.l2 = -1e-9 },
    Mistake("weight decay must not be negative") { $0.l2 = .nan },
    Mistake("weight decay must not be negative") { $0.l1 = .infinity },
    Mistake("the sparsity target must lie between 0 and 1") { $0.sparsityTarget = 0 },
    Mistake("the sparsity target must lie between 0 and 1") { $0.sparsityTarget = 1 },
    Mistake("the sparsity target must lie between 0 and 1") { $0.sparsityTarget = .nan },
    Mistake("the sparsity cost must not be negative") { $0.sparsityCost = -1 },
    Mistake("the sparsity cost must not be negative") { $0.sparsityCost = .infinity },
    Mistake("the sparsity decay must lie in [0, 1)") { $0.sparsityDecay = 1 },
    Mistake("the offset rate must lie in [0, 1]") { $0.offsetRate = 1.5 },
    Mistake("the offset rate must lie in [0, 1]") { $0.offsetRate = .nan },
    Mistake("no training method is called \"hamming\"") { $0.method = "hamming" },
  ]

  @Test("each mistake is told in one line", arguments: mistakes)
  func mistake(_ mistake: Mistake) {
    var settings = TrainingSettings()
    mistake.make(&settings)
    let error = #expect(throws: SettingsError.self) { try settings.validate(samples: 100) }
    #expect(error?.description == mistake.message)
    let samples = BitSamples(count: 100, width: 3)
    let machine = RBM.initialized(dataMeans: [0, 0, 0], hidden: 2, seed: 0)
    let trainerError = #expect(throws: SettingsError.self) {
      try Trainer(model: machine, samples: samples, settings: settings)
    }
    #expect(trainerError?.description == mistake.message)
  }

  @Test("the defaults and the ends of every range are fine")
  func valid() throws {
    var settings = TrainingSettings()
    try settings.validate(samples: 100)
    settings.epochs = 1
    settings.batchSize = 1
    settings.chains = 1
    settings.momentum = StepSchedule(0)
    settings.l2 = 0
    settings.sparsityCost = 0
    settings.sparsityDecay = 0
    for rate in [0, 1.0] {
      settings.offsetRate = rate
      try settings.validate(samples: 1)
    }
  }

  @Test("a machine of another width than the data is refused")
  func width() {
    let machine = RBM.initialized(dataMeans: [0, 0, 0], hidden: 2, seed: 0)
    let error = #expect(throws: SettingsError.self) {
      try Trainer(model: machine, samples: BitSamples(count: 200, width: 4), settings: TrainingSettings())
    }
    #expect(error?.description == "the data have 4 columns, the machine 3 visible units")
  }

  @Test("are read as they were written")
  func codable() throws {
    var settings = TrainingSettings()
    settings.method = "pcd"
    settings.steps = StepSchedule("1,5@3")!
    settings.chains = 7
    settings.fastLearningRate = 0.3
    settings.tapOrder = 3
    settings.schedule = .exponential(factor: 0.9)
    settings.sparsityTarget = 0.1
    settings.seed = .max
    let decoded = try JSONDecoder().decode(TrainingSettings.self, from: JSONEncoder().encode(settings))
    #expect(decoded == settings)
    let defaults = try JSONDecoder().decode(
      TrainingSettings.self, from: JSONEncoder().encode(TrainingSettings()))
    #expect(defaults == TrainingSettings())
  }

  @Test("every estimator is found by its name")
  func estimators() {
    #expect(
      GradientEstimators.all.map { $0.name } == [
        "cd", "pcd", "exact", "fpcd", "tap", "pt", "adversarial", "ptt",
      ])
    for estimator in GradientEstimators.all {
      #expect(GradientEstimators.named(estimator.name) == estimator)
    }
    #expect(GradientEstimators.named("CD") == nil)
  }
}
