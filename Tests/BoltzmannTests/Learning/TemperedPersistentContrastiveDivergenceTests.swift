import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("PCD with parallel tempering")
struct TemperedPersistentContrastiveDivergenceTests {
  static let patterns = BoltzmannReference.barsAndStripes(side: 4)

  static func trainer(epochs: Int, hidden: Int = 8, temperatures: Int = 5) throws -> Trainer {
    var settings = TrainingSettings()
    settings.method = "pt"
    settings.temperatures = temperatures
    settings.epochs = epochs
    settings.batchSize = 32
    settings.chains = 32
    settings.learningRate = 0.1
    settings.momentum = StepSchedule(0)
    settings.l2 = 0
    settings.seed = 590
    let samples = BitSamples(patterns)
    let start = RBM.initialized(dataMeans: samples.means(), hidden: hidden, seed: 591)
    return try Trainer(model: start, samples: samples, settings: settings)
  }

  @Test("the same bits on any number of threads, and after going on from a snapshot")
  func bits() throws {
    let samples = BitSamples(Self.patterns)
    var trainers = try (0..<3).map { _ in try Self.trainer(epochs: 6) }
    for _ in 0..<3 {
      try trainers[0].step(samples: samples, parallel: Parallel(threads: 1))
      try trainers[1].step(samples: samples, parallel: Parallel(threads: 2))
    }
    var snapshot = Snapshot()
    trainers[0].save(to: &snapshot)
    try trainers[2].restore(from: snapshot)
    for number in trainers.indices {
      for _ in 0..<3 { try trainers[number].step(samples: samples) }
    }
    #expect(trainers[0].model.weights == trainers[1].model.weights)
    #expect(trainers[0].model.weights == trainers[2].model.weights)
  }

  @Test("two temperatures are enough, chains and data may be of different numbers")
  func fewTemperatures() throws {
    var trainer = try Self.trainer(epochs: 2, temperatures: 2)
    let samples = BitSamples(Self.patterns)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    #expect(trainer.model.weights.view.isFinite)
  }

  @Test("4 × 4 bars and stripes, 3,001 updates: below 200 nats in all", .enabled(if: Build.isOptimized))
  func barsAndStripes() throws {
    let samples = BitSamples(Self.patterns)
    var trainer = try Self.trainer(epochs: 3_001)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    let energies = trainer.model.freeEnergies(of: samples)
    let total = energies.reduce(0, +) + Double(energies.count) * (try trainer.model.exactLogPartition())
    // The law of the patterns itself has 32·log 32 − 2·2·log 2 = 108.1.
    #expect(total < 200 && total > 108)
  }
}
