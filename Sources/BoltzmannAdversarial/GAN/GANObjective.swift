internal import BoltzmannCompute

/// What a generator makes small, with x the discriminator's logit of a fake and D = σ(x).
/// ```
/// saturating        log(1 − D) = −softplus(x)       slope −σ(x)
/// non-saturating    −log D = softplus(−x)           slope σ(x) − 1
/// wasserstein       −x                              slope −1
/// ```
/// The first is that of the minimax game. Where the discriminator wins, x → −∞, its slope goes to 0 and the
/// generator learns nothing; that of the second goes to −1. Both have the same fixed point. With the third the
/// discriminator is a critic whose outputs are no logits: see `GradientPenalty`.
public enum GANObjective: String, Sendable, Hashable, Codable, CaseIterable {
  case saturating
  case nonSaturating = "non-saturating"
  /// Arjovsky, Chintala & Bottou (2017), with a penalty on the critic's slope.
  case wasserstein

  /// In nats, of `wasserstein` in units of the data.
  public func cost(logit: Double) -> Double {
    switch self {
    case .saturating: -softplus(logit)
    case .nonSaturating: softplus(-logit)
    case .wasserstein: -logit
    }
  }

  public func slope(logit: Double) -> Double {
    switch self {
    case .saturating: -logistic(logit)
    case .nonSaturating: -logistic(-logit)
    case .wasserstein: -1
    }
  }
}
