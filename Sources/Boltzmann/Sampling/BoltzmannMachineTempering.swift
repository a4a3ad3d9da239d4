public import BoltzmannCompute

/// Parallel tempering of a general Boltzmann machine, from independent units with mean-field's means to the machine.
///
/// A round is some sweeps of every chain at its own β, then swaps of neighbouring rungs as those of
/// `ParallelTempering`. The energy is linear in β, E_β = E₀ − β·S, so that x at β_k and y at β_{k+1} change places with
/// probability
/// ```
/// min(1, exp((β_{k+1} − β_k)·(S(x) − S(y))))
/// ```
/// Sweeps ascend and descend by turns: which of both leaves the law alone does not matter, and so no unit is always
/// drawn last.
public struct BoltzmannMachineTempering: TemperedSampler {
  public let ladder: TemperingLadder
  public let seed: UInt64
  public let parallel: Parallel
  fileprivate let path: BoltzmannMachinePath
  /// The machine at every rung.
  fileprivate let rungs: [BoltzmannMachine]

  public init(machine: BoltzmannMachine, ladder: TemperingLadder, seed: UInt64, parallel: Parallel = .all) {
    self.init(BoltzmannMachinePath(to: machine), ladder, seed, parallel)
  }

  /// A ladder that is fitted to a machine, and its chains; see `LadderAdaptation`.
  ///
  /// Throws `SettingsError` where more than `mostRungs` rungs would be needed.
  public static func adapted(
    to machine: BoltzmannMachine, by adaptation: LadderAdaptation = LadderAdaptation(), seed: UInt64,
    parallel: Parallel = .all
  ) throws -> (tempering: BoltzmannMachineTempering, state: TemperingState) {
    let path = BoltzmannMachinePath(to: machine)
    return try adaptation.fitted { BoltzmannMachineTempering(path, $0, seed, parallel) }
  }

  private init(
    _ path: BoltzmannMachinePath, _ ladder: TemperingLadder, _ seed: UInt64, _ parallel: Parallel
  ) {
    self.path = path
    self.ladder = ladder
    self.seed = seed
    self.parallel = parallel
    rungs = ladder.inverseTemperatures.map(path.tempered)
  }

  public var machine: BoltzmannMachine { path.machine }

  /// The machine at a rung's β: what its chains are samples of.
  public func machine(rung: Int) -> BoltzmannMachine { rungs[rung] }

  public var logBase: Double { path.logBase }

  /// Chains of independent units at all rungs; `chains` a rung, `[rungs · chains, units]`.
  public func initialState(chains: Int) -> TemperingState {
    let start = SingleSiteGibbs(model: rungs[0], seed: seed, parallel: parallel)
      .initialState(chains: ladder.count * chains)
    return TemperingState(visibles: start.units.transposed, rungs: ladder.count)
  }

  @discardableResult
  public func run(
    _ state: inout TemperingState, rounds: Int, steps: Int = 1, observe: ((TemperingRound) -> Void)? = nil
  ) -> TemperingInfo {
    precondition(state.travels.rungs == ladder.count, "the state is one of this ladder")
    let chains = state.travels.chains
    return state.run(
      rounds: rounds, steps: steps, swaps: RandomStream(seed: seed, purpose: .temperingSwap),
      observe: observe
    ) { BoltzmannMachineRows(tempering: self, chains: chains, states: $0) }
  }
}

/// The rows of a general machine's tempered chains while they run.
private struct BoltzmannMachineRows: TemperingRows {
  let tempering: BoltzmannMachineTempering
  let chains: Int
  /// `[rungs · chains, units]`.
  let states: MutableMatrixView

  func prepare() {}

  func states(_ time: Int) -> MutableMatrixView { states }

  func swap(_ row: Int, _ other: Int, time: Int) { states.swapRows(row, other) }

  /// Every rung sweeps by itself, its units numbered on from those of the rung before.
  func advance(time: Int, round: UInt64, steps: Int, pairs: TemperedWorks.Pairs) -> TemperedWorks {
    let random = RandomStream(seed: tempering.seed, purpose: .temperedSite, step: round * UInt64(steps))
    let slopes = tempering.parallel.map(tempering.rungs.count) { rung, _ in
      let rows = states.rows((rung * chains)..<((rung + 1) * chains)), model = tempering.rungs[rung]
      let units = MutableMatrixView(rows: rows.columns, columns: chains)
      units.transpose(rows.view)
      ChainBlock(model, units, firstChain: 0, firstUnit: rung * model.unitCount)
        .sweepAll(steps, random, round % 2 == 0 ? .ascending : .descending)
      rows.transpose(units.view)
      return tempering.path.slopes(rows.view)
    }
    return TemperedWorks(pairs: pairs, up: works(slopes, pairs) { $0 }, down: works(slopes, pairs) { $0 - 1 })
  }

  /// F_{k+1} − F_k = −(β_{k+1} − β_k)·S of every row, for the pair k of its rung.
  private func works(
    _ slopes: [[Double]], _ pairs: TemperedWorks.Pairs, _ pair: (_ rung: Int) -> Int
  ) -> [Double] {
    let betas = tempering.ladder.inverseTemperatures
    return slopes.enumerated().flatMap { rung, slopes -> [Double] in
      let pair = pair(rung)
      guard betas.indices.dropLast().contains(pair), pairs.contains(pair) else {
        return [Double](repeating: .nan, count: slopes.count)
      }
      return slopes.map { (betas[pair] - betas[pair + 1]) * $0 }
    }
  }
}
