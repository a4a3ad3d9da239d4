internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
internal import BoltzmannRecommendation
internal import Foundation

/// Whose ratings are a case.
enum RecommendOrientation: String {
  case user, item
}

/// The training of a recommender: one machine after the other, with a line after every epoch, and the file after each.
struct RecommendRun {
  private let table: RatingTable
  private let seen: TrainingPairs?
  private let validation: RatingTable?
  private let known: KnownRatings
  private let output: String
  private let common: CommonOptions
  private(set) var recommender: Recommender
  private var hasHeader = false

  init(
    table: RatingTable, seen: TrainingPairs?, scale: RatingScale, validation: RatingTable?, output: String,
    common: CommonOptions
  ) throws {
    self.table = seen?.table ?? table
    self.seen = seen
    self.validation = validation
    self.output = output
    self.common = common
    recommender = try Recommender(self.table, scale: scale)
    known = try KnownRatings(table, seen: seen?.pairs, for: recommender)
  }

  /// What the file holds, for people.
  var description: String {
    "\([recommender.userModel != nil, recommender.itemModel != nil, recommender.implicitModel != nil].count { $0 }) machines, "
      + "\(recommender.users.count) users, \(recommender.items.count) items"
  }

  /// Trains the machine of one orientation to the end; throws `Interrupted` where a signal came.
  mutating func train(_ orientation: RecommendOrientation, shape: RatingRBM.Shape, settings: RatingSettings)
    throws
  {
    let byUser = try table.lists(on: recommender.scale)
    let lists = orientation == .user ? byUser : byUser.transposed()
    let seenByUser = try seen?.pairs.lists(users: recommender.users, items: recommender.items)
    let seen = orientation == .user ? seenByUser : seenByUser?.transposed()
    try requireMemory(lists, shape, settings)
    let model = try RatingRBM.initialized(lists, shape: shape, seed: settings.seed)
    var trainer = try RatingTrainer(model: model, lists: lists, seen: seen, settings: settings)
    var progress = Progress(
      epochs: settings.epochs, minibatchesPerEpoch: trainer.minibatchesPerEpoch, done: 0,
      batchSize: settings.batchSize, isShown: !common.quiet)
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
      if let interrupted = Interruption.current {
        progress.clear()
        common.note(
          "stopped in the training by \(orientation.rawValue); \(output) has what was trained before")
        throw interrupted
      }
    }
    put(trainer.model, as: orientation)
    try save(seed: settings.seed, epochs: settings.epochs)
  }

  /// Weights, velocity and a copy for the validation; and the layers of a minibatch.
  private func requireMemory(
    _ lists: RatingLists, _ shape: RatingRBM.Shape, _ settings: RatingSettings
  ) throws {
    let rows = Double(lists.siteCount) * Double(lists.levelCount + 1), hidden = Double(shape.hidden)
    let columns = shape.factors.map { Double($0) } ?? hidden
    let cases = Double(min(settings.batchSize, lists.caseCount))
    let mixing = shape.factors == nil ? 0 : columns * hidden
    let floats = 3 * (rows * columns + mixing + cases * (hidden + columns))
    try MemoryLimit.require(floats: floats, for: "a machine with so many hidden units")
  }

  /// Trains the binary machine of who has rated what.
  mutating func trainImplicit(hidden: Int, seed: UInt64) throws {
    let (users, items) = (Double(recommender.users.count), Double(recommender.items.count))
    try MemoryLimit.require(
      floats: 4 * items * Double(hidden) + users * items / 32, for: "a machine of who has rated what")
    let samples = ImplicitRBM.samples(try seen?.everybody() ?? table.lists(on: recommender.scale).sites)
    var settings = ImplicitRBM.settings
    settings.seed = seed
    settings.batchSize = min(settings.batchSize, samples.count)
    let first = RBM.initialized(
      dataMeans: samples.means(parallel: common.parallel), hidden: hidden, seed: seed)
    var trainer = try Trainer(model: first, samples: samples, settings: settings, parallel: common.parallel)
    while !trainer.isFinished {
      try trainer.step(samples: samples, parallel: common.parallel)
      if let interrupted = Interruption.current { throw interrupted }
    }
    recommender.implicitModel = ImplicitRBM(trainer.model)
    try save(seed: seed, epochs: settings.epochs)
  }

  private mutating func put(_ model: RatingRBM, as orientation: RecommendOrientation) {
    if orientation == .user { recommender.userModel = model } else { recommender.itemModel = model }
  }

  private func save(seed: UInt64, epochs: Int) throws {
    try recommender.write(to: output, provenance: "boltzmann recommend train: seed \(seed), epoch \(epochs)")
  }

  private mutating func report(
    _ orientation: RecommendOrientation, _ trainer: RatingTrainer, _ measure: RatingMeasure
  ) throws {
    let score = try validation.map { table in
      var alone = recommender
      (alone.userModel, alone.itemModel) = (nil, nil)
      if orientation == .user { alone.userModel = trainer.model } else { alone.itemModel = trainer.model }
      return try RatingPredictor(alone, known: known).score(table, ranking: nil, parallel: common.parallel)
    }
    let report = RatingReport(
      orientation: orientation, epoch: trainer.epoch, measure: measure, validation: score)
    if !common.json && !hasHeader {
      try Console.result(RatingReport.header(isValidated: validation != nil))
      hasHeader = true
    }
    try Console.result(common.json ? "\(report.json)" : report.line)
  }
}

