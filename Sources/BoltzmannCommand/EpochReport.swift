internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// What an epoch is reported as: a line of the table, or an object of `metrics.jsonl`.
struct EpochReport {
  let json: JSONValue
  let line: String

  init(
    trainer: Trainer, info: Trainer.Info, data: RunData, seconds: Double, settings: RunSettings,
    parallel: Parallel
  ) throws {
    let training = data.training, validation = data.validation
    let metrics = try EpochMetrics(
      of: trainer.model, samples: training.samples, validation: validation?.samples,
      isBinary: training.isBinary, epoch: info.epoch, seed: settings.training.seed, parallel: parallel)
    let updateRatio = info.stepNorm / metrics.weightNorm
    let samplesPerSecond = Double(training.samples.count) / max(seconds, 1e-9)
    var object: [String: JSONValue] = [
      "epoch": .integer(trainer.epoch), "seconds": .number(seconds),
      "samples_per_second": .number(samplesPerSecond),
      "learning_rate": .number(info.learningRate),
      "reconstruction_error": .number(metrics.reconstructionError),
      "pseudo_log_likelihood": metrics.pseudoLogLikelihood.map { .number($0) } ?? .null,
      "weight_norm": .number(metrics.weightNorm), "update_ratio": .number(updateRatio),
    ]
    if validation != nil {
      object["free_energy_gap"] = metrics.freeEnergyGap.map { .number($0) } ?? .null
    }
    var likelihood: LikelihoodReport?
    if let every = settings.logLikelihoodEvery, trainer.epoch % every == 0 {
      let found = LikelihoodReport(
        of: trainer.model, data: training, validation: validation, seed: settings.training.seed,
        parallel: parallel)
      object.merge(found.json) { _, new in new }
      likelihood = found
    }
    json = .object(object)
    var cells = [
      pad("\(trainer.epoch)", 5), pad(formatted(seconds, 2), 8), pad("\(Int(samplesPerSecond))", 10),
      pad(formatted(metrics.reconstructionError, 4), 14), pad(formatted(metrics.pseudoLogLikelihood, 2), 12),
      pad(formatted(metrics.weightNorm, 2), 8), pad(formatted(updateRatio, 5), 9),
    ]
    if validation != nil { cells.append(pad(formatted(metrics.freeEnergyGap, 2), 7)) }
    if let likelihood { cells.append("  log P = \(formatted(likelihood.mean, 3))") }
    line = cells.joined(separator: " ")
  }

  static func header(hasGap: Bool) -> String {
    let columns = [
      ("epoch", 5), ("seconds", 8), ("samples/s", 10), ("reconstruction", 14), ("pseudo-log-P", 12),
      ("‖W‖", 8), ("‖ΔW‖/‖W‖", 9),
    ]
    return (columns + (hasGap ? [("F gap", 7)] : [])).map { pad($0, $1) }.joined(separator: " ")
  }
}

private func pad(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
