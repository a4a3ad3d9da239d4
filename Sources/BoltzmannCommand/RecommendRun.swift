internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
internal import BoltzmannRecommendation
internal import Foundation

/// Whose ratings are a case.
enum RecommendOrientation: String, Codable {
  case user, item
}

/// The training of a recommender: one machine after the other, with a line after every epoch, the file after each
/// machine, and checkpoints between.
struct RecommendRun {
  private let settings: RecommendSettings
  private let data: RecommendData
  private let known: KnownRatings
  private let folder: RecommendFolder
  private let checkpointMinutes: Double
  private let common: CommonOptions
  private var recommender: Recommender
  /// Machines that are trained.
  private var done = 0
  /// Where the training of the next one stood.
  private var state: Snapshot?
  private var lastCheckpoint = Date()
  private var hasHeader = false

  /// A new training. The folder is made last: whatever is wrong before leaves none behind.
  init(
    beginning settings: RecommendSettings, data: RecommendData, output: String, overwrite: Bool,
    checkpointMinutes: Double, common: CommonOptions
  ) throws {
    try settings.validate(data)
    try self.init(
      settings, data, checkpointMinutes, common,
      folder: { try RecommendFolder(new: output, overwrite: overwrite, settings: settings) })
  }

  /// An old training, from its checkpoint.
  init(resuming path: String, checkpointMinutes: Double, common: CommonOptions) throws {
    let folder = try RecommendFolder(existing: path), settings = try folder.settings()
    let data = try RecommendData(settings)
    try folder.blamed { try settings.validate(data) }
    try self.init(settings, data, checkpointMinutes, common, folder: { folder })
    (done, state) = try folder.checkpoint(of: settings)
    if done > 0 { try takeMachines(from: Recommender.read(folder.modelPath)) }
    noteResumption()
  }

  private init(
    _ settings: RecommendSettings, _ data: RecommendData, _ checkpointMinutes: Double,
    _ common: CommonOptions, folder: () throws -> RecommendFolder
  ) throws {
    self.settings = settings
    self.data = data
    self.checkpointMinutes = checkpointMinutes
    self.common = common
    recommender = try Recommender(data.table, scale: data.scale)
    known = try KnownRatings(data.table, seen: data.seen?.pairs, for: recommender)
    self.folder = try folder()
  }

  private mutating func takeMachines(from stored: Recommender) throws {
    guard stored.users == recommender.users, stored.items == recommender.items,
      stored.scale == recommender.scale
    else {
      throw DataError(path: folder.modelPath, message: "has other users, items or scale than the ratings")
    }
    (recommender.userModel, recommender.itemModel) = (stored.userModel, stored.itemModel)
    recommender.implicitModel = stored.implicitModel
    let lacks = settings.orientations.prefix(done).contains {
      ($0 == .user ? stored.userModel : stored.itemModel) == nil
    }
    if lacks || (isFinished && settings.isImplicit && stored.implicitModel == nil) {
      throw DataError(path: folder.modelPath, message: "lacks a machine that the checkpoint says is trained")
    }
  }

  private func noteResumption() {
    common.note(
      isFinished
        ? "\(folder.path): finished, \(description)"
        : "\(folder.path): goes on with \(done) of \(settings.machineCount) machines trained")
    let current = Versions.current
    for (name, version) in settings.versions.sorted(by: { $0.key < $1.key }) where current[name] != version {
      common.note("note: the training began with \(name) \(version), here it is \(current[name] ?? "none")")
    }
  }

  private var isFinished: Bool { done >= settings.machineCount }

  private var machineCount: Int {
    [recommender.userModel != nil, recommender.itemModel != nil, recommender.implicitModel != nil].count {
      $0
    }
  }

  /// What the file holds, for people.
  private var description: String {
    "\(machineCount) machines, \(recommender.users.count) users, \(recommender.items.count) items"
  }
}

// MARK: - The loop