/// What an epoch of training took and found.
struct RatingMeasure {
  private(set) var seconds = 0.0
  private(set) var ratings = 0
  private(set) var changes = 0
  private(set) var learningRate = 0.0

  mutating func add(_ info: RatingTrainer.Info, seconds: Double) {
    self.seconds += seconds
    ratings += info.ratings
    changes += info.changes
    learningRate = info.learningRate
  }

  var ratingsPerSecond: Double { Double(ratings) / max(seconds, 1e-9) }
  /// The share of ratings that the last Gibbs step drew anew otherwise.
  var changed: Double { Double(changes) / Double(max(ratings, 1)) }
}

/// What an epoch is reported as: a line of the table, or an object.
struct RatingReport {
  let orientation: RecommendOrientation
  let epoch: Int
  let measure: RatingMeasure
  let validation: RecommendationScore?

  var json: JSONValue {
    var object: [String: JSONValue] = [
      "machine": .string(orientation.rawValue), "epoch": .integer(epoch), "seconds": .number(measure.seconds),
      "ratings_per_second": .number(measure.ratingsPerSecond), "learning_rate": .number(measure.learningRate),
      "changed": .number(measure.changed),
    ]
    if let validation {
      object["validation_rmse"] = .number(validation.rmse)
      object["validation_log_likelihood"] = .number(validation.logLikelihood)
    }
    return .object(object)
  }

  var line: String {
    var cells = [
      orientation.rawValue, "\(epoch)", formatted(measure.seconds, 2), "\(Int(measure.ratingsPerSecond))",
      "\(formatted(100 * measure.changed, 1)) %",
    ]
    if let validation { cells += [formatted(validation.rmse, 4), formatted(validation.logLikelihood, 4)] }
    return RatingReport.join(cells)
  }

  static func header(isValidated: Bool) -> String {
    join(columns.prefix(isValidated ? columns.count : 5).map(\.title))
  }

  private static let columns: [(title: String, width: Int)] = [
    ("machine", 7), ("epoch", 5), ("seconds", 8), ("ratings/s", 10), ("changed", 8), ("validation RMSE", 15),
    ("log P", 8),
  ]

  private static func join(_ cells: [String]) -> String {
    zip(columns, cells).map { column, cell in
      String(repeating: " ", count: max(0, column.width - cell.count)) + cell
    }.joined(separator: " ")
  }
}
