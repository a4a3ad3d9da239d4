// A layer's units, given the other layer, are independent, and each sees nothing but its input: what the weights
// bring it, and its own bias. All that a machine needs to know about a kind of unit are a few functions of that
// input. This file says what the kinds are; `ReferenceUnits+Moments.swift` has the functions, and
// `ReferenceUnits+Sampling.swift` the draws.

/// Units of one kind, side by side.
///
/// A unit of state s and input x has the Boltzmann factor e^{xs − ½γs²}, the square for real-valued kinds only:
/// ```
/// bernoulli      s ∈ {0, 1}
/// spin           s ∈ {−1, +1}
/// categorical    s one of the q columns (1, 0, …, 0), …, (0, …, 0, 1) of a site; x has q numbers
/// gaussian       s real
/// relu           s ≥ 0
/// ```
/// The input is the bias and what comes from the other layer. For Gaussian units in the textbook's form,
/// (s − a)²/2σ², γ = 1/σ² and the bias is a/σ².
public struct ReferenceUnits: Equatable, Sendable {
  /// The kinds, by their names in files.
  public enum Kind: String, CaseIterable, Sendable {
    case bernoulli, spin, categorical, gaussian, relu

    /// Whether the states are real numbers, with a density instead of probabilities.
    public var isReal: Bool { self == .gaussian || self == .relu }
  }

  public let kind: Kind
  /// The biases, `[column]`: one for each unit, or each state of a categorical site.
  public var bias: [Double]
  /// The precisions γ > 0, `[column]`; 1 for kinds without one.
  public var precision: [Double] {
    didSet { if !kind.isReal { precision = oldValue } }
  }
  /// The columns of each categorical site; each single column for other kinds.
  public let sites: [Range<Int>]

  private init(_ kind: Kind, bias: [Double], precision: [Double], sites: [Range<Int>]) {
    precondition(precision.count == bias.count, "each of \(bias.count) columns needs a precision")
    self.kind = kind
    self.bias = bias
    self.precision = kind.isReal ? precision : bias.map { _ in 1 }
    self.sites = sites
  }

  /// Units of a kind that is not categorical; precisions are 1 unless given.
  public init(_ kind: Kind, bias: [Double], precision: [Double]? = nil) {
    precondition(kind != .categorical, "categorical sites need numbers of states")
    self.init(
      kind, bias: bias, precision: precision ?? bias.map { _ in 1 },
      sites: bias.indices.map { $0..<($0 + 1) })
  }

  /// Categorical sites with these numbers of states.
  public init(categorical states: [Int], bias: [Double]) {
    precondition(states.reduce(0, +) == bias.count, "each state needs a bias")
    var begin = 0
    let sites = states.map { count in
      defer { begin += count }
      return begin..<(begin + count)
    }
    self.init(.categorical, bias: bias, precision: bias.map { _ in 1 }, sites: sites)
  }

  /// The number of columns.
  public var width: Int { bias.count }

  /// The energy of the units by themselves, in nats.
  /// ```
  /// E(s) = −bᵀs                          E(s) = Σ_i ½γ_i s_i² − bᵀs     (gaussian, relu)
  /// ```
  public func energy(_ state: [Double]) -> Double {
    let linear = -dot(bias, state)
    return kind.isReal ? linear + dot(precision, state.map { $0 * $0 }) / 2 : linear
  }
}
