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

  public init(model: RBM, seed: UInt64, parallel: Parallel = .all) {
    self.model = model.withTransposedWeights
    self.seed = seed
    self.parallel = parallel
  }

  /// Chains drawn from the base-rate machine where the model has one, else from fair coins.
  public func initialState(chains: Int) -> State {
    let reference = model.referenceVisibleBias ?? [Float](repeating: 0, count: model.visibleCount)
    let start = type(of: model.visible).init(bias: reference)
    var visibles = Matrix(rows: chains, columns: model.visibleCount)
    let random = RandomStream(seed: seed, purpose: .initialState)
    visibles.withMutableView { view in
      parallel.forEachBlock(of: chains, size: rowsPerBlock) { range in
        let rows = view.rows(range)
        start.sample(
          inputs: rows.view, inverseTemperature: 1, random: RandomRows(random, rows: rowNumbers(range)),
          means: nil, into: rows)
      }
    }
    return State(visibles: visibles)
  }

  /// `steps` Gibbs steps of every chain; blocks of chains run in parallel.
  @discardableResult
  public func run(_ state: inout State, steps: Int) -> Info {
    precondition(steps >= 1, "a run takes at least one step")
    let first = state.step
    let chains = state.visibles.rows
    var means = Matrix(rows: chains, columns: model.visibleCount)
    means.withMutableView { means in
      state.visibles.withMutableView { visibles in
        parallel.forEachBlock(of: chains, size: rowsPerBlock) { range in
          advance(visibles.rows(range), means.rows(range), range, first: first, steps: steps)
        }
      }
    }
    state.step += UInt64(steps)
    return Info(visibleMeans: means)
  }

  private func advance(
    _ visibles: MutableMatrixView, _ means: MutableMatrixView, _ range: Range<Int>, first: UInt64,
    steps: Int
  ) {
    var visibleLayer = LayerBlock(rows: range.count, units: model.visibleCount)
    var hiddenLayer = LayerBlock(rows: range.count, units: model.hiddenCount)
    let random = GibbsRandom(seed: seed, firstStep: first, rows: rowNumbers(range))
    hiddenLayer.follow(visibles.view, model.hiddenCoupling)
    for step in 0..<steps {
      hiddenLayer.sample(model.hidden, random: random.hidden(step))
      visibleLayer.follow(hiddenLayer.states, model.visibleCoupling)
      visibleLayer.sample(
        model.visible, random: random.visible(step), means: step + 1 == steps ? means : nil)
      if step + 1 < steps { hiddenLayer.follow(visibleLayer.states, model.hiddenCoupling) }
    }
    visibles.copy(visibleLayer.states)
  }
}

/// Chains are their own numbers.
func rowNumbers(_ range: Range<Int>) -> ArraySlice<UInt64> {
  ArraySlice(UInt64(range.lowerBound)..<UInt64(range.upperBound))
}
