internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
internal import Foundation

/// A training and its folder: minibatch after minibatch, with metrics, checkpoints and signals between.
struct TrainingRun {
  private let settings: RunSettings
  private let data: RunData
  private let folder: RunFolder
  private let common: CommonOptions
  private var trainer: Trainer
  private var progress: Progress
  /// Seconds of training in this epoch.
  private var seconds: Double
  private var lastCheckpoint = Date()
  /// The epoch that is being saved, and what is printed of it once it is safe.
  private var saving: (work: BackgroundWork, report: EpochReport, remarks: [String])?
  private var watch: TrainingWatch

  /// A new run in a new folder, which is made last: whatever is wrong before leaves no folder behind.
  init(
    beginning settings: RunSettings, data: RunData, output: String, overwrite: Bool, common: CommonOptions
  ) throws {
    let trainer = try TrainingRun.trainer(settings, data.training, common)
    if !data.training.hasLikelihood { common.note(greyNote) }
    let folder = try RunFolder.create(
      output, overwrite: overwrite, settings: settings,
      model: TrainingRun.stored(trainer.model, settings, data.training),
      checkpoint: TrainingRun.checkpoint(trainer, seconds: 0))
    self.init(settings, data, folder, trainer, seconds: 0, common)
  }

  /// An old run, from its checkpoint. `epochs`: a new end.
  init(resuming path: String, epochs: Int?, common: CommonOptions) throws {
    let folder = try RunFolder(existing: path)
    var settings = try folder.settings()
    let data = try RunData(settings).requiring(fingerprint: settings.dataFingerprint)
    settings.epochs = epochs ?? settings.epochs
    let (trainer, seconds) = try TrainingRun.restored(settings, data.training, folder, common)
    guard epochs == nil || settings.epochs >= trainer.epoch else {
      throw SettingsError(
        message: "--epochs \(settings.epochs) is in the past: \(path) has \(trainer.epoch) epochs already")
    }
    var watch = TrainingWatch(settings, data)
    if settings.patience != nil {
      for metrics in try folder.metrics() { _ = watch.observe(metrics) }
    }
    if epochs != nil {
      // Who prolongs a run that has stopped wants it to go on.
      if watch.isOver { settings.patience = nil }
      try folder.write(settings)
    }
    self.init(settings, data, folder, trainer, seconds: seconds, common)
    if settings.patience != nil { self.watch = watch }
    try folder.save(model: storedModel)
    noteResumption()
  }

  private init(
    _ settings: RunSettings, _ data: RunData, _ folder: RunFolder, _ trainer: Trainer, seconds: Double,
    _ common: CommonOptions
  ) {
    self.settings = settings
    self.data = data
    self.folder = folder
    self.common = common
    self.trainer = trainer
    self.seconds = seconds
    watch = TrainingWatch(settings, data)
    progress = Progress(
      epochs: settings.epochs, minibatchesPerEpoch: trainer.minibatchesPerEpoch,
      doneEpochs: trainer.epoch, doneMinibatches: trainer.minibatch, batchSize: settings.training.batchSize,
      isShown: !common.quiet)
  }

  /// The training as the checkpoint has it; what does not fit is the fault of a file, not of an option.
  private static func restored(
    _ settings: RunSettings, _ data: DataSet, _ folder: RunFolder, _ common: CommonOptions
  ) throws -> (Trainer, seconds: Double) {
    do {
      var trainer = try trainer(settings, data, common)
      let checkpoint = try folder.restoreCheckpoint()
      try trainer.restore(from: checkpoint.state)
      return (trainer, checkpoint.seconds)
    } catch let error as SettingsError {
      throw DataError(path: folder.settingsPath, message: "\(error)")
    } catch let error as SnapshotError {
      throw DataError(path: folder.checkpointPath, message: "\(error)")
    }
  }

  private func noteResumption() {
    if watch.isOver {
      noteOverfit()
    } else if trainer.isFinished {
      common.note("\(folder.path): finished, \(trainer.epoch) epochs; --epochs prolongs it")
    } else {
      common.note("\(folder.path): goes on after epoch \(trainer.epoch), minibatch \(trainer.minibatch)")
    }
    let current = Versions.current
    for (name, version) in settings.versions.sorted(by: { $0.key < $1.key }) where current[name] != version {
      common.note("note: the run began with \(name) \(version), here it is \(current[name] ?? "none")")
    }
  }

  private func noteOverfit() {
    let since = watch.overfit?.best.map { ", best in epoch \($0.epoch)" } ?? ""
    common.note(
      "\(folder.path): stopped after epoch \(trainer.epoch): the validation data do worse\(since); "
        + "--resume with --epochs goes on all the same")
  }

