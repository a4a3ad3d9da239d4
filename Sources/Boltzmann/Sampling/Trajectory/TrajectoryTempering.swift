public import BoltzmannCompute

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
  public typealias State = TemperingState
  public typealias Info = TemperingInfo

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
    let base = rungs[0].visible
    return State(
      rungs: ladder.count, chains: chains, width: base.count,
      random: RandomStream(seed: seed, purpose: .trajectoryStart), clamped: clamped, parallel: parallel
    ) { rows, random in
      base.sample(inputs: rows.view, inverseTemperature: 1, random: random, means: nil, into: rows)
    }
  }

  /// Rounds of `steps` Gibbs steps and a swap; `observe` sees every one, between the steps and the swap.
  @discardableResult
  public func run(
    _ state: inout State, rounds: Int, steps: Int = 1, observe: ((TemperingRound) -> Void)? = nil
  ) -> Info {
    precondition(state.travels.rungs == ladder.count, "the state is one of this ladder")
    let chains = state.travels.chains
    return state.run(
      rounds: rounds, steps: steps, swaps: RandomStream(seed: seed, purpose: .trajectorySwap),
      observe: observe
    ) { TrajectoryRows(self, $0, chains: chains) }
  }

  /// The chains of one rung, `[chains, visible]`; by default those of the last one.
  public func visibles(of state: State, rung: Int? = nil) -> Matrix { state.visibles(rung: rung) }
}
