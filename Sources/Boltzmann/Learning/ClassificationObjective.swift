/// What a classification machine is trained to make large: a weighted sum of three log-likelihoods.
/// ```
/// L = Σ_labelled [δ·log P(y | v) + α·log P(v, y)] + β·Σ_unlabelled log P(v)
/// ```
/// divided by the number of samples (Larochelle, Mandel, Pascanu & Bengio 2012).
public struct ClassificationObjective: Codable, Sendable, Hashable {
  /// δ, of log P(y | v); its gradient is exact.
  public var discriminative: Double
  /// α, of log P(v, y); its gradient is estimated.
  public var generative: Double
  /// β, of log P(v) of samples without a label; its gradient is estimated. Zero leaves these samples out.
  public var unsupervised: Double

  public init(discriminative: Double, generative: Double = 0, unsupervised: Double = 0) {
    self.discriminative = discriminative
    self.generative = generative
    self.unsupervised = unsupervised
  }

  /// log P(y | v)
  public static let discriminative = ClassificationObjective(discriminative: 1)

  /// log P(v, y)
  public static let generative = ClassificationObjective(discriminative: 0, generative: 1)

  /// log P(y | v) + α·log P(v, y)
  public static func hybrid(generative: Double) -> ClassificationObjective {
    ClassificationObjective(discriminative: 1, generative: generative)
  }

  /// The supervised objective, and β·log P(v) of samples without a label.
  public func semiSupervised(unsupervised: Double) -> ClassificationObjective {
    ClassificationObjective(
      discriminative: discriminative, generative: generative, unsupervised: unsupervised)
  }

  /// Whether the gradient takes samples of the model.
  var needsChains: Bool { generative > 0 || unsupervised > 0 }
}
