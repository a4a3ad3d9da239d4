import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// What trainings lead to. Bars and stripes, 4 × 4: the class says whether whole rows or whole columns are on, which
/// no single pixel tells.
@Suite("What classification machines learn")
struct ClassificationOutcomeTests {
  /// All patterns but the empty and the full one, which are both.
  static let patterns = barsAndStripes(side: 4).enumerated()
    .filter { (1..<16).contains($0.element.reduce(0, +)) }
  static let samples = BitSamples(patterns.map(\.element))
  static let classes = patterns.map { $0.offset / 16 }

  static func train(
    _ objective: ClassificationObjective, epochs: Int, rate: Double, classes: [Int?] = classes
  ) throws -> ClassificationScore {
    var settings = ClassificationSettings()
    settings.objective = objective
    settings.epochs = epochs
    settings.batchSize = 7
    settings.learningRate = rate
    settings.momentum = StepSchedule(0.5)
    settings.seed = 550
    let start = ClassificationRBM.initialized(
      dataMeans: samples.means(), classShares: [0.5, 0.5], hidden: 16, seed: 551)
    var trainer = try ClassificationTrainer(
      model: start, samples: samples, classes: classes, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    return ClassificationScore(of: trainer.model, samples: samples, classes: Self.classes)
  }

  @Test("log P(y | v): every pattern")
  func discriminative() throws {
    let score = try Self.train(.discriminative, epochs: 200, rate: 0.2)
    #expect(score.errors == 0)
  }

  @Test("with log P(v, y), too")
  func hybrid() throws {
    let score = try Self.train(.hybrid(generative: 0.1), epochs: 200, rate: 0.2)
    #expect(score.errors == 0)
  }

  @Test("log P(v, y) alone", .enabled(if: Build.isOptimized))
  func generative() throws {
    let score = try Self.train(.generative, epochs: 2000, rate: 0.1)
    #expect(score.errors == 0)
  }

  /// Two clouds around a prototype and its complement, 40 pixels, each flipped with probability 0.15. A single
  /// labelled sample of each cloud is far from its cloud's middle; what lies between is told by the unlabelled.
  @Test("samples without labels help", .enabled(if: Build.isOptimized))
  func semiSupervised() throws {
    let random = ReferenceRandom(seed: 552)
    let truth = (0..<600).map { $0 % 2 }
    let states = truth.enumerated().map { row, y in
      random.bernoulli(
        (0..<40).map { ($0 < 20) == (y == 0) ? 0.7 : 0.3 }, row: row, step: 0, stream: 255)
    }
    let samples = BitSamples(states)
    func errors(_ objective: ClassificationObjective) throws -> Int {
      var settings = ClassificationSettings()
      settings.objective = objective
      settings.epochs = 100
      settings.batchSize = 4
      settings.learningRate = 0.05
      settings.seed = 553
      let start = ClassificationRBM.initialized(
        dataMeans: samples.means(), classShares: [0.5, 0.5], hidden: 2, seed: 554)
      let classes: [Int?] = truth.enumerated().map { $0.offset < 4 ? $0.element : nil }
      var trainer = try ClassificationTrainer(
        model: start, samples: samples, classes: classes, settings: settings)
      while !trainer.isFinished { try trainer.step(samples: samples) }
      return ClassificationScore(of: trainer.model, samples: samples, classes: truth).errors
    }
    let alone = try errors(.discriminative)
    let helped = try errors(.discriminative.semiSupervised(unsupervised: 1))
    #expect(helped < alone)
  }
}
