internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
internal import Foundation

/// The training of a classifier: minibatch after minibatch, with a report and, where it is the best, the file after
/// every epoch.
struct ClassificationRun {
  private typealias Stopping = EarlyStopping<ClassificationRBM, ClassificationScore>

  private let data: LabelledData
  private let validation: LabelledData?
  private let output: String
  private let common: CommonOptions
  private var trainer: ClassificationTrainer
  private var stopping: Stopping
  private var progress: Progress
  private var measured = EpochMeasure()

  init(
    data: LabelledData, validation: LabelledData?, hidden: Int, settings: ClassificationSettings,
    patience: Int, output: String, common: CommonOptions
  ) throws {
    let samples = data.data.samples
    let width = Double(samples.width + data.classes.count)
    try MemoryLimit.require(floats: 3 * width * Double(hidden), for: "a machine with so many hidden units")
    let model = ClassificationRBM.initialized(
      dataMeans: samples.means(parallel: common.parallel), classShares: data.shares, hidden: hidden,
      seed: settings.seed)
    trainer = try ClassificationTrainer(
      model: model, samples: samples, classes: data.places, settings: settings)
    stopping = Stopping(patience: patience)
    progress = Progress(
      epochs: settings.epochs, minibatchesPerEpoch: trainer.minibatchesPerEpoch,
      batchSize: settings.batchSize, isShown: !common.quiet)
    self.data = data
    self.validation = validation
    self.output = output
    self.common = common
  }

  /// Trains to the end; throws `Interrupted` where a signal came, after the minibatch.
  mutating func finish() throws {
    defer { progress.clear() }
    if !common.json { try Console.result(ClassificationReport.header(isValidated: validation != nil)) }
    while !trainer.isFinished && !stopping.isOver {
      if try step() { try endEpoch() }
      if let interrupted = Interruption.current {
        progress.clear()
        common.note(trainer.epoch == 0 ? "stopped; nothing was written" : "stopped; \(written)")
        throw interrupted
      }
    }
    progress.clear()
    common.note(written)
  }

  /// One minibatch; whether it was the last of its epoch.
  private mutating func step() throws -> Bool {
    let start = Date()
    let info = try trainer.step(samples: data.data.samples, parallel: common.parallel)
    measured.add(info, seconds: Date().timeIntervalSince(start))
    progress.advance()
    return info.endsEpoch
  }

  private mutating func endEpoch() throws {
    let score = validation.map {
      ClassificationScore(
        of: trainer.model, samples: $0.data.samples, classes: $0.knownPlaces, parallel: common.parallel)
    }
    if let score { stopping.observe(trainer.model, score: score, epoch: trainer.epoch) }
    if stopping.waited == 0 { try save() }
    progress.clear()
    let report = ClassificationReport(
      epoch: trainer.epoch, measure: measured, validation: score, isBest: stopping.waited == 0)
    try Console.result(common.json ? "\(report.json)" : report.line)
    measured = EpochMeasure()
  }

  private func save() throws {
    let provenance = "boltzmann classify train: seed \(trainer.settings.seed), epoch \(trainer.epoch)"
    try StoredClassificationRBM(
      trainer.model, classes: data.classes, visibleShape: data.data.itemShape,
      preprocessing: data.data.preprocessing, provenance: provenance
    ).write(to: output)
  }

  private var written: String {
    "\(output): the machine after epoch \(stopping.best?.epoch ?? trainer.epoch)"
  }
}

/// What an epoch of training took and found.
struct EpochMeasure {
  private(set) var seconds = 0.0
  private(set) var samples = 0
  private(set) var learningRate = 0.0
  private var lossSum = 0.0
  private var labelled = 0

  mutating func add(_ info: ClassificationTrainer.Info, seconds: Double) {
    self.seconds += seconds
    samples += info.samples
    learningRate = info.learningRate
    lossSum += info.lossSum
    labelled += info.labelled
  }

  /// Mean −log P(y | v), each sample before its update; nil where none had a label.
  var logLoss: Double? { labelled == 0 ? nil : lossSum / Double(labelled) }
}

/// What an epoch is reported as: a line of the table, or an object.
struct ClassificationReport {
  let epoch: Int
  let measure: EpochMeasure
  let validation: ClassificationScore?
  let isBest: Bool

  private var samplesPerSecond: Double { Double(measure.samples) / max(measure.seconds, 1e-9) }

  var json: JSONValue {
    var object: [String: JSONValue] = [
      "epoch": .integer(epoch), "seconds": .number(measure.seconds),
      "samples_per_second": .number(samplesPerSecond), "learning_rate": .number(measure.learningRate),
      "log_loss": measure.logLoss.map { .number($0) } ?? .null,
    ]
    if let validation {
      object["validation_error"] = .number(validation.error)
      object["validation_log_loss"] = .number(validation.logLoss)
      object["is_best"] = .bool(isBest)
    }
    return .object(object)
  }

  /// The line under `header`; a star marks the best so far.
  var line: String {
    var cells = [
      "\(epoch)", formatted(measure.seconds, 2), "\(Int(samplesPerSecond))", formatted(measure.logLoss, 4),
    ]
    if let validation {
      cells += [
        "\(formatted(100 * validation.error, 2)) %", formatted(validation.logLoss, 4), isBest ? "*" : "",
      ]
    }
    return ClassificationReport.join(cells)
  }

  static func header(isValidated: Bool) -> String {
    join(columns.prefix(isValidated ? columns.count : 4).map(\.title))
  }

  private static let columns: [(title: String, width: Int)] = [
    ("epoch", 5), ("seconds", 8), ("samples/s", 10), ("log loss", 9), ("validation error", 16),
    ("validation log loss", 19), ("best", 4),
  ]

  private static func join(_ cells: [String]) -> String {
    zip(columns, cells).map { column, cell in
      String(repeating: " ", count: max(0, column.width - cell.count)) + cell
    }.joined(separator: " ")
  }
}
