public import Boltzmann

/// Where chains start that estimate the model's part of the gradient.
public enum RatingMethod: String, Codable, Sendable, Hashable, CaseIterable {
  /// CD-T: at the ratings of the case (Hinton 2002).
  case contrastiveDivergence = "cd"
  /// PCD-T: where the chain of the same case ended in the last epoch (Tieleman 2008).
  case persistent = "pcd"
}

/// Everything that decides how a rating machine is trained; with the ratings and the first machine it fixes
/// every bit.
///
/// The defaults are good for MovieLens 100k, either way round. Gradients are sums over the ratings of a minibatch, so
/// that cases with many times more ratings take smaller rates.
public struct RatingSettings: Codable, Sendable, Hashable {
  public var method = RatingMethod.contrastiveDivergence
  /// Gibbs steps T per update; grows with the epochs.
  public var steps = StepSchedule<Int>("1,3@20")!
  public var epochs = 40
  /// Cases in a minibatch.
  public var batchSize = 10
  /// Whether each epoch takes the cases in a new random order.
  public var shuffles = true
  public var learningRate = 0.002
  public var schedule = LearningRateSchedule.linear
  public var momentum = StepSchedule(0.9)
  /// Of ½Σw² of what a minibatch rates.
  public var l2 = 0.05
  /// How much less a step follows each rating of a site that is rated often: its rate is divided by the number of
  /// ratings that a minibatch has of it on average, to this power. 0: all ratings count alike; 1: all sites do.
  public var balance = 0.5
  public var seed: UInt64 = 0

  public init() {}

  /// Throws one clear line where the settings make no sense for so many cases.
  public func validate(cases: Int) throws {
    try require(epochs >= 1, "epochs must be at least 1, not \(epochs)")
    try require(batchSize >= 1, "the minibatch must hold at least 1 case, not \(batchSize)")
    try require(cases >= 1, "there are no ratings to learn from")
    try require(steps.values.allSatisfy { $0 >= 1 }, "Gibbs steps must be at least 1, not \(steps)")
    try require(learningRate > 0 && learningRate.isFinite, "the learning rate must be positive and finite")
    try require(momentum.values.allSatisfy { (0..<1).contains($0) }, "momentum must lie in [0, 1)")
    try require(l2 >= 0 && l2.isFinite, "weight decay must not be negative")
    try require((0...1).contains(balance), "the balance must lie in [0, 1]")
  }

  private func require(_ condition: Bool, _ message: String) throws {
    if !condition { throw SettingsError(message: message) }
  }
}
