/// The two values of a unit of a general Boltzmann machine.
/// ```
/// P(x = high | I) = σ(step·I)       E[x | I] = low + step·σ(step·I)       Γ(I) = low·I + softplus(step·I)
/// ```
/// I is the unit's whole input, its bias included; step = high − low; Γ is the log-normaliser.
public enum TwoStateKind: String, CaseIterable, Sendable, Hashable {
  /// 0 and 1
  case bernoulli
  /// −1 and +1
  case spin

  public var low: Float { self == .bernoulli ? 0 : -1 }
  public var high: Float { 1 }
  /// high − low
  public var step: Float { high - low }
}

/// Which layers of a general Boltzmann machine have couplings of their own.
public struct LateralCouplings: OptionSet, Sendable, Hashable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// U, among the visibles.
  public static let visible = LateralCouplings(rawValue: 1)
  /// P, among the hiddens.
  public static let hidden = LateralCouplings(rawValue: 2)
}