  private static func trainer(
    _ settings: RunSettings, _ data: DataSet, _ common: CommonOptions
  ) throws -> Trainer {
    try settings.validate()
    try settings.training.validate(samples: data.samples.count)
    try MemoryLimit.requireTraining(
      visible: data.samples.width, hidden: settings.mostHiddenColumns, settings: settings.training)
    let hidden = try settings.hiddenUnits()
    let model = RBM.initialized(
      visible: data.units, hidden: hidden, data: try data.finiteStatistics(common.parallel),
      weights: settings.weightInitialization, visibleBiasFromData: settings.visibleBiasFromData,
      hiddenBias: settings.hiddenBiasInitialization, seed: settings.training.seed)
    if settings.training.method == ExactGradient.name { try model.requireExactMoments() }
    var trainer = try Trainer(
      model: model, samples: data.samples, settings: settings.training, parallel: common.parallel)
    trainer.epochs = settings.epochs
    return trainer
  }

  private static func stored(_ model: RBM, _ settings: RunSettings, _ data: DataSet) -> StoredModel {
    let training = settings.training
    return StoredModel(
      model, visibleShape: data.itemShape, visibleNames: data.names, preprocessing: data.preprocessing,
      provenance: "boltzmann train: \(training.method)-\(training.steps), seed \(training.seed)")
  }

  private var storedModel: StoredModel { TrainingRun.stored(trainer.model, settings, data.training) }

  private static func checkpoint(_ trainer: Trainer, seconds: Double) -> Checkpoint {
    var state = Snapshot()
    trainer.save(to: &state)
    return Checkpoint(state: state, epoch: trainer.epoch, minibatch: trainer.minibatch, seconds: seconds)
  }
}

// MARK: - The loop

extension TrainingRun {
  /// Trains to the end; throws `Interrupted` after a checkpoint where a signal came.
  mutating func finish() throws {
    defer { progress.clear() }
    let wasOver = watch.isOver
    do {
      try train()
    } catch {
      try finishSaving()
      throw error
    }
    try finishSaving()
    if watch.isOver && !wasOver { noteOverfit() }
  }

  private mutating func train() throws {
    if !common.json && !isFinished {
      try Console.result(EpochReport.header(hasGap: data.validation != nil))
    }
    while !isFinished {
      let endsEpoch = try step()
      if let interrupted = Interruption.current {
        if endsEpoch { try finishSaving() } else { try saveCheckpoint() }
        progress.clear()
        common.note("stopped; boltzmann train --resume \(folder.path) goes on from here")
        throw interrupted
      }
    }
  }

  private var isFinished: Bool { trainer.isFinished || watch.isOver }

  /// One minibatch; whether it was the last of its epoch.
  private mutating func step() throws -> Bool {
    let start = Date()
    let info = try trainer.step(samples: data.training.samples, parallel: common.parallel)
    seconds += Date().timeIntervalSince(start)
    progress.advance()
    if saving?.work.isDone == true { try finishSaving() }
    if info.endsEpoch {
      try endEpoch(info)
    } else if Date().timeIntervalSince(lastCheckpoint) > 60 * settings.checkpointMinutes {
      try saveCheckpoint()
    }
    return info.endsEpoch
  }

  /// Measures the epoch, and has it saved while training goes on.
  private mutating func endEpoch(_ info: Trainer.Info) throws {
    try finishSaving()
    let report = try EpochReport(
      trainer: trainer, info: info, data: data, seconds: seconds, settings: settings,
      parallel: common.parallel)
    seconds = 0
    let (folder, model, checkpoint) = (folder, storedModel, TrainingRun.checkpoint(trainer, seconds: 0))
    let isKept = settings.keepEvery.map { trainer.epoch % $0 == 0 } ?? false
    let remarks = watch.observe(report.json, chains: trainer.chainFreeEnergies(parallel: common.parallel))
    let isBest = watch.isBest(epoch: trainer.epoch)
    let work = BackgroundWork {
      try folder.append(metrics: report.json)
      try folder.save(model: model)
      if isBest { try folder.save(best: model) }
      if isKept { try folder.keep(model: model, epoch: checkpoint.epoch) }
      try folder.save(checkpoint)
    }
    saving = (work, report, remarks)
    lastCheckpoint = Date()
  }

  /// Waits until the last epoch is saved, then prints it: what is printed stands in the folder.
  private mutating func finishSaving() throws {
    guard let (work, report, remarks) = saving else { return }
    saving = nil
    try work.finish()
    progress.clear()
    try Console.result(common.json ? "\(report.json)" : report.line)
    remarks.forEach(common.note)
  }

  private mutating func saveCheckpoint() throws {
    try finishSaving()
    try folder.save(TrainingRun.checkpoint(trainer, seconds: seconds))
    lastCheckpoint = Date()
  }
}

let greyNote = """
  note: grey values are left as they are (--binarize none); the machine is a law of binary states, so there is \
  no log-likelihood of them
  """

extension DataSet {
  /// Means and variances of the columns; throws `DataError` where one leaves the range of Float.
  fileprivate func finiteStatistics(_ parallel: Parallel) throws -> ColumnStatistics {
    let statistics = samples.statistics(parallel: parallel)
    if let index = statistics.variances.firstIndex(where: { !$0.isFinite }) {
      throw DataError(
        path: source,
        message: "the values of visible \(index + 1) vary too much for numbers of 32 bits (see --scale)")
    }
    return statistics
  }
}
