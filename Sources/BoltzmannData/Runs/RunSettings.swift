public import Boltzmann

/// Everything that decides a run, as `run.json` keeps it.
public struct RunSettings: Codable, Sendable {
  public var training: TrainingSettings
  /// `digits`, or the absolute path of a file.
  public var data: String
  public var validation: String?
  public var scale: Double?
  public var binarization: Binarization
  public var hidden: Int
  public var visibleKind: String
  public var hiddenKind: String
  public var weightInitialization: WeightInitialization
  public var visibleBiasFromData: Bool
  /// Epochs between log-likelihoods; nil: none.
  public var logLikelihoodEvery: Int?
  public var checkpointMinutes: Double
  /// Epochs between machines that are kept; nil: none.
  public var keepEvery: Int?
  /// Where the run ends; schedules run over `training.epochs`, the number it began with.
  public var epochs: Int
  /// Which data the run began with.
  public var dataFingerprint: String
  /// The program, instruction set and BLAS that began it.
  public var versions: [String: String]

  public init(
    training: TrainingSettings, data: String, hidden: Int, binarization: Binarization, dataFingerprint: String
  ) {
    self.training = training
    self.data = data
    self.hidden = hidden
    self.binarization = binarization
    self.dataFingerprint = dataFingerprint
    visibleKind = BernoulliUnits.kind
    hiddenKind = BernoulliUnits.kind
    weightInitialization = .normal(standardDeviation: 0.01)
    visibleBiasFromData = true
    checkpointMinutes = 10
    epochs = training.epochs
    versions = Versions.current
  }

  public var preprocessing: Preprocessing { Preprocessing(scale: scale, binarization: binarization) }
}
