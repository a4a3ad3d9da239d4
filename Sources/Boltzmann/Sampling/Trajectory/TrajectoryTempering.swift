public import BoltzmannCompute
internal import Foundation

/// Chains at all rungs of a ladder of machines at once, whose states change places (Béreux, Decelle, Furtlehner &
/// Seoane 2024).
///
/// A round is some Gibbs steps of every chain under its own machine, then swaps of neighbouring rungs, in even rounds
/// of pairs (0, 1), (2, 3), … and in odd ones of (1, 2), (3, 4), …:
/// ```
/// x at rung k and y at rung k + 1 change places with probability
/// min(1, exp([F_{k+1}(y) − F_k(y)] − [F_{k+1}(x) − F_k(x)]))
/// ```
/// Only visibles change places; hiddens are summed out, and drawn anew under the rung where a state arrives. No Z is
/// needed. A Gibbs step at rung 0, which has no weights, is an independent draw: what comes from there is new.
///
/// Chain r of a rung meets only chain r of its neighbours: the columns are independent of one another.
public struct TrajectoryTempering: Sendable {
  public typealias State = ParallelTempering.State
  public typealias Info = ParallelTempering.Info

  public let ladder: TrajectoryLadder
  public let seed: UInt64
  public let parallel: Parallel
  /// The chains' visibles that are held, one row for each chain of a rung.
  public var clamped: ClampedVisibles?
  let rungs: [RBM]

  public init(ladder: TrajectoryLadder, seed: UInt64, parallel: Parallel = .all) {
    self.ladder = ladder
    self.seed = seed
    self.parallel = parallel
    rungs = ladder.rungs.map { $0.transposedWeights == nil ? $0.withTransposedWeights : $0 }
  }

  /// Chains that are drawn from rung 0 at all rungs; `chains` a rung.
  public func initialState(chains: Int) -> State {
    precondition(chains >= 1, "a rung holds at least one chain")
    var visibles = Matrix(rows: ladder.count * chains, columns: rungs[0].visibleCount)
    let random = RandomStream(seed: seed, purpose: .trajectoryStart), base = rungs[0].visible
    visibles.withMutableView { view in
      parallel.forEachBlock(of: view.rows, size: rowsPerBlock) { range in
        let rows = view.rows(range)
        base.sample(
          inputs: rows.view, inverseTemperature: 1, random: RandomRows(random, rows: rowNumbers(range)),
          means: nil, into: rows)
      }
      clamp(view, chains: chains)
    }
    return State(visibles: visibles, rungs: ladder.count)
  }

  private func clamp(_ visibles: MutableMatrixView, chains: Int) {
    for rung in 0..<ladder.count {
      clamped?.put(
        into: visibles.rows((rung * chains)..<((rung + 1) * chains)), chains: 0..<chains,
        window: 0..<visibles.columns)
    }
  }

  /// Rounds of `steps` Gibbs steps and a swap; `observe` sees every one, between the steps and the swap.
  @discardableResult
  public func run(
    _ state: inout State, rounds: Int, steps: Int = 1, observe: ((TemperingRound) -> Void)? = nil
  ) -> Info {
    precondition(rounds >= 0 && steps >= 1, "a round takes at least one step")
    let chains = state.travels.chains
    precondition(state.visibles.rows == chains * ladder.count, "every rung has as many chains")
    var offers = SwapOffers(pairs: ladder.count - 1)
    var travels = state.travels
    let first = state.round
    state.visibles.withMutableView { visibles in
      let rows = TrajectoryRows(self, visibles, chains: chains)
      rows.prepare()
      for round in 0..<rounds {
        let number = first + UInt64(round), end = (round + 1) * steps
        let works = rows.advance(
          time: round * steps, step: number * UInt64(steps), steps: steps, round: number,
          pairs: observe == nil ? .swapped(inRound: number) : .all)
        let result = TemperingRound(
          visibles: rows.states(end).view, works: works, chains: chains, rungs: ladder.count, round: number)
        observe?(result)
        offers.add(result)
        for (row, other) in result.accepted(random: swaps(at: number)) {
          rows.swap(row, other, time: end)
          travels.swap(row, other)
        }
        travels.mark()
      }
      visibles.copy(rows.states(rounds * steps).view)
    }
    state.travels = travels
    state.round += UInt64(rounds)
    return Info(acceptances: offers.means, roundTrips: travels.roundTrips)
  }

  private func swaps(at round: UInt64) -> RandomStream {
    RandomStream(seed: seed, purpose: .trajectorySwap, step: round)
  }

  /// The chains of one rung, `[chains, visible]`; by default those of the last one.
  public func visibles(of state: State, rung: Int? = nil) -> Matrix {
    let rung = rung ?? ladder.count - 1, chains = state.travels.chains
    let rows = state.visibles.view.rows((rung * chains)..<((rung + 1) * chains))
    return Matrix(rows: rows.rows, columns: rows.columns, values: rows.values)
  }
}
