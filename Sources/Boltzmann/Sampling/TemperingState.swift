public import BoltzmannCompute
internal import Foundation

/// The chains of a ladder of laws while they run: what parallel and trajectory tempering differ in.
protocol TemperingRows {
  /// The inputs of the first h.
  func prepare()

  /// v after so many steps, `[rungs · chains, visible]`.
  func states(_ time: Int) -> MutableMatrixView

  /// Takes all chains from `time` the steps of a round further; then F of neighbours.
  func advance(time: Int, round: UInt64, steps: Int, pairs: TemperedWorks.Pairs) -> TemperedWorks

  /// Two chains change places, after so many steps.
  func swap(_ row: Int, _ other: Int, time: Int)
}

/// Where the chains of all rungs of a ladder stand: what the next round needs.
public struct TemperingState: Sendable {
  /// Chains of rung 0, then of rung 1, …, `[rungs · chains, visible]`.
  public var visibles: Matrix
  /// Rounds made so far.
  public var round: UInt64 = 0
  /// Of every row, the number of the replica that stands there, and what it has been through.
  public var travels: ReplicaTravels

  /// Chains at these visibles, `[rungs · chains, visible]`.
  public init(visibles: Matrix, rungs: Int) {
    self.visibles = visibles
    travels = ReplicaTravels(rungs: rungs, chains: visibles.rows / rungs)
  }

  /// Chains of all rungs that `draw` draws, some rows at a time, which hold zeros until then.
  init(
    rungs: Int, chains: Int, width: Int, random: RandomStream, clamped: ClampedVisibles?, parallel: Parallel,
    draw: @Sendable (_ rows: MutableMatrixView, _ random: RandomRows) -> Void
  ) {
    precondition(chains >= 1, "a rung holds at least one chain")
    var visibles = Matrix(rows: rungs * chains, columns: width)
    visibles.withMutableView { view in
      parallel.forEachBlock(of: view.rows, size: rowsPerBlock) { range in
        draw(view.rows(range), RandomRows(random, rows: rowNumbers(range)))
      }
      for rung in 0..<rungs {
        clamped?.put(
          into: view.rows((rung * chains)..<((rung + 1) * chains)), chains: 0..<chains, window: 0..<width)
      }
    }
    self.init(visibles: visibles, rungs: rungs)
  }

  /// The rows of a rung.
  func rows(of rung: Int) -> Range<Int> { (rung * travels.chains)..<((rung + 1) * travels.chains) }

  /// The chains of one rung, `[chains, visible]`; by default those of the last one.
  public func visibles(rung: Int? = nil) -> Matrix {
    let rows = visibles.view.rows(rows(of: rung ?? travels.rungs - 1))
    return Matrix(rows: rows.rows, columns: rows.columns, values: rows.values)
  }

  /// Rounds of `steps` steps and a swap; the swaps of round t take the numbers of step t of `swaps`.
  mutating func run(
    rounds: Int, steps: Int, swaps: RandomStream, observe: ((TemperingRound) -> Void)?,
    rows make: (_ start: MutableMatrixView) -> some TemperingRows
  ) -> TemperingInfo {
    precondition(rounds >= 0 && steps >= 1, "a round takes at least one step")
    var offers = SwapOffers(pairs: travels.rungs - 1), travels = travels
    let first = round
    visibles.withMutableView { visibles in
      let rows = make(visibles)
      rows.prepare()
      for round in 0..<rounds {
        let number = first + UInt64(round), end = (round + 1) * steps
        let works = rows.advance(
          time: round * steps, round: number, steps: steps,
          pairs: observe == nil ? .swapped(inRound: number) : .all)
        let result = TemperingRound(
          visibles: rows.states(end).view, works: works, chains: travels.chains, rungs: travels.rungs,
          round: number)
        observe?(result)
        offers.add(result)
        for (row, other) in result.accepted(random: swaps.at(step: number)) {
          rows.swap(row, other, time: end)
          travels.swap(row, other)
        }
        travels.mark()
      }
      visibles.copy(rows.states(rounds * steps).view)
    }
    self.travels = travels
    round += UInt64(rounds)
    return TemperingInfo(acceptances: offers.means, roundTrips: travels.roundTrips)
  }
}

/// What a person wants to see of a run of tempered chains.
public struct TemperingInfo: Sendable {
  /// The mean acceptance probability of the swaps offered between rungs k and k + 1.
  public let acceptances: [Double]
  /// Round trips so far, of all replicas.
  public let roundTrips: Int
}

/// The mean acceptance probability of what each pair of rungs was offered.
private struct SwapOffers {
  private var sums: [Double]
  private var counts: [Int]

  init(pairs: Int) {
    sums = [Double](repeating: 0, count: pairs)
    counts = [Int](repeating: 0, count: pairs)
  }

  mutating func add(_ round: TemperingRound) {
    for pair in sums.indices where round.works.isKnown(pair) {
      sums[pair] += round.logRatios(pair).reduce(0) { $0 + min(1, exp($1)) }
      counts[pair] += round.chains
    }
  }

  var means: [Double] { zip(sums, counts).map { $1 == 0 ? .nan : $0 / Double($1) } }
}
