/// How a learning step follows the gradient; may change from step to step.
public struct ReferenceLearningSettings: Equatable, Sendable {
  /// The learning rate η.
  public var learningRate: Double
  /// The share of the last velocity that is kept, between 0 and 1.
  public var momentum: Double
  /// The strength of the pull on the weights towards zero that is proportional to them, l₂·W.
  public var l2: Double
  /// The strength of the pull on the weights towards zero that is constant, l₁·sign(W).
  public var l1: Double
  /// The share ν by which the offsets move towards the minibatch; 0 leaves them where they are.
  public var offsetRate: Double
  /// Whether, and how, hidden units are kept from being on too often.
  public var sparsity: Sparsity?

  public init(
    learningRate: Double, momentum: Double = 0, l2: Double = 0, l1: Double = 0, offsetRate: Double = 0,
    sparsity: Sparsity? = nil
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.l2 = l2
    self.l1 = l1
    self.offsetRate = offsetRate
    self.sparsity = sparsity
  }

  /// A wish for rarely active hidden units.
  ///
  /// Source: Hinton, "A practical guide to training restricted Boltzmann machines", 2010, section 11.
  public struct Sparsity: Equatable, Sendable {
    /// The wanted mean activity p of a hidden unit.
    public var target: Double
    /// How much the wish counts against the likelihood.
    public var cost: Double
    /// The share of the running mean activity q that is kept at each step.
    public var decay: Double

    public init(target: Double, cost: Double, decay: Double = 0.9) {
      self.target = target
      self.cost = cost
      self.decay = decay
    }
  }
}

/// Where the negative phase comes from.
public enum ReferenceEstimator: Equatable, Sendable {
  /// CD-k.
  case contrastiveDivergence(steps: Int)
  /// PCD-k, with the learner's chains.
  case persistentContrastiveDivergence(steps: Int)
  /// All states of the smaller layer.
  case exact
}
