import Boltzmann
import BoltzmannCompute
import BoltzmannData

/// The parts of a run, small.
enum RunExample {
  static var settings: RunSettings {
    var training = TrainingSettings()
    training.epochs = 7
    training.method = "pcd"
    training.chains = 5
    training.seed = .max
    var settings = RunSettings(training: training, data: "digits", hidden: 3)
    settings.binarization = .threshold(0.25)
    settings.dataFingerprint = "2x2:crc32:0"
    settings.validation = "/data/other.npy"
    settings.scale = 16
    settings.weightInitialization = .uniform(bound: 0.5)
    settings.logLikelihoodEvery = 2
    settings.keepEvery = 4
    settings.checkpointMinutes = 0.5
    return settings
  }

  static func checkpoint(epoch: Int = 0, minibatch: Int = 0, seconds: Double = 0) -> Checkpoint {
    var state = Snapshot()
    state.matrices["weights"] = Matrix(
      rows: 2, columns: 3, values: [1, -0.0, 3, .leastNonzeroMagnitude, 5, -6])
    state.vectors["bias"] = [0.5, .greatestFiniteMagnitude]
    state.vectors["empty"] = []
    state.numbers["count"] = 0x1p53
    state.numbers["third"] = 1 / 3
    return Checkpoint(state: state, epoch: epoch, minibatch: minibatch, seconds: seconds)
  }

  static func create(_ path: String, overwrite: Bool = false) throws -> RunFolder {
    try RunFolder.create(
      path, overwrite: overwrite, settings: settings, model: StoredModelTests.stored,
      checkpoint: checkpoint())
  }
}
