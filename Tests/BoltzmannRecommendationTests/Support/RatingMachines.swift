import BoltzmannCompute
import BoltzmannRecommendation
import BoltzmannReference
import BoltzmannTestSupport

/// A rating machine with normally distributed parameters, and the same in Double.
struct RatingPair {
  let engine: RatingRBM
  let reference: ReferenceRatingRBM

  /// What a test asks for besides sizes.
  struct Kind: Sendable, CustomStringConvertible {
    var hidden = RatingRBM.HiddenKind.bernoulli
    var factors: Int?
    var isConditional = false

    var description: String {
      "\(hidden)\(factors == nil ? "" : ", W = AB")\(isConditional ? ", conditional" : "")"
    }

    static let all = [
      Kind(), Kind(isConditional: true), Kind(factors: 2), Kind(factors: 2, isConditional: true),
      Kind(hidden: .gaussian), Kind(hidden: .gaussian, factors: 2, isConditional: true),
    ]
  }

  init(
    _ kind: Kind = Kind(), sites: Int, levels: Int, hidden: Int, deviation: Double = 1, seed: UInt64
  ) {
    // Gaussian units have no bound: smaller weights keep their variance at hand.
    let scale = kind.hidden == .gaussian ? 0.4 * deviation : deviation
    func normal(_ rows: Int, _ columns: Int, _ step: UInt64) -> Matrix {
      let random = RandomStream(seed: seed, purpose: .test, step: step)
      let numbers = random.normals(row: 0, count: rows * columns).map { Float(scale * $0) }
      return Matrix(rows: rows, columns: columns, values: numbers)
    }
    let columns = kind.factors ?? hidden
    engine = RatingRBM(
      levelCount: levels, hiddenKind: kind.hidden, visibleBias: normal(1, sites * levels, 0),
      hiddenBias: normal(1, hidden, 1).values, weights: normal(sites * levels, columns, 2),
      mixing: kind.factors.map { normal($0, hidden, 3) },
      conditional: kind.isConditional ? normal(sites, columns, 4) : nil)
    reference = ReferenceRatingRBM(engine)
  }
}

extension ReferenceRatingRBM {
  /// Exactly the same machine in Double; products AB are formed in Double.
  init(_ model: RatingRBM) {
    let b = model.mixing.map(\.doubles)
    func row(_ stored: [Double]) -> [Double] {
      guard let b else { return stored }
      return (0..<model.hiddenCount).map { j in stored.indices.reduce(0) { $0 + stored[$1] * b[$1][j] } }
    }
    let levels = model.levelCount, rows = model.weights.doubles.map(row)
    let zeros = [Double](repeating: 0, count: model.hiddenCount)
    let bias = model.visibleBias.doubles[0]
    self.init(
      weights: (0..<model.siteCount).map { Array(rows[$0 * levels..<($0 + 1) * levels]) },
      conditional: model.conditional?.doubles.map(row) ?? (0..<model.siteCount).map { _ in zeros },
      visibleBias: (0..<model.siteCount).map { Array(bias[$0 * levels..<($0 + 1) * levels]) },
      hiddenBias: model.hiddenBias.map(Double.init), isGaussian: model.hiddenKind == .gaussian)
  }
}

extension RatingLists {
  /// Ratings of cases, one array each.
  init(_ cases: [ReferenceRatingRBM.Ratings], sites: Int, levels: Int) throws {
    let all = cases.enumerated().flatMap { number, ratings in ratings.map { (number, $0.site, $0.level) } }
    try self.init(
      caseCount: cases.count, siteCount: sites, levelCount: levels, cases: all.map { UInt32($0.0) },
      sites: all.map { UInt32($0.1) }, levels: all.map { UInt8($0.2) })
  }

  /// For each case the sites seen that it has not rated.
  static func seenOnly(_ seen: RatingLists, _ lists: RatingLists) -> [[Int]] {
    (0..<seen.caseCount).map { number in
      let rated = Set(lists.ratings(of: number).map(\.site))
      return seen.ratings(of: number).map(\.site).filter { !rated.contains($0) }
    }
  }

  /// Each pair rated with a probability, at random levels.
  static func random(
    cases: Int, sites: Int, levels: Int, density: Double, seed: UInt64
  ) throws -> RatingLists {
    let random = RandomStream(seed: seed, purpose: .test)
    return try RatingLists(
      (0..<cases).map { number in
        let u = random.uniforms(row: UInt64(number), count: 2 * sites)
        return (0..<sites).filter { u[2 * $0] < density }.map { ($0, Int(u[2 * $0 + 1] * Double(levels))) }
      }, sites: sites, levels: levels)
  }
}