extension RecommendRun {
  /// Trains all machines; throws `Interrupted` after a checkpoint where a signal came.
  mutating func finish() throws {
    guard !isFinished else { return }
    while !isFinished {
      if done < settings.orientations.count {
        try train(settings.orientations[done])
      } else {
        try trainImplicit()
      }
      done += 1
      try recommender.write(
        to: folder.modelPath,
        provenance: "boltzmann recommend train: seed \(settings.learning.seed), epoch "
          + "\(settings.learning.epochs)")
      try folder.save(machines: done, state: Snapshot())
    }
    common.note("\(folder.modelPath): \(description)")
  }

  private static func trainer(
    _ orientation: RecommendOrientation, _ settings: RecommendSettings, _ data: RecommendData
  ) throws -> RatingTrainer {
    let (rated, seen) = try data.lists(orientation)
    let model = try RatingRBM.initialized(rated, shape: settings.shape, seed: settings.learning.seed)
    return try RatingTrainer(model: model, lists: rated, seen: seen, settings: settings.learning)
  }

  /// The machine of one orientation, from where its training stood.
  private mutating func train(_ orientation: RecommendOrientation) throws {
    var trainer = try RecommendRun.trainer(orientation, settings, data)
    if let state { try folder.blamed { try trainer.restore(from: state) } }
    state = nil
    var progress = Progress(
      epochs: settings.learning.epochs, minibatchesPerEpoch: trainer.minibatchesPerEpoch,
      doneEpochs: trainer.epoch, doneMinibatches: trainer.minibatch,
      batchSize: settings.learning.batchSize, isShown: !common.quiet)
    defer { progress.clear() }
    var measure = RatingMeasure()
    while !trainer.isFinished {
      let start = Date(), info = try trainer.step(parallel: common.parallel)
      measure.add(info, seconds: Date().timeIntervalSince(start))
      progress.advance()
      if info.endsEpoch {
        progress.clear()
        try report(orientation, trainer, measure)
        measure = RatingMeasure()
      }
      try checkpoint(trainer)
    }
    if orientation == .user {
      recommender.userModel = trainer.model
    } else {
      recommender.itemModel = trainer.model
    }
  }

  /// Saves the state now and then, and where a signal came.
  private mutating func checkpoint(_ trainer: RatingTrainer) throws {
    let interrupted = Interruption.current
    guard interrupted != nil || Date().timeIntervalSince(lastCheckpoint) > 60 * checkpointMinutes else {
      return
    }
    var state = Snapshot()
    trainer.save(to: &state)
    try folder.save(machines: done, state: state)
    lastCheckpoint = Date()
    if let interrupted {
      common.note("stopped; boltzmann recommend train --resume \(folder.path) goes on from here")
      throw interrupted
    }
  }

  /// The binary machine of who has rated what, in one go.
  private mutating func trainImplicit() throws {
    let samples = ImplicitRBM.samples(try data.everybody())
    var learning = ImplicitRBM.settings
    learning.seed = settings.learning.seed
    learning.batchSize = min(learning.batchSize, samples.count)
    let first = RBM.initialized(
      dataMeans: samples.means(parallel: common.parallel), hidden: settings.shape.hidden, seed: learning.seed)
    var trainer = try Trainer(model: first, samples: samples, settings: learning, parallel: common.parallel)
    while !trainer.isFinished {
      try trainer.step(samples: samples, parallel: common.parallel)
      if let interrupted = Interruption.current {
        common.note(
          "stopped; boltzmann recommend train --resume \(folder.path) trains the machine of who has what anew"
        )
        throw interrupted
      }
    }
    recommender.implicitModel = ImplicitRBM(trainer.model)
  }

  private mutating func report(
    _ orientation: RecommendOrientation, _ trainer: RatingTrainer, _ measure: RatingMeasure
  ) throws {
    let score = try data.validation.map { table in
      var alone = recommender
      (alone.userModel, alone.itemModel) = (nil, nil)
      if orientation == .user { alone.userModel = trainer.model } else { alone.itemModel = trainer.model }
      return try RatingPredictor(alone, known: known).score(table, ranking: nil, parallel: common.parallel)
    }
    let report = RatingReport(
      orientation: orientation, epoch: trainer.epoch, measure: measure, validation: score)
    if !common.json && !hasHeader {
      try Console.result(RatingReport.header(isValidated: data.validation != nil))
      hasHeader = true
    }
    try Console.result(common.json ? "\(report.json)" : report.line)
  }
}
