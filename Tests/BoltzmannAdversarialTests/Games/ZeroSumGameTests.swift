import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannTestSupport
import Testing

extension ZeroSumGame {
  static var rockPaperScissors: ZeroSumGame {
    get throws { try ZeroSumGame(payoffs: [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) }
  }
}

@Suite struct ZeroSumGameTests {
  /// Pivots of a table of numbers between 1 and 2 lose a few of 2⁻⁵³ each.
  private static let rounding = 1e-12

  private func check(
    _ payoffs: [[Double]], value: Double, rows: [Double], columns: [Double]
  ) throws {
    let solution = try ZeroSumGame(payoffs: payoffs).solution()
    #expect(abs(solution.value - value) <= Self.rounding)
    #expect(largestDifference(solution.rows, rows) <= Self.rounding)
    #expect(largestDifference(solution.columns, columns) <= Self.rounding)
  }

  @Test func knownGames() throws {
    try check([[1, -1], [-1, 1]], value: 0, rows: [0.5, 0.5], columns: [0.5, 0.5])
    try check(ZeroSumGame.rockPaperScissors.payoffs, value: 0, rows: thirds, columns: thirds)
    // A saddle point in pure strategies; a dominated row and a dominated column.
    try check([[4, 2, 5], [1, 0, 7]], value: 2, rows: [1, 0], columns: [0, 1, 0])
    // 2 × 2 without a saddle point: (ad − bc)/(a + d − b − c).
    try check([[3, -1], [-2, 4]], value: 1, rows: [0.6, 0.4], columns: [0.5, 0.5])
    // One player has no choice.
    try check([[3], [7], [5]], value: 7, rows: [0, 1, 0], columns: [1])
    try check([[3, 7, 5]], value: 3, rows: [1], columns: [1, 0, 0])
    // All the same.
    try check([[2.5]], value: 2.5, rows: [1], columns: [1])
  }

  private let thirds = [Double](repeating: 1.0 / 3, count: 3)

  /// Rock–paper–scissors in which winning with rock counts double has value 0 and strategies (¼, ½, ¼).
  @Test func weightedRockPaperScissors() throws {
    try check(
      [[0, -1, 2], [1, 0, -1], [-2, 1, 0]], value: 0, rows: [0.25, 0.5, 0.25], columns: [0.25, 0.5, 0.25])
  }

  /// Strategies prove the value: what p is sure of and what q keeps the other to are the same to rounding.
  @Test(arguments: [(2, 2), (3, 5), (7, 4), (12, 12), (1, 6)], 0..<6 as Range<UInt64>)
  func boundsMeet(_ shape: (Int, Int), _ seed: UInt64) throws {
    let payoffs = randomTable(shape.0, shape.1, seed: seed)
    let game = try ZeroSumGame(payoffs: payoffs), solution = game.solution()
    #expect(abs(solution.upper - solution.lower) <= 1e-11)
    #expect(abs(solution.rows.reduce(0, +) - 1) <= Self.rounding && solution.rows.allSatisfy { $0 >= 0 })
    #expect(
      abs(solution.columns.reduce(0, +) - 1) <= Self.rounding && solution.columns.allSatisfy { $0 >= 0 })
    let pure = try game.asFiniteGame
    #expect(pure.maximin(of: 0).value <= solution.value + Self.rounding)
    #expect(solution.value <= pure.minimax(of: 0).value + Self.rounding)
  }

  private func randomTable(_ rows: Int, _ columns: Int, seed: UInt64) -> [[Double]] {
    let stream = RandomStream(seed: seed, purpose: .test)
    return (0..<rows).map { row in stream.uniforms(row: UInt64(row), count: columns).map { 20 * $0 - 10 } }
  }

  /// −Aᵀ is the game with the players exchanged; k·A + c the same game in other money.
  @Test(arguments: 0..<5 as Range<UInt64>)
  func valuesFollowTheGame(_ seed: UInt64) throws {
    let payoffs = randomTable(4, 5, seed: seed), value = try ZeroSumGame(payoffs: payoffs).solution().value
    let turned = (0..<5).map { j in payoffs.map { -$0[j] } }
    #expect(abs(try ZeroSumGame(payoffs: turned).solution().value + value) <= 1e-11)
    let scaled = payoffs.map { $0.map { 1e6 * $0 + 3 } }
    #expect(abs(try ZeroSumGame(payoffs: scaled).solution().value - 1e6 * value - 3) <= 1e-5)
  }

  @Test func whatIsNoGameIsRefused() {
    for bad in [[], [[]], [[1], [1, 2]], [[1, .nan]], [[.infinity]], [[1e308, -1e308]]] as [[[Double]]] {
      #expect(throws: SettingsError.self) { try ZeroSumGame(payoffs: bad) }
    }
  }
}
