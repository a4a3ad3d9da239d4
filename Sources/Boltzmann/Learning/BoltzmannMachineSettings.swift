/// Everything that decides how a general Boltzmann machine is trained.
public struct BoltzmannMachineSettings: Sendable, Hashable {
  /// Where the gradient comes from.
  public enum Method: String, CaseIterable, Sendable {
    /// Persistent chains of single-site Gibbs sampling (Younes 1989; Tieleman 2008).
    case pcd
    /// Enumeration: at most 25 units that are coupled among themselves.
    case exact
    /// The log-pseudo-likelihood's gradient; fully visible machines only.
    case pseudoLikelihood = "pseudo-likelihood"
  }

  /// How PCD infers the hiddens of the data.
  public enum PositivePhase: String, CaseIterable, Sendable {
    /// Means of a fixed point (Salakhutdinov & Hinton 2009): no noise, a bias that grows with P; exact for P = 0.
    case meanField = "mean-field"
    /// Sweeps over the hiddens with the visibles clamped: noise, no bias but that of few sweeps.
    case gibbs
  }

  public var method = Method.pcd
  public var positivePhase = PositivePhase.meanField
  public var meanField = MeanField(limit: 50)
  /// Sweeps of the chains per update, free and clamped ones.
  public var steps = 1
  /// Persistent chains.
  public var chains = 100
  /// The layers whose own couplings are learned; those of the others stay zero.
  public var lateral: LateralCouplings = [.visible, .hidden]
  public var epochs = 20
  public var batchSize = 100
  public var learningRate = 0.02
  public var schedule = LearningRateSchedule.constant
  public var momentum = 0.5
  /// ½ΣJ² over pairs; biases do not decay.
  public var l2 = 0.0
  public var seed: UInt64 = 0

  public init() {}

  /// Throws one clear line where the settings make no sense for these data and this machine.
  public func validate(samples: any Samples, model: BoltzmannMachine) throws {
    try require(
      samples.width == model.visibleCount,
      "the data have \(samples.width) columns, the machine \(model.visibleCount) visible units")
    try require(epochs >= 1, "epochs must be at least 1, not \(epochs)")
    try require(batchSize >= 1, "the minibatch must hold at least 1 sample, not \(batchSize)")
    try require(
      batchSize <= samples.count, "a minibatch of \(batchSize) is larger than the \(samples.count) samples")
    try require(steps >= 1, "Gibbs steps must be at least 1, not \(steps)")
    try require(chains >= 1, "chains must be at least 1, not \(chains)")
    try require(learningRate > 0 && learningRate.isFinite, "the learning rate must be positive and finite")
    try require((0..<1).contains(momentum), "momentum must lie in [0, 1)")
    try require(l2 >= 0 && l2.isFinite, "weight decay must not be negative")
    try require((0..<1).contains(meanField.damping), "damping must lie in [0, 1)")
    try require(meanField.limit >= 1, "mean-field takes at least 1 iteration")
    try require(
      lateral.isSuperset(of: model.lateral), "the machine has couplings within a layer that shall have none")
    switch method {
    case .pcd: break
    case .exact: _ = try BoltzmannMachineEnumeration(of: model, keeping: lateral)
    case .pseudoLikelihood: _ = try BoltzmannMachinePseudoLikelihood(of: model)
    }
  }

  private func require(_ condition: Bool, _ message: String) throws {
    if !condition { throw SettingsError(message: message) }
  }
}
