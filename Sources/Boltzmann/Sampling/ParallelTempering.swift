public import BoltzmannCompute

/// Chains at all inverse temperatures of a ladder at once, whose states change places (Geyer 1991; Hukushima &
/// Nemoto 1996).
///
/// A round is some Gibbs steps of every chain at its own β, then swaps of neighbouring rungs, in even rounds of pairs
/// (0, 1), (2, 3), … and in odd ones of (1, 2), (3, 4), …:
/// ```
/// x at β_k and y at β_{k+1} change places with probability
/// min(1, exp([F_{k+1}(y) − F_k(y)] − [F_{k+1}(x) − F_k(x)]))
/// ```
/// The hiddens are summed out: no other swap of these rungs accepts more. At β = 0 a Gibbs step is an independent draw
/// from the base-rate machine; a state that comes from there brings the model something new.
public struct ParallelTempering: TemperedSampler {
  public typealias State = TemperingState
  public typealias Info = TemperingInfo

  public let ladder: TemperingLadder
  public let seed: UInt64
  public let parallel: Parallel
  /// The chains' visibles that are held, one row for each chain of a rung.
  public var clamped: ClampedVisibles?
  let path: TemperedPath
  let rungs: [TemperedRung]

  public var model: RBM { path.model }
  public var logBase: Double { path.logBase }

  /// `reference`: the visible bias of the base-rate machine; nil: the model's own, else zeros.
  public init(
    model: RBM, ladder: TemperingLadder, reference: [Float]? = nil, seed: UInt64, parallel: Parallel = .all
  ) {
    let reference =
      reference ?? model.referenceVisibleBias ?? [Float](repeating: 0, count: model.visibleCount)
    path = TemperedPath(
      to: model.transposedWeights == nil ? model.withTransposedWeights : model, reference: reference)
    self.ladder = ladder
    self.seed = seed
    self.parallel = parallel
    rungs = ladder.inverseTemperatures.map(path.rung(at:))
  }

  /// Chains that are drawn from the base-rate machine at all rungs; `chains` a rung.
  public func initialState(chains: Int) -> State {
    let base = rungs[0]
    return State(
      rungs: ladder.count, chains: chains, width: model.visibleCount,
      random: RandomStream(seed: seed, purpose: .temperingStart), clamped: clamped, parallel: parallel
    ) { rows, random in
      base.sampleVisibles(inputs: rows.view, random: random, into: rows)
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
      rounds: rounds, steps: steps, swaps: RandomStream(seed: seed, purpose: .temperingSwap),
      observe: observe
    ) { TemperedRows(self, $0, chains: chains) }
  }

  /// The chains of one rung, `[chains, visible]`; by default those of the model itself.
  public func visibles(of state: State, rung: Int? = nil) -> Matrix { state.visibles(rung: rung) }
}
