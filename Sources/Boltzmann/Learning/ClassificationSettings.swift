/// Everything that decides how a classification machine is trained; with the data and the first machine it fixes
/// every bit.
public struct ClassificationSettings: Codable, Sendable, Hashable {
  public var objective = ClassificationObjective.discriminative
  /// Where the model's moments come from, if the objective needs any.
  public var method = ClassificationMethod.contrastiveDivergence
  /// Gibbs steps k per update.
  public var steps = StepSchedule(1)
  /// Persistent chains; nil: as many as a minibatch has samples.
  public var chains: Int?
  public var epochs = 50
  public var batchSize = 10
  /// Whether each epoch takes the samples in a new random order; else in the order of the data.
  public var shuffles = true
  public var learningRate = 0.1
  public var schedule = LearningRateSchedule.constant
  public var momentum = StepSchedule(0.5)
  /// Of ½Σw², weights of the visibles and of the classes.
  public var l2 = 0.0
  public var seed: UInt64 = 0

  public init() {}

  /// Throws one clear line where the settings make no sense for so many samples that are used.
  public func validate(samples: Int) throws {
    try require(epochs >= 1, "epochs must be at least 1, not \(epochs)")
    try require(batchSize >= 1, "the minibatch must hold at least 1 sample, not \(batchSize)")
    try require(batchSize <= samples, "a minibatch of \(batchSize) is larger than the \(samples) samples")
    try require(steps.values.allSatisfy { $0 >= 1 }, "Gibbs steps must be at least 1, not \(steps)")
    try require((chains ?? 1) >= 1, "chains must be at least 1, not \(chains ?? 0)")
    try require(learningRate > 0 && learningRate.isFinite, "the learning rate must be positive and finite")
    try require(momentum.values.allSatisfy { (0..<1).contains($0) }, "momentum must lie in [0, 1)")
    try require(l2 >= 0 && l2.isFinite, "weight decay must not be negative")
    let weights = [objective.discriminative, objective.generative, objective.unsupervised]
    try require(
      weights.allSatisfy { $0 >= 0 && $0.isFinite }, "the objective's weights must not be negative")
    try require(weights.contains { $0 > 0 }, "one of the objective's weights must be positive")
  }

  private func require(_ condition: Bool, _ message: String) throws {
    if !condition { throw SettingsError(message: message) }
  }
}
