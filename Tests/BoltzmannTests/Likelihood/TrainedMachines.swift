import Boltzmann
import BoltzmannReference
import BoltzmannTestSupport

/// Machines that have learned the 4 × 4 bars and stripes: many modes, weights far from random ones.
enum TrainedMachine {
  static let patterns = BoltzmannReference.barsAndStripes(side: 4)

  /// Trained by PCD with centring; the mean log-likelihood rises from −16·log 2 = −11.1 to between −5 and −4.
  static func make(hidden: Int) throws -> RBM {
    var settings = TrainingSettings()
    settings.method = "pcd"
    settings.steps = StepSchedule(5)
    settings.momentum = StepSchedule(0)
    settings.chains = 64
    settings.batchSize = 32
    settings.epochs = 3_000
    settings.learningRate = 0.05
    settings.seed = UInt64(hidden)
    let samples = BitSamples(patterns)
    let machine = RBM.initialized(dataMeans: samples.means(), hidden: hidden, seed: UInt64(hidden))
    var trainer = try Trainer(model: machine, samples: samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    var model = trainer.model
    model.referenceVisibleBias = machine.referenceVisibleBias
    return model
  }

  /// Mean log P(v) of the patterns, in nats.
  static func meanLogLikelihood(_ model: RBM) throws -> Double {
    let energies = model.freeEnergies(of: BitSamples(patterns))
    return -energies.reduce(0, +) / Double(energies.count) - (try model.exactLogPartition())
  }
}
