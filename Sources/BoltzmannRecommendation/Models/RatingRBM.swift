internal import Boltzmann
public import BoltzmannCompute

/// A restricted Boltzmann machine whose visibles are ratings, of which most are missing.
///
/// Site i of a case that rated it is a softmax visible of K levels, v_i^k = 1 for the level that was given; sites
/// that were not rated are no part of the case's machine. All cases share weights and biases.
/// ```
/// E(V, h) = −Σ_{i ∈ R} Σ_k v_i^k (b_i^k + Σ_j W_ij^k h_j) − Σ_j (c_j + Σ_{i ∈ R ∪ S} D_ij) h_j  (+ ½ Σ_j h_j², Gaussian)
/// p(v_i^k = 1 | h) = softmax over k of b_i^k + Σ_j h_j W_ij^k
/// p(h_j = 1 | V)   = σ(x_j),   x_j = c_j + Σ_{i ∈ R ∪ S} D_ij + Σ_{i ∈ R} Σ_k v_i^k W_ij^k     h_j ~ N(x_j, 1), Gaussian
/// ```
/// R is what the case rated, S what it is known to have rated although the rating is not known. D (optional) says what
/// it means that a site was rated at all; without it S is of no use. W may be a product AB of few columns, in which case
/// D is one, too. Rows of W lie site by site, the levels of a site next to each other.
///
/// Source: Salakhutdinov, Mnih & Hinton, "Restricted Boltzmann machines for collaborative filtering", ICML 2007.
public struct RatingRBM: Sendable, Equatable {
  /// What the hidden units are.
  public enum HiddenKind: String, Sendable, Codable, CaseIterable { case bernoulli, gaussian }

  public let levelCount: Int
  public var hiddenKind: HiddenKind
  /// b, `[1, sites · levels]`.
  public var visibleBias: Matrix
  /// c, `[hidden]`.
  public var hiddenBias: [Float]
  /// W `[sites · levels, hidden]`, or A `[sites · levels, factors]`.
  public var weights: Matrix
  /// B `[factors, hidden]` where W = AB.
  public var mixing: Matrix?
  /// D `[sites, hidden]`, or, where W = AB, the factor that gives D by way of B, `[sites, factors]`.
  public var conditional: Matrix?

  public init(
    levelCount: Int, hiddenKind: HiddenKind = .bernoulli, visibleBias: Matrix, hiddenBias: [Float],
    weights: Matrix, mixing: Matrix? = nil, conditional: Matrix? = nil
  ) {
    precondition(weights.rows % levelCount == 0, "weights have a row for every site and level")
    precondition(
      visibleBias.rows == 1 && visibleBias.columns == weights.rows, "one bias a row of the weights")
    precondition((mixing?.columns ?? weights.columns) == hiddenBias.count, "one hidden bias a column")
    precondition(mixing.map { $0.rows == weights.columns } ?? true, "W = AB")
    precondition(
      conditional.map { $0.rows * levelCount == weights.rows && $0.columns == weights.columns } ?? true,
      "a row of D for every site")
    self.levelCount = levelCount
    self.hiddenKind = hiddenKind
    self.visibleBias = visibleBias
    self.hiddenBias = hiddenBias
    self.weights = weights
    self.mixing = mixing
    self.conditional = conditional
  }

  public var siteCount: Int { weights.rows / levelCount }
  public var hiddenCount: Int { hiddenBias.count }
  /// Columns of the stored rows: hidden units, or factors.
  public var factorCount: Int { weights.columns }

  /// The rows of a site.
  func rows(of site: Int) -> Range<Int> { site * levelCount..<(site + 1) * levelCount }
}

extension RatingRBM {
  /// The shape of a machine before it has learned.
  public struct Shape: Codable, Sendable, Hashable {
    public var hidden = 100
    public var hiddenKind = HiddenKind.bernoulli
    /// Columns of A where W = AB; nil: W as it is.
    public var factors: Int?
    /// Whether which sites were rated is an input by itself.
    public var isConditional = false
    /// Standard deviation of the first weights.
    public var deviation = 0.01

    public init() {}

    /// Throws `SettingsError` for no hidden units or factors.
    public func validate() throws {
      guard hidden >= 1 else {
        throw SettingsError(message: "there must be at least 1 hidden unit, not \(hidden)")
      }
      guard (factors ?? 1) >= 1 else { throw SettingsError(message: "there must be at least 1 factor") }
    }
  }

  /// A machine before it has learned: small normal weights, and biases that by themselves give each site's levels
  /// their frequencies, drawn towards those of all sites as if `prior` more ratings had been like these.
  /// ```
  /// b_i^k = log((n_i^k + prior·p_k)/(n_i + prior))       p_k = (n^k + 1)/(n + K)
  /// ```
  /// Throws `SettingsError` for no hidden units or factors.
  public static func initialized(_ lists: RatingLists, shape: Shape, prior: Double = 10, seed: UInt64) throws
    -> RatingRBM
  {
    try shape.validate()
    let columns = shape.factors ?? shape.hidden, rows = lists.siteCount * lists.levelCount
    let deviation = shape.factors == nil ? shape.deviation : shape.deviation.squareRoot()
    return RatingRBM(
      levelCount: lists.levelCount, hiddenKind: shape.hiddenKind,
      visibleBias: frequencyBias(lists, prior: prior),
      hiddenBias: [Float](repeating: 0, count: shape.hidden),
      weights: normal(rows, columns, deviation, seed, step: 0),
      mixing: shape.factors.map { normal($0, shape.hidden, deviation, seed, step: 1) },
      conditional: shape.isConditional ? Matrix(rows: lists.siteCount, columns: columns) : nil)
  }

  private static func normal(
    _ rows: Int, _ columns: Int, _ deviation: Double, _ seed: UInt64, step: UInt64
  ) -> Matrix {
    let random = RandomStream(seed: seed, purpose: .weights, step: step)
    var matrix = Matrix(rows: rows, columns: columns)
    matrix.withMutableView { view in
      for row in 0..<rows {
        view.setRow(row, random.normals(row: UInt64(row), count: columns).map { Float(deviation * $0) })
      }
    }
    return matrix
  }

  private static func frequencyBias(_ lists: RatingLists, prior: Double) -> Matrix {
    let counts = lists.rowCounts(), levels = lists.levelCount
    let shares = LevelShares(counts: counts, levels: levels).shares
    return Matrix(rows: 1, columns: counts.count) { _, row in
      let first = row - row % levels
      let all = Double(counts[first..<first + levels].reduce(0, +))
      return Float(logarithm((Double(counts[row]) + prior * shares[row % levels]) / (all + prior)))
    }
  }
}

/// How often each level is given: what is known of a site or a case that nothing is known of.
struct LevelShares {
  let shares: [Double]

  /// `counts`: `[site · levels + level]`. One more of each, so that no level is impossible.
  init(counts: [Int], levels: Int) {
    var sums = [Double](repeating: 1, count: levels)
    for (row, count) in counts.enumerated() { sums[row % levels] += Double(count) }
    let total = sums.reduce(0, +)
    shares = sums.map { $0 / total }
  }
}
