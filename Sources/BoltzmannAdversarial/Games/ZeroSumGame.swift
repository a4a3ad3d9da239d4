internal import Boltzmann

/// A game of two players in which one gets what the other loses.
///
/// The row player gets `payoffs[i][j]` when he plays i and the column player j. With mixed strategies, draws from
/// distributions p and q, maximin and minimax are equal (von Neumann 1928), the value of the game:
/// ```
/// max_p min_j Σ_i p_i A_ij  =  v  =  min_q max_i Σ_j A_ij q_j
/// ```
public struct ZeroSumGame: Sendable, Hashable {
  /// A, `[row action][column action]`.
  public let payoffs: [[Double]]
  private let lowest: Double
  private let range: Double

  /// - Throws: `SettingsError` where the payoffs are no table, one is not finite, or two are too far apart to be
  ///   subtracted.
  public init(payoffs: [[Double]]) throws {
    guard let width = payoffs.first?.count, width > 0 else {
      throw SettingsError(message: "a game needs at least one action for each player")
    }
    guard payoffs.allSatisfy({ $0.count == width }) else {
      throw SettingsError(message: "the rows of the payoffs are not equally long")
    }
    lowest = payoffs.joined().min() ?? 0
    range = (payoffs.joined().max() ?? 0) - lowest
    guard payoffs.joined().allSatisfy({ $0.isFinite }), range.isFinite else {
      throw SettingsError(message: "the payoffs must be finite numbers, and so must their differences")
    }
    self.payoffs = payoffs
  }

  /// The same game as a game of two players with payoffs A and −A.
  public var asFiniteGame: FiniteGame {
    get throws {
      let values = Array(payoffs.joined())
      return try FiniteGame(
        actions: [payoffs.count, payoffs[0].count], payoffs: [values, values.map { -$0 }])
    }
  }
}

/// Mixed strategies of both players, and between which bounds they put the value of the game.
public struct MixedStrategies: Sendable, Hashable {
  /// p, `[row action]`.
  public let rows: [Double]
  /// q, `[column action]`.
  public let columns: [Double]
  /// min_j Σ_i p_i A_ij: what p is sure to get. The value of the game is not below it.
  public let lower: Double
  /// max_i Σ_j A_ij q_j: what q is sure to keep the other to. The value of the game is not above it.
  public let upper: Double

  /// The value of the game, right to half of upper − lower, which is rounding.
  public var value: Double { lower + (upper - lower) / 2 }
}

extension ZeroSumGame {
  /// Optimal strategies, by the simplex method.
  ///
  /// With B = (A − min A)/range + 1 > 0, a game of value w = 1/Σx, the column player's strategy is q = w·x for
  /// the solution x of a linear programme, and the row player's p = w·y for that of its dual (Dantzig 1951):
  /// ```
  /// max Σ x_j,  B·x ≤ 1,  x ≥ 0            min Σ y_i,  Bᵀ·y ≥ 1,  y ≥ 0
  /// ```
  /// Whatever the rounding of its pivots, `lower` and `upper` of the result hold for the strategies as they are.
  public func solution() -> MixedStrategies {
    let scale = range > 0 ? range : 1
    var tableau = SimplexTableau(payoffs.map { $0.map { ($0 - lowest) / scale + 1 } })
    tableau.solve()
    let rows = ZeroSumGame.distribution(tableau.dual), columns = ZeroSumGame.distribution(tableau.primal)
    let sure = columns.indices.map { j in rows.indices.reduce(0) { $0 + rows[$1] * payoffs[$1][j] } }
    let kept = payoffs.map { row in columns.indices.reduce(0) { $0 + row[$1] * columns[$1] } }
    return MixedStrategies(
      rows: rows, columns: columns, lower: sure.min() ?? 0, upper: kept.max() ?? 0)
  }

  /// Weights over their sum; what rounding left below zero is zero.
  private static func distribution(_ weights: [Double]) -> [Double] {
    let positive = weights.map { max($0, 0) }, total = positive.reduce(0, +)
    return positive.map { $0 / total }
  }
}
