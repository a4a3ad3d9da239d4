public import BoltzmannCompute
internal import Foundation

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
public struct ParallelTempering: Sendable {
  /// Where the chains stand: what the next round needs.
  public struct State: Sendable {
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
  }

  /// What a person wants to see of a run.
  public struct Info: Sendable {
    /// The mean acceptance probability of the swaps offered between rungs k and k + 1.
    public let acceptances: [Double]
    /// Round trips so far, of all replicas.
    public let roundTrips: Int
  }

  public let ladder: TemperingLadder
  public let seed: UInt64
  public let parallel: Parallel
  /// The chains' visibles that are held, one row for each chain of a rung.
  public var clamped: ClampedVisibles?
  let path: TemperedPath
  let rungs: [TemperedRung]

  public var model: RBM { path.model }

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
    precondition(chains >= 1, "a rung holds at least one chain")
    var visibles = Matrix(rows: ladder.count * chains, columns: model.visibleCount)
    let random = RandomStream(seed: seed, purpose: .temperingStart)
    visibles.withMutableView { view in
      parallel.forEachBlock(of: view.rows, size: rowsPerBlock) { range in
        let rows = view.rows(range)
        rungs[0].sampleVisibles(
          inputs: rows.view, random: RandomRows(random, rows: rowNumbers(range)), into: rows)
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
      let rows = TemperedRows(self, visibles, chains: chains)
      rows.prepare()
      for round in 0..<rounds {
        let number = first + UInt64(round), end = (round + 1) * steps
        let works = rows.advance(
          time: round * steps, step: number * UInt64(steps), steps: steps,
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
    RandomStream(seed: seed, purpose: .temperingSwap, step: round)
  }
}

extension ParallelTempering {
  /// The chains of one rung, `[chains, visible]`; by default those of the model itself.
  public func visibles(of state: State, rung: Int? = nil) -> Matrix {
    let rung = rung ?? ladder.count - 1, chains = state.travels.chains
    let rows = state.visibles.view.rows((rung * chains)..<((rung + 1) * chains))
    return Matrix(rows: rows.rows, columns: rows.columns) { rows[$0, $1] }
  }
}

/// The mean acceptance probability of what each pair of rungs was offered.
struct SwapOffers {
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
