/// Everything that decides how a machine is trained; with the data and the first machine it fixes every bit.
///
/// Defaults follow Hinton's practical guide (2010): minibatches of 100, momentum 0.5 and 0.9 after five
/// epochs, a weight decay of 10⁻⁴; and the centred gradient (Melchior, Fischer & Wiskott 2016).
public struct TrainingSettings: Codable, Sendable, Hashable {
  /// The gradient estimator, a name of `GradientEstimators`.
  public var method = "cd"
  /// Gibbs steps k per update; may grow.
  public var steps = StepSchedule(1)
  /// Persistent chains; nil: as many as a minibatch has samples.
  public var chains: Int?
  /// The rate of the fast weights of `fpcd`, constant; nil: the learning rate.
  public var fastLearningRate: Double?
  /// The order in the weights of the expansion that `tap` uses: 1 (mean-field), 2 or 3.
  public var tapOrder = 2
  /// Iterations of the magnetisations an update of `tap`.
  public var tapIterations = 3
  /// Inverse temperatures of tempered chains, those of the base-rate machine and of the model among them.
  public var temperatures = 10
  public var epochs = 20
  public var batchSize = 100
  /// Whether each epoch takes the samples in a new random order; else in the order of the data.
  public var shuffles = true
  public var learningRate = 0.02
  public var schedule = LearningRateSchedule.constant
  public var momentum = StepSchedule<Double>("0.5,0.9@5")!
  /// Σ|w| and ½Σw², weights only.
  public var l1 = 0.0
  public var l2 = 1e-4
  /// The wanted mean activity of hidden units; nil: none.
  public var sparsityTarget: Double?
  public var sparsityCost = 0.01
  /// How slowly the estimate of the mean activity forgets.
  public var sparsityDecay = 0.9
  public var isCentered = true
  /// The moving average's factor for the offsets, and for the scales of real hiddens.
  public var offsetRate = 0.01
  /// The largest entry of a gradient that is followed, in standardised units; nil: 1 where a side has real units,
  /// else none.
  public var gradientClip: Double?
  /// γ, how much the critic of `adversarial` counts beside the likelihood; nil: that of the method.
  public var adversarialWeight: Double?
  /// Whether real visibles learn their precision.
  public var learnsPrecision = true
  public var seed: UInt64 = 0

  public init() {}

  /// The learning rate to begin with for layers of these kinds: real units take a tenth of what binary ones do
  /// (Hinton 2010, section 13).
  public static func learningRate(visible: LayerSpecification, hidden: LayerSpecification) -> Double {
    TrainingSettings().learningRate * (visible.hasRealUnits || hidden.hasRealUnits ? 0.1 : 1)
  }

  /// Throws one clear line where the settings make no sense for `samples` samples.
  public func validate(samples: Int) throws {
    try require(epochs >= 1, "epochs must be at least 1, not \(epochs)")
    try require(batchSize >= 1, "the minibatch must hold at least 1 sample, not \(batchSize)")
    try require(batchSize <= samples, "a minibatch of \(batchSize) is larger than the \(samples) samples")
    try require(steps.values.allSatisfy { $0 >= 1 }, "Gibbs steps must be at least 1, not \(steps)")
    try require((chains ?? 1) >= 1, "chains must be at least 1, not \(chains ?? 0)")
    try require((2...1_000).contains(temperatures), "temperatures must be 2 to 1000, not \(temperatures)")
    try require(learningRate > 0 && learningRate.isFinite, "the learning rate must be positive and finite")
    try require(
      fastLearningRate.map { $0 > 0 && $0.isFinite } ?? true,
      "the fast learning rate must be positive and finite")
    try require((1...3).contains(tapOrder), "the order of tap must be 1, 2 or 3, not \(tapOrder)")
    try require(tapIterations >= 1, "iterations of tap must be at least 1, not \(tapIterations)")
    try require(momentum.values.allSatisfy { (0..<1).contains($0) }, "momentum must lie in [0, 1)")
    try require(l1 >= 0 && l2 >= 0 && (l1 + l2).isFinite, "weight decay must not be negative")
    try require(
      sparsityTarget.map { $0 > 0 && $0 < 1 } ?? true, "the sparsity target must lie between 0 and 1")
    try require(sparsityCost >= 0 && sparsityCost.isFinite, "the sparsity cost must not be negative")
    try require((0..<1).contains(sparsityDecay), "the sparsity decay must lie in [0, 1)")
    try require((0...1).contains(offsetRate), "the offset rate must lie in [0, 1]")
    try require(gradientClip.map { $0 > 0 && $0.isFinite } ?? true, "the gradient's bound must be positive")
    try require(
      adversarialWeight.map { (0..<1).contains($0) } ?? true, "the adversarial weight must lie in [0, 1)")
    try require(GradientEstimators.named(method) != nil, "no training method is called \"\(method)\"")
  }

  private func require(_ condition: Bool, _ message: String) throws {
    if !condition { throw SettingsError(message: message) }
  }
}

/// Settings that cannot work.
public struct SettingsError: Error, CustomStringConvertible {
  public let message: String
  public var description: String { message }

  public init(message: String) { self.message = message }
}
