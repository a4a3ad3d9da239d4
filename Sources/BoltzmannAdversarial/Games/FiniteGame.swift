internal import Boltzmann

/// A game of n players with finitely many actions each, given by its payoffs.
///
/// A profile is one action of every player. v_i(a) is what player i gets for the profile a = (a_i, a_−i).
public struct FiniteGame: Sendable, Hashable {
  /// How many actions each player has, `[player]`.
  public let actions: [Int]
  /// v_i(a), `[player][profile]`; profiles in row-major order, the last player's action fastest.
  public let payoffs: [[Double]]

  /// - Throws: `SettingsError` where there is no player, a player has no action, the payoffs are not one number for
  ///   each player and profile, or one is not finite.
  public init(actions: [Int], payoffs: [[Double]]) throws {
    let profiles = try FiniteGame.profiles(actions)
    guard payoffs.count == actions.count else {
      throw SettingsError(
        message: "\(actions.count) players need as many payoff tensors, not \(payoffs.count)")
    }
    for (player, values) in payoffs.enumerated() {
      guard values.count == profiles else {
        throw SettingsError(
          message: "the payoffs of player \(player) are \(values.count) numbers, not \(profiles)")
      }
      guard values.allSatisfy(\.isFinite) else {
        throw SettingsError(message: "the payoffs of player \(player) are not all finite numbers")
      }
    }
    self.actions = actions
    self.payoffs = payoffs
  }

  private static func profiles(_ actions: [Int]) throws -> Int {
    guard !actions.isEmpty else { throw SettingsError(message: "a game needs at least one player") }
    return try actions.reduce(1) { product, count in
      let (result, overflow) = product.multipliedReportingOverflow(by: count)
      guard count >= 1 && !overflow else {
        throw SettingsError(message: "each player needs at least one action and not too many, not \(count)")
      }
      return result
    }
  }

  public var players: Int { actions.count }

  /// How far apart in `payoffs` are profiles that differ by one in the action of a player.
  private func stride(of player: Int) -> Int { actions[(player + 1)...].reduce(1, *) }

  /// Calls `body` for every profile with the number of i's action, that of the others' joint action, and v_i.
  private func forEachProfile(
    of player: Int, _ body: (_ action: Int, _ others: Int, _ payoff: Double) -> Void
  ) {
    precondition(actions.indices.contains(player), "player \(player) of \(players)")
    let stride = stride(of: player), count = actions[player]
    for (profile, payoff) in payoffs[player].enumerated() {
      let others = profile / (stride * count) * stride + profile % stride
      body(profile / stride % count, others, payoff)
    }
  }
}

/// A value of a game for one player, in units of the payoffs, and the choice that attains it.
public struct GameValue: Sendable, Hashable {
  public let value: Double
  /// The number of the action a_i of the maximin, or of the joint action a_−i of the minimax (row-major).
  public let choice: Int

  public init(value: Double, choice: Int) {
    self.value = value
    self.choice = choice
  }
}

extension FiniteGame {
  /// The value that a player can be sure of without knowing what the others do.
  /// ```
  /// max_{a_i} min_{a_−i} v_i(a_i, a_−i)
  /// ```
  /// It is as well the lowest value that the others can force on a player whose action they know: whatever rule
  /// s(a_i) they answer by, i gets max_{a_i} v_i(a_i, s(a_i)), and the rule that makes it least answers each
  /// action by its minimum. Both readings are about actions; against an action that is drawn, others who know it
  /// can force less than others who know only its distribution.
  public func maximin(of player: Int) -> GameValue {
    var worst = [Double](repeating: .infinity, count: actions[player])
    forEachProfile(of: player) { action, _, payoff in worst[action] = min(worst[action], payoff) }
    let best = worst.indices.max { worst[$0] < worst[$1] } ?? 0
    return GameValue(value: worst[best], choice: best)
  }

  /// The lowest value that the others can force on a player without knowing what he does.
  /// ```
  /// min_{a_−i} max_{a_i} v_i(a_i, a_−i)
  /// ```
  /// It is as well the value that the player can be sure of when he knows what the others do. Never below the
  /// maximin: max_{a_i} v_i(a_i, a_−i) ≥ v_i(a_i*, a_−i) ≥ maximin for every a_−i.
  public func minimax(of player: Int) -> GameValue {
    var best = [Double](repeating: -.infinity, count: payoffs[player].count / actions[player])
    forEachProfile(of: player) { _, others, payoff in best[others] = max(best[others], payoff) }
    let least = best.indices.min { best[$0] < best[$1] } ?? 0
    return GameValue(value: best[least], choice: least)
  }
}
