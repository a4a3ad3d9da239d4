internal import Boltzmann
internal import BoltzmannCompute

extension TrainingSettings {
  /// Bare gradient ascent, as the published runs did it: a constant rate, no momentum, no weight decay.
  static func bare(
    _ method: any GradientEstimator.Type, epochs: Int, batchSize: Int, learningRate: Double,
    isCentered: Bool = false, seed: UInt64
  ) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.method = method.name
    settings.epochs = epochs
    settings.batchSize = batchSize
    settings.learningRate = learningRate
    settings.momentum = StepSchedule(0)
    settings.l2 = 0
    settings.isCentered = isCentered
    settings.seed = seed
    return settings
  }
}

extension Laboratory {
  /// The machine after all epochs, or after `updates` minibatches where given.
  func train(
    _ model: RBM, on samples: any Samples, settings: TrainingSettings, updates: Int? = nil,
    name: String
  ) throws -> RBM {
    var trainer = try Trainer(model: model, samples: samples, settings: settings, parallel: parallel)
    let total = updates ?? settings.epochs * trainer.minibatchesPerEpoch
    var watch = Watch()
    for update in 0..<total {
      try trainer.step(samples: samples, parallel: parallel)
      if watch.isDue { note("\(name): \(100 * (update + 1) / total) %") }
    }
    return trainer.model
  }

  /// Mean log P(v) in nats, given log Z.
  func meanLogLikelihood(of model: RBM, on samples: any Samples, logPartition: Double) -> Double {
    mean(model.freeEnergies(of: samples, parallel: parallel).map { -$0 }) - logPartition
  }

  /// Mean log P(v) in nats, log Z by enumeration; throws where both layers are too large.
  func exactMeanLogLikelihood(of model: RBM, on samples: any Samples) throws -> Double {
    let logPartition = try model.exactLogPartition(parallel: parallel)
    return meanLogLikelihood(of: model, on: samples, logPartition: logPartition)
  }
}

/// Says when it is time again to report.
struct Watch {
  private var last = ContinuousClock.now

  /// True at most every half minute.
  var isDue: Bool {
    mutating get {
      guard ContinuousClock.now - last > .seconds(30) else { return false }
      last = .now
      return true
    }
  }
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
