import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Parallel trajectory tempering")
struct ParallelTrajectoryTemperingTests {
  static let states = BoltzmannReference.barsAndStripes(side: 3)
  static let samples = BitSamples(states)

  static func settings(chains: Int = 40, epochs: Int, rate: Double = 0.2, seed: UInt64 = 690)
    -> TrainingSettings
  {
    var settings = TrainingSettings()
    settings.method = "ptt"
    settings.batchSize = states.count
    settings.chains = chains
    settings.epochs = epochs
    settings.learningRate = rate
    settings.momentum = StepSchedule(0)
    settings.l2 = 0
    settings.seed = seed
    return settings
  }

  static func trainer(_ settings: TrainingSettings, hidden: Int = 6) throws -> Trainer {
    let machine = RBM.initialized(dataMeans: samples.means(), hidden: hidden, seed: settings.seed)
    return try Trainer(model: machine, samples: samples, settings: settings, parallel: Parallel(threads: 2))
  }

  private static func finish(_ trainer: Trainer, threads: Int = 2) throws -> [String: [UInt64]] {
    var trainer = trainer
    while !trainer.isFinished { try trainer.step(samples: samples, parallel: Parallel(threads: threads)) }
    return Snapshot(trainer).bits
  }

  @Test("the same bits on one and two threads, from the first rung on")
  func threads() throws {
    func bits(_ threads: Int) throws -> [String: [UInt64]] {
      let settings = Self.settings(epochs: 150)
      let machine = RBM.initialized(dataMeans: Self.samples.means(), hidden: 6, seed: 690)
      let trainer = try Trainer(
        model: machine, samples: Self.samples, settings: settings, parallel: Parallel(threads: threads))
      return try Self.finish(trainer, threads: threads)
    }
    #expect(try bits(1) == bits(2))
  }

  @Test("a training restored on its way ends in the same bits")
  func restoring() throws {
    let fresh = try Self.trainer(Self.settings(epochs: 150, rate: 4))
    let uninterrupted = try Self.finish(fresh)
    var trainer = fresh
    while !trainer.isFinished {
      if trainer.epoch % 30 == 7 {
        var restored = fresh
        try restored.restore(from: Snapshot(trainer))
        #expect(try Self.finish(restored) == uninterrupted)
      }
      try trainer.step(samples: Self.samples, parallel: Parallel(threads: 2))
    }
  }

  @Test("what is missing of a checkpoint is named")
  func missing() throws {
    let trainer = try Self.trainer(Self.settings(epochs: 1))
    let whole = Snapshot(trainer)
    for name in whole.bits.keys.sorted() where !name.hasPrefix("velocity") && !name.hasPrefix("offset") {
      var part = whole
      part.matrices[name] = nil
      part.vectors[name] = nil
      part.numbers[name] = nil
      var restored = trainer
      let error = #expect(throws: SnapshotError.self) { try restored.restore(from: part) }
      #expect(error?.description == "\(name) is missing")
    }
  }

  @Test("the rate begins at an eighth, and grows while updates are accepted")
  func rate() throws {
    var trainer = try Self.trainer(Self.settings(epochs: 30, rate: 0.01))
    #expect(trainer.learningRate == 0.01 / 8)
    while !trainer.isFinished { try trainer.step(samples: Self.samples) }
    // 0.3 % thirty times: 9.4 %.
    #expect(abs(trainer.learningRate / (0.01 / 8) - 1.094) < 0.001)
  }

  @Test("a rate beyond all reason is halved until chains follow")
  func rejections() throws {
    var trainer = try Self.trainer(Self.settings(epochs: 60, rate: 1_000))
    var least = 1_000.0
    while !trainer.isFinished {
      try trainer.step(samples: Self.samples)
      least = min(least, trainer.learningRate)
    }
    #expect(least < 50)
    #expect(Snapshot(trainer).isFinite)
  }

  @Test("a training that finds no way on says so")
  func lost() throws {
    var trainer = try Self.trainer(Self.settings(epochs: 60, rate: 1e12))
    let error = #expect(throws: TrajectoryLost.self) {
      while !trainer.isFinished { try trainer.step(samples: Self.samples) }
    }
    #expect(error?.description.hasPrefix("the training went back 30 times in a row to rung 0") == true)
  }

  @Test("one chain is too few")
  func oneChain() {
    let error = #expect(throws: SettingsError.self) { try Self.trainer(Self.settings(chains: 1, epochs: 1)) }
    #expect(error?.description == "ptt takes at least 2 chains")
  }

  /// Within five standard errors of the enumerated one, all along the way; and those are small.
  @Test("log Z of the machine is at hand after every update")
  func online() throws { _ = try rungsOnline(epochs: 200, every: 25, chains: 60, seed: 691) }

  @Test("it stays so over many rungs", .enabled(if: Build.isOptimized))
  func onlineLong() throws {
    for seed in UInt64(692)...695 {
      #expect(try rungsOnline(epochs: 6_000, every: 300, chains: 100, seed: seed) >= 1)
    }
  }

  /// Compares the log Z at hand with the exact one on the way of a training; how many rungs that made.
  private func rungsOnline(epochs: Int, every: Int, chains: Int, seed: UInt64) throws -> Double {
    var trainer = try Self.trainer(Self.settings(chains: chains, epochs: epochs, seed: seed))
    while !trainer.isFinished {
      try trainer.step(samples: Self.samples, parallel: Parallel(threads: 2))
      guard trainer.epoch % every == 0 else { continue }
      let estimate = try #require(trainer.partition())
      let exact = try trainer.model.exactLogPartition()
      #expect(abs(estimate.estimate - exact) <= 5 * estimate.standardError, "epoch \(trainer.epoch)")
      #expect(estimate.standardError > 0 && estimate.standardError < 0.25)
    }
    return Snapshot(trainer).numbers["estimator.rungs"] ?? 0
  }

  /// No machine is better than the data's own entropy: 14 patterns, two of them twice among 16.
  @Test("learns bars and stripes at equilibrium", .enabled(if: Build.isOptimized))
  func barsAndStripes() throws {
    var trainer = try Self.trainer(Self.settings(chains: 200, epochs: 8_000), hidden: 10)
    while !trainer.isFinished { try trainer.step(samples: Self.samples) }
    let energies = trainer.model.freeEnergies(of: Self.samples)
    let logLikelihood = -energies.reduce(0, +) / 16 - (try trainer.model.exactLogPartition())
    // −(12/16)·log 16 − (4/16)·log 8 = −2.599
    #expect(logLikelihood < -2.599 && logLikelihood > -3.1, "\(logLikelihood)")
  }
}
