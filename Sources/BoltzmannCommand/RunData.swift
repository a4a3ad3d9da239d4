internal import Boltzmann
internal import BoltzmannData

/// What a run learns from, and what it is compared with.
struct RunData {
  let training: DataSet
  let validation: DataSet?

  init(_ training: DataSet, validation: String?, seed: UInt64) throws {
    self.training = training
    self.validation = try validation.map {
      try DataSet(
        $0, preprocessing: training.preprocessing,
        visibles: VisibleColumns(
          of: training.blocks, name: "the machine", whitening: training.preprocessing.fittedWhitening),
        seed: seed)
    }
  }

  /// The data of an old run.
  init(_ settings: RunSettings) throws {
    let training = try DataSet(
      settings.data, preprocessing: settings.preprocessing, visibles: settings.visibles,
      weights: settings.sampleWeights, seed: settings.training.seed)
    try self.init(training, validation: settings.validation, seed: settings.training.seed)
  }

  /// The same where they are what the run began with; else the error that says so.
  func requiring(fingerprint: String) throws -> RunData {
    guard training.fingerprint == fingerprint else {
      throw DataError(
        path: training.source,
        message: "is not the data that the run began with: \(training.fingerprint) instead of \(fingerprint)")
    }
    return self
  }
}
