internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// What an epoch is reported as: a line of the table, or an object of `metrics.jsonl`.
struct EpochReport {
  private let epoch: Int
  private let seconds: Double
  private let samplesPerSecond: Double
  private let learningRate: Double
  private let updateRatio: Double
  private let metrics: EpochMetrics
  private let hasValidation: Bool
  private let likelihood: LikelihoodReport?

  init(
    trainer: Trainer, info: Trainer.Info, data: RunData, seconds: Double, settings: RunSettings,
    parallel: Parallel
  ) throws {
    let seed = settings.training.seed
    metrics = EpochMetrics(
      of: trainer.model, samples: data.training.samples, validation: data.validation?.samples,
      hasLikelihood: data.training.hasLikelihood, epoch: info.epoch, seed: seed, parallel: parallel)
    let isDue = settings.logLikelihoodEvery.map { trainer.epoch % $0 == 0 } ?? false
    likelihood =
      isDue
      ? LikelihoodReport(
        of: trainer.model, data: data.training, validation: data.validation, seed: seed, parallel: parallel)
      : trainer.partition(parallel: parallel).map {
        LikelihoodReport(
          of: trainer.model, partition: $0, data: data.training, validation: data.validation,
          parallel: parallel)
      }
    epoch = trainer.epoch
    self.seconds = seconds
    samplesPerSecond = Double(data.training.samples.count) / max(seconds, 1e-9)
    learningRate = info.learningRate
    updateRatio = info.stepNorm / metrics.weightNorm
    hasValidation = data.validation != nil
  }

  var json: JSONValue {
    var object: [String: JSONValue] = [
      "epoch": .integer(epoch), "seconds": .number(seconds), "samples_per_second": .number(samplesPerSecond),
      "learning_rate": .number(learningRate), "reconstruction_error": .number(metrics.reconstructionError),
      "pseudo_log_likelihood": metrics.pseudoLogLikelihood.map { .number($0) } ?? .null,
      "weight_norm": .number(metrics.weightNorm), "update_ratio": .number(updateRatio),
      "dead_units": .integer(metrics.hiddenActivity.dead.count),
      "saturated_units": .integer(metrics.hiddenActivity.saturated.count),
    ]
    if hasValidation {
      object["free_energy_gap"] = metrics.freeEnergyGap.map { .number($0) } ?? .null
      object["free_energy_gap_error"] = metrics.freeEnergyGapError.map { .number($0) } ?? .null
    }
    if let likelihood { object.merge(likelihood.json) { _, new in new } }
    return .object(object)
  }

  /// The line under `header`.
  var line: String {
    let cells = [
      "\(epoch)", formatted(seconds, 2), "\(Int(samplesPerSecond))",
      formatted(metrics.reconstructionError, 4),
      formatted(metrics.pseudoLogLikelihood, 2), formatted(metrics.weightNorm, 2), formatted(updateRatio, 5),
      formatted(metrics.freeEnergyGap, 2),
    ]
    let table = EpochReport.join(cells, hasGap: hasValidation)
    return likelihood.map { "\(table)  log P = \(formatted($0.mean, 3))" } ?? table
  }

  static func header(hasGap: Bool) -> String { join(columns.map(\.title), hasGap: hasGap) }

  /// The last column stands only where there is a validation set.
  private static let columns: [(title: String, width: Int)] = [
    ("epoch", 5), ("seconds", 8), ("samples/s", 10), ("reconstruction", 14), ("pseudo-log-P", 12),
    ("‖W‖", 8), ("‖ΔW‖/‖W‖", 9), ("F gap", 7),
  ]

  private static func join(_ cells: [String], hasGap: Bool) -> String {
    zip(columns, hasGap ? cells : cells.dropLast()).map { column, cell in
      String(repeating: " ", count: max(0, column.width - cell.count)) + cell
    }.joined(separator: " ")
  }
}
