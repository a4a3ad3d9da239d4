import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import Testing

@Suite struct FiniteGameTests {
  /// Two players; rows of (row player's payoff, column player's payoff).
  private func bimatrix(_ table: [[(Double, Double)]]) throws -> FiniteGame {
    try FiniteGame(
      actions: [table.count, table[0].count],
      payoffs: [table.flatMap { $0.map(\.0) }, table.flatMap { $0.map(\.1) }])
  }

  @Test func matchingPennies() throws {
    let game = try bimatrix([[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]])
    for player in 0..<2 {
      #expect(game.maximin(of: player).value == -1)
      #expect(game.minimax(of: player).value == 1)
    }
  }

  /// Years in prison: whoever defects is sure of −2, and can be held to it.
  @Test func prisonersDilemma() throws {
    let game = try bimatrix([[(-1, -1), (-3, 0)], [(0, -3), (-2, -2)]])
    for player in 0..<2 {
      #expect(game.maximin(of: player) == game.minimax(of: player))
      #expect(game.maximin(of: player).value == -2 && game.maximin(of: player).choice == 1)
    }
  }

  /// Neither is sure of anything, either can be held to 1.
  @Test func battleOfTheSexes() throws {
    let game = try bimatrix([[(2, 1), (0, 0)], [(0, 0), (1, 2)]])
    #expect(game.maximin(of: 0).value == 0 && game.minimax(of: 0).value == 1)
    #expect(game.maximin(of: 1).value == 0 && game.minimax(of: 1).value == 1)
    #expect(game.minimax(of: 0).choice == 1 && game.minimax(of: 1).choice == 0)
  }

  @Test func rockPaperScissors() throws {
    let game = try ZeroSumGame.rockPaperScissors.asFiniteGame
    for player in 0..<2 {
      #expect(game.maximin(of: player).value == -1 && game.minimax(of: player).value == 1)
    }
  }

  /// A player without opponents takes the best.
  @Test func onePlayer() throws {
    let game = try FiniteGame(actions: [3], payoffs: [[1, 5, 2]])
    #expect(game.maximin(of: 0) == GameValue(value: 5, choice: 1))
    #expect(game.minimax(of: 0) == GameValue(value: 5, choice: 0))
  }

  // Random games, everything by nested loops.

  struct Shape: Sendable, CustomTestStringConvertible {
    let actions: [Int]
    let seed: UInt64
    var testDescription: String { "\(actions), seed \(seed)" }
  }

  static let shapes = [[2, 3], [2, 2, 2], [3, 2, 4], [2, 3, 2], [2, 2, 2, 3]].flatMap { actions in
    (0..<5).map { Shape(actions: actions, seed: $0) }
  }

  private func randomGame(_ shape: Shape) throws -> FiniteGame {
    let stream = RandomStream(seed: shape.seed, purpose: .test)
    let profiles = shape.actions.reduce(1, *)
    return try FiniteGame(
      actions: shape.actions,
      payoffs: shape.actions.indices.map { stream.uniforms(row: UInt64($0), count: profiles) })
  }

  /// v_i as a table `[own action][joint action of the others]`, by walking through all profiles.
  private func table(_ game: FiniteGame, _ player: Int) -> [[Double]] {
    var table = [[Double]](repeating: [], count: game.actions[player])
    for profile in 0..<game.payoffs[player].count {
      var (rest, actions) = (profile, [Int]())
      for count in game.actions.reversed() {
        actions.insert(rest % count, at: 0)
        rest /= count
      }
      table[actions[player]].append(game.payoffs[player][profile])
    }
    return table
  }

  @Test(arguments: shapes)
  func valuesAreThoseOfBruteForce(_ shape: Shape) throws {
    let game = try randomGame(shape)
    for player in shape.actions.indices {
      let table = table(game, player)
      let worst = table.map { $0.min() ?? .nan }
      let best = table[0].indices.map { others in table.map { $0[others] }.max() ?? .nan }
      #expect(game.maximin(of: player).value == worst.max())
      #expect(game.minimax(of: player).value == best.min())
      #expect(worst[game.maximin(of: player).choice] == worst.max())
      #expect(best[game.minimax(of: player).choice] == best.min())
      #expect(game.maximin(of: player).value <= game.minimax(of: player).value)
    }
  }

  /// Both readings of the maximin are equal: others who know a_i answer it by a rule s(a_i); of all rules the best
  /// leaves the player exactly what he could be sure of. Likewise for the minimax and a player who knows.
  @Test(arguments: shapes.filter { $0.actions.reduce(1, *) <= 12 })
  func bothReadingsAreEqual(_ shape: Shape) throws {
    let game = try randomGame(shape)
    for player in shape.actions.indices {
      let table = table(game, player)
      let forced = answers(table).map { rule in table.indices.map { table[$0][rule[$0]] }.max() ?? .nan }
        .min()
      #expect(forced == game.maximin(of: player).value)
      let turned = table[0].indices.map { others in table.map { $0[others] } }
      let sure = answers(turned).map { rule in turned.indices.map { turned[$0][rule[$0]] }.min() ?? .nan }
        .max()
      #expect(sure == game.minimax(of: player).value)
    }
  }

  /// All rules that answer each row of a table by a column.
  private func answers(_ table: [[Double]]) -> [[Int]] {
    table.reduce([[]]) { rules, row in rules.flatMap { rule in row.indices.map { rule + [$0] } } }
  }

  /// Where the statement ends: what one player is sure of is minus what the other can be held to only where one
  /// gets what the other loses.
  @Test func onlyZeroSumGamesTurnMaximinIntoMinimax() throws {
    for seed in 0..<5 as Range<UInt64> {
      let payoffs = RandomStream(seed: seed, purpose: .test).uniforms(row: 0, count: 12)
      let game = try FiniteGame(actions: [3, 4], payoffs: [payoffs, payoffs.map { -$0 }])
      #expect(game.maximin(of: 0).value == -game.minimax(of: 1).value)
      #expect(game.maximin(of: 1).value == -game.minimax(of: 0).value)
    }
    let battle = try bimatrix([[(2, 1), (0, 0)], [(0, 0), (1, 2)]])
    #expect(battle.maximin(of: 0).value != -battle.minimax(of: 1).value)
  }

  @Test func whatIsNoGameIsRefused() {
    for actions in [[], [0], [2, -1], [Int.max, 4]] {
      #expect(throws: SettingsError.self) { try FiniteGame(actions: actions, payoffs: []) }
    }
    #expect(throws: SettingsError.self) { try FiniteGame(actions: [2, 2], payoffs: [[1, 2, 3, 4]]) }
    #expect(throws: SettingsError.self) {
      try FiniteGame(actions: [2, 2], payoffs: [[1, 2, 3, 4], [1, 2, 3]])
    }
    for bad in [Double.nan, .infinity] {
      #expect(throws: SettingsError.self) { try FiniteGame(actions: [2], payoffs: [[1, bad]]) }
    }
  }
}
