internal import Boltzmann
internal import BoltzmannData

/// The singular values of the machines that a run has kept.
struct TrainingSpectra {
  let kept: [(epoch: Int, values: [Double])]

  init() { kept = [] }

  /// Throws `DataError` where there is no run, or a machine of it cannot be read.
  init(run path: String) throws {
    let models = try RunFolder.keptModels(of: path)
    guard !models.isEmpty else {
      throw DataError(
        path: path, message: "has kept no machines (boltzmann train --keep-every)", category: .missingInput)
    }
    kept = try models.map { ($0.epoch, try StoredModel.read($0.path).machine.spectrum()) }
  }

  var json: JSONValue {
    .array(
      kept.map { ["epoch": .integer($0.epoch), "singular_values": .array($0.values.map { .number($0) })] })
  }
}
