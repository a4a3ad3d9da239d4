public import BoltzmannCompute

/// PCD-k: the model's moments from chains that go on from update to update (Younes 1989; Tieleman 2008).
///
/// The number of chains is its own: the data's mean is over the minibatch's samples, the model's over all
/// chains, so a short last minibatch weighs what it should.
public struct PersistentContrastiveDivergence: GradientEstimator {
  public static let name = "pcd"

  private let seed: UInt64
  private var step: UInt64 = 0
  private var dataScratch: PhaseScratch
  /// The chains' visibles, `[chains, visible]`.
  private var chains: Matrix
  private var chainHiddens: ScratchMatrix
  private var gibbsScratch: GibbsScratch

  public init(_ context: EstimatorContext) {
    seed = context.settings.seed
    dataScratch = PhaseScratch(capacity: context.settings.batchSize, model: context.model)
    chains = BlockGibbs(model: context.model, seed: seed).initialState(chains: context.chains).visibles
    chainHiddens = ScratchMatrix(rows: context.chains, columns: context.model.hiddenCount)
    gibbsScratch = GibbsScratch(capacity: context.chains, model: context.model)
  }

  public mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) -> Gradient {
    let (seed, first) = (seed, step)
    let data = dataScratch.rows(minibatch.count), hiddens = chainHiddens.mutableView()
    let scratch = gibbsScratch.rows()
    let chainBlocks = Blocks(count: chains.rows, size: rowsPerBlock)
    let dataBlocks = Blocks(count: minibatch.count, size: rowsPerBlock)
    chains.withMutableView { visibles in
      parallel.forEach(chainBlocks.count + dataBlocks.count) { index, _ in
        if index < chainBlocks.count {
          let range = chainBlocks[index]
          let rows = PhaseRows(visibles: visibles.rows(range), hiddens: hiddens.rows(range))
          let random = GibbsRandom(seed: seed, firstStep: first, rows: rowNumbers(range))
          model.gibbs(
            from: rows.visibles.view, steps: steps, random: random, scratch: scratch[range], into: rows)
        } else {
          data.load(minibatch, dataBlocks[index - chainBlocks.count], hiddenMeansOf: model)
        }
      }
    }
    step += UInt64(steps)
    return Gradient(
      data: data.moments, model: .rows(visibles: chains.view, hiddens: hiddens.view))
  }

  public func save(to snapshot: inout Snapshot) {
    snapshot.numbers["estimator.step"] = Double(step)
    snapshot.matrices["estimator.chains"] = chains
  }

  public mutating func restore(from snapshot: Snapshot) throws {
    step = UInt64(try snapshot.counter("estimator.step"))
    chains = try snapshot.matrix("estimator.chains", like: chains)
  }
}
