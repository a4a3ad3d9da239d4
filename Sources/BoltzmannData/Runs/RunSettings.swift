public import Boltzmann

/// Everything that decides a run, as `run.json` keeps it.
public struct RunSettings: Codable, Sendable {
  public var training: TrainingSettings
  /// `digits`, or the absolute path of a file.
  public var data: String
  public var validation: String?
  public var scale: Double?
  public var binarization: Binarization
  public var whitening: WhiteningSettings?
  /// The file of the samples' weights; nil: all weigh the same.
  public var sampleWeights: String?
  public var hidden: Int
  public var visibleKind: String
  public var hiddenKind: String
  public var weightInitialization: WeightInitialization
  public var visibleBiasFromData: Bool
  public var hiddenBiasInitialization = HiddenBiasInitialization.zero
  /// Epochs between log-likelihoods; nil: none.
  public var logLikelihoodEvery: Int?
  public var checkpointMinutes: Double
  /// Epochs between machines that are kept; nil: none.
  public var keepEvery: Int?
  /// How many scores of the validation data in a row may be worse than the best; nil: the run never stops early.
  public var patience: Int?
  /// Where the run ends; schedules run over `training.epochs`, the number it began with.
  public var epochs: Int
  /// Which data the run began with.
  public var dataFingerprint: String
  /// The program, instruction set and BLAS that began it.
  public var versions: [String: String]

  public init(training: TrainingSettings, data: String, hidden: Int) {
    self.training = training
    self.data = data
    self.hidden = hidden
    binarization = Preprocessing().binarization
    dataFingerprint = ""
    visibleKind = BernoulliUnits.kind
    hiddenKind = BernoulliUnits.kind
    weightInitialization = .normal(standardDeviation: 0.01)
    visibleBiasFromData = true
    checkpointMinutes = 10
    epochs = training.epochs
    versions = Versions.current
  }

  /// Throws `SettingsError` where no run can be so, whatever the data.
  public func validate() throws {
    try require(hidden >= 1, "there must be at least 1 hidden unit, not \(hidden)")
    for kind in [visibleKind, hiddenKind] {
      _ = try specification(kind)
    }
    try require(weightInitialization.isFinite, "weights of \(weightInitialization) are no finite numbers")
    try require(
      checkpointMinutes > 0 && checkpointMinutes.isFinite, "minutes between checkpoints must be positive")
    try require(epochs >= 1, "epochs must be at least 1, not \(epochs)")
    for (name, every) in [("log-likelihoods", logLikelihoodEvery), ("kept machines", keepEvery)] {
      try require((every ?? 1) >= 1, "epochs between \(name) must be at least 1, not \(every ?? 0)")
    }
    try require((patience ?? 1) >= 1, "the patience must be at least 1, not \(patience ?? 0)")
    try require(scale.map { $0 > 0 && $0.isFinite } ?? true, "the scale must be positive and finite")
  }

  private func require(_ condition: Bool, _ message: String) throws {
    if !condition { throw SettingsError(message: message) }
  }

  public var preprocessing: Preprocessing {
    Preprocessing(scale: scale, binarization: binarization, whitening: whitening.map { .wanted($0) })
  }

  /// What the columns of the data are.
  ///
  /// Throws `SettingsError` where there is no such kind.
  public var visibles: VisibleColumns { get throws { VisibleColumns(try specification(visibleKind)) } }

  /// The most columns that the hidden layer can have.
  public var mostHiddenColumns: Double {
    get throws { try specification(hiddenKind).mostColumns(units: hidden) }
  }

  /// The learning rate where none is asked for.
  public var defaultLearningRate: Double {
    get throws {
      TrainingSettings.learningRate(
        visible: try specification(visibleKind), hidden: try specification(hiddenKind))
    }
  }

  private func specification(_ kind: String) throws -> LayerSpecification {
    guard let specification = LayerSpecification(kind) else {
      throw SettingsError(message: "units of kind \"\(kind)\" are unknown")
    }
    return specification
  }

  /// The hidden units, all biases zero.
  ///
  /// Throws `SettingsError` where they are not as many as `hidden`.
  public func hiddenUnits() throws -> any Units {
    guard let units = units(of: try specification(hiddenKind).blocks(units: hidden)) else {
      throw SettingsError(message: "units of kind \"\(hiddenKind)\" are unknown")
    }
    return units
  }
}

extension WeightInitialization {
  /// Whether the weights fit into `Float`; a normal one stays within 10 standard deviations.
  fileprivate var isFinite: Bool {
    switch self {
    case .normal(let deviation): Float(10 * deviation).isFinite
    case .uniform(let bound): Float(bound).isFinite
    case .glorot: true
    }
  }
}
