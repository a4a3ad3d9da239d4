internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
internal import Foundation

/// A training and its folder: minibatch after minibatch, with metrics, checkpoints and signals between.
struct TrainingRun {
  private let settings: RunSettings
  private let data: DataSet
  private let validation: DataSet?
  private let folder: RunFolder
  private let common: CommonOptions
  private var trainer: Trainer
  private var progress: Progress
  /// Seconds of training in this epoch.
  private var seconds = 0.0
  private var lastCheckpoint = Date()

  /// A new run in a new folder.
  init(
    beginning settings: RunSettings, data: DataSet, output: String, overwrite: Bool, common: CommonOptions
  ) throws {
    try settings.training.validate(samples: data.samples.count)
    let trainer = try TrainingRun.trainer(settings, data, common)
    let model = TrainingRun.stored(trainer.model, settings, data)
    let folder = try RunFolder.create(
      output, overwrite: overwrite, settings: settings, model: model,
      checkpoint: TrainingRun.checkpoint(trainer, seconds: 0))
    try self.init(settings, data, folder, trainer, common)
    if !data.isBinary { common.note(greyNote) }
  }

  /// An old run, from its checkpoint. `epochs`: a new end.
  init(resuming path: String, epochs: Int?, common: CommonOptions) throws {
    let folder = try RunFolder(existing: path)
    var settings = try folder.settings()
    let data = try DataSet(
      settings.data, preprocessing: settings.preprocessing, seed: settings.training.seed)
    guard data.fingerprint == settings.dataFingerprint else {
      throw DataError(
        path: settings.data,
        message: "is not the data that the run began with: \(data.fingerprint) instead of "
          + settings.dataFingerprint)
    }
    if let epochs, epochs != settings.epochs {
      settings.epochs = epochs
      try folder.write(settings)
    }
    let checkpoint = try folder.restoreCheckpoint()
    var trainer = try TrainingRun.trainer(settings, data, common)
    try trainer.restore(from: checkpoint.state)
    try self.init(settings, data, folder, trainer, common)
    seconds = checkpoint.seconds
    try folder.save(model: storedModel)
    noteResumption()
  }

  private init(
    _ settings: RunSettings, _ data: DataSet, _ folder: RunFolder, _ trainer: Trainer, _ common: CommonOptions
  ) throws {
    self.settings = settings
    self.data = data
    self.folder = folder
    self.common = common
    self.trainer = trainer
    validation = try settings.validation.map {
      try DataSet($0, preprocessing: data.preprocessing, seed: settings.training.seed)
        .requiring(width: data.samples.width, of: "the machine")
    }
    progress = Progress(
      minibatches: settings.epochs * trainer.minibatchesPerEpoch,
      done: trainer.epoch * trainer.minibatchesPerEpoch + trainer.minibatch,
      batchSize: settings.training.batchSize, isShown: !common.quiet)
  }

  private func noteResumption() {
    if trainer.isFinished {
      common.note("\(folder.path): finished, \(trainer.epoch) epochs; --epochs prolongs it")
    } else {
      common.note("\(folder.path): goes on after epoch \(trainer.epoch), minibatch \(trainer.minibatch)")
    }
    let current = Versions.current
    for (name, version) in settings.versions.sorted(by: { $0.key < $1.key }) where current[name] != version {
      common.note("note: the run began with \(name) \(version), here it is \(current[name] ?? "none")")
    }
  }

  private static func trainer(
    _ settings: RunSettings, _ data: DataSet, _ common: CommonOptions
  ) throws -> Trainer {
    guard let visible = UnitKinds.named(settings.visibleKind),
      let hidden = UnitKinds.named(settings.hiddenKind)
    else { throw SettingsError(message: "unknown kinds of units") }
    let model = RBM.initialized(
      visibleKind: visible, hiddenKind: hidden, dataMeans: data.samples.means(parallel: common.parallel),
      hidden: settings.hidden, weights: settings.weightInitialization,
      visibleBiasFromData: settings.visibleBiasFromData, seed: settings.training.seed)
    var trainer = try Trainer(
      model: model, samples: data.samples, settings: settings.training, parallel: common.parallel)
    trainer.epochs = settings.epochs
    return trainer
  }

  private static func stored(_ model: RBM, _ settings: RunSettings, _ data: DataSet) -> StoredModel {
    let training = settings.training
    return StoredModel(
      model, visibleShape: data.itemShape, preprocessing: data.preprocessing,
      provenance: "boltzmann train: \(training.method)-\(training.steps), seed \(training.seed)")
  }

  private var storedModel: StoredModel { TrainingRun.stored(trainer.model, settings, data) }

  private static func checkpoint(_ trainer: Trainer, seconds: Double) -> Checkpoint {
    var state = Snapshot()
    trainer.save(to: &state)
    return Checkpoint(state: state, epoch: trainer.epoch, minibatch: trainer.minibatch, seconds: seconds)
  }

  // MARK: - The loop

  /// Trains to the end; throws `Interrupted` after a checkpoint where a signal came.
  mutating func finish() throws {
    if !common.json && !trainer.isFinished { Console.result(EpochReport.header(hasGap: validation != nil)) }
    while !trainer.isFinished {
      let start = Date()
      let info = try trainer.step(samples: data.samples, parallel: common.parallel)
      seconds += Date().timeIntervalSince(start)
      progress.advance()
      if info.endsEpoch {
        try endEpoch(info)
      } else if Date().timeIntervalSince(lastCheckpoint) > 60 * settings.checkpointMinutes {
        try saveCheckpoint()
      }
      if let interrupted = Interruption.current {
        if !info.endsEpoch { try saveCheckpoint() }
        progress.clear()
        common.note("stopped; boltzmann train --resume \(folder.path) goes on from here")
        throw interrupted
      }
    }
    progress.clear()
  }

  private mutating func endEpoch(_ info: Trainer.Info) throws {
    let report = try EpochReport(
      trainer: trainer, info: info, data: data, validation: validation, seconds: seconds, settings: settings,
      parallel: common.parallel)
    progress.clear()
    Console.result(common.json ? "\(report.json)" : report.line)
    try folder.append(metrics: report.json)
    seconds = 0
    try folder.save(model: storedModel)
    if let every = settings.keepEvery, trainer.epoch % every == 0 {
      try folder.keep(model: storedModel, epoch: trainer.epoch)
    }
    try saveCheckpoint()
  }

  private mutating func saveCheckpoint() throws {
    try folder.save(TrainingRun.checkpoint(trainer, seconds: seconds))
    lastCheckpoint = Date()
  }
}

let greyNote = """
  note: grey values are left as they are (--binarize none); the machine is a law of binary states, so there is \
  no log-likelihood of them
  """
