public import BoltzmannCompute

/// Independent chains that alternate between the layers: h ~ P(h | v), v ~ P(v | h).
public struct BlockGibbs: Sendable {
  /// Where the chains stand: what the next step needs.
  public struct State: Sendable {
    /// The chains' visibles, `[chains, visible]`.
    public var visibles: Matrix
    /// Steps made so far.
    public var step: UInt64 = 0

    public init(visibles: Matrix) { self.visibles = visibles }
  }

  /// What a person wants to see of a run.
  public struct Info: Sendable {
    /// E[v | h] of the last step, `[chains, visible]`: the states without their last draw's noise.
    public let visibleMeans: Matrix
  }

  public let model: RBM
  public let seed: UInt64
  public let parallel: Parallel
  /// The chains' visibles that are held.
  public var clamped: ClampedVisibles?

  public init(model: RBM, seed: UInt64, parallel: Parallel = .all) {
    self.model = model.withTransposedWeights
    self.seed = seed
    self.parallel = parallel
  }

  /// Chains drawn from the base-rate machine where the model has one, else from fair coins.
  public func initialState(chains: Int) -> State {
    let reference = model.referenceVisibleBias ?? [Float](repeating: 0, count: model.visibleCount)
    let start = model.visible.with(bias: reference)
    var visibles = Matrix(rows: chains, columns: model.visibleCount)
    let random = RandomStream(seed: seed, purpose: .initialState)
    visibles.withMutableView { view in
      parallel.forEachBlock(of: chains, size: rowsPerBlock) { range in
        let rows = view.rows(range)
        start.sample(
          inputs: rows.view, inverseTemperature: 1, random: RandomRows(random, rows: rowNumbers(range)),
          means: nil, into: rows)
        clamped?.put(into: rows, chains: range, window: 0..<view.columns)
      }
    }
    return State(visibles: visibles)
  }

  /// `steps` Gibbs steps of every chain; blocks of chains run in parallel.
  @discardableResult
  public func run(_ state: inout State, steps: Int) -> Info {
    precondition(steps >= 1, "a run takes at least one step")
    let groups = BlockGibbs.groups(chains: state.visibles.rows)
    var scratch = GibbsScratch(capacity: min(groups.size, state.visibles.rows), model: model)
    var means = Matrix(rows: state.visibles.rows, columns: model.visibleCount)
    means.withMutableView { means in
      state.visibles.withMutableView { visibles in
        for group in 0..<groups.count {
          run(groups[group], visibles, means, firstStep: state.step, steps: steps, &scratch)
        }
      }
    }
    state.step += UInt64(steps)
    return Info(visibleMeans: means)
  }

  /// Scratch is for so many chains at a time.
  private static func groups(chains: Int) -> Blocks { Blocks(count: chains, size: 64 * rowsPerBlock) }

  private func run(
    _ group: Range<Int>, _ visibles: MutableMatrixView, _ means: MutableMatrixView, firstStep: UInt64,
    steps: Int, _ scratch: inout GibbsScratch
  ) {
    let visibles = visibles.rows(group)
    var chains = GibbsChains(
      of: model, from: visibles.view, steps: steps,
      random: GibbsRandom(seed: seed, firstStep: firstStep, rows: rowNumbers(group)), scratch: &scratch,
      tiling: Tiling(rows: group.count, threads: parallel.threads))
    chains.lastVisibleMeans = means.rows(group)
    chains.clamped = clamped
    chains.firstChain = group.lowerBound
    parallel.run([chains])
    visibles.copy(chains.lastVisibles)
  }
}

/// Chains are their own numbers.
func rowNumbers(_ range: Range<Int>) -> ArraySlice<UInt64> {
  ArraySlice(UInt64(range.lowerBound)..<UInt64(range.upperBound))
}
