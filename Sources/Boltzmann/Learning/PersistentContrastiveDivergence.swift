public import BoltzmannCompute

/// PCD-k: the model's moments from chains that go on from update to update (Younes 1989; Tieleman 2008).
///
/// The number of chains is its own: the data's mean is over the minibatch's samples, the model's over all
/// chains, so a short last minibatch weighs what it should.
public struct PersistentContrastiveDivergence: GradientEstimator {
  public static let name = "pcd"

  private let seed: UInt64
  /// Gibbs steps made so far.
  var step: UInt64 = 0
  private var dataScratch: PhaseScratch
  private var dataGibbsScratch: GibbsScratch
  /// The chains' visibles, `[chains, visible]`.
  var chains: Matrix
  private var chainScratch: GibbsScratch
  private var chainSums: BlockSumsScratch

  public init(_ context: EstimatorContext) {
    let (batchSize, model) = (context.settings.batchSize, context.model)
    seed = context.settings.seed
    dataScratch = PhaseScratch(capacity: batchSize, model: model)
    dataGibbsScratch = GibbsScratch(capacity: batchSize, model: model)
    chains = BlockGibbs(model: model, seed: seed).initialState(chains: context.chains).visibles
    chainScratch = GibbsScratch(capacity: context.chains, model: model)
    chainSums = BlockSumsScratch(capacity: context.chains, model: model, isData: false)
  }

  public mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) -> Gradient {
    gradient(of: model, chainsOf: model, minibatch: minibatch, steps: steps, parallel: parallel)
  }

  /// The data's moments are those of `model`; the chains are moved by `sampler`, whose moments theirs are.
  mutating func gradient(
    of model: RBM, chainsOf sampler: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) -> Gradient {
    let weights = minibatch.rowWeights, data = dataScratch.rows(minibatch.count, weights: weights)
    let (visibles, moments) = advance(data, minibatch, of: model, sampler, steps: steps, parallel)
    if let weights { data.weigh(by: weights) }
    chains.withMutableView { $0.copy(visibles) }
    step += UInt64(steps)
    return Gradient(data: data.moments, model: moments)
  }

  /// Both phases; nothing that looks at `chains` outlives it, or writing them would copy them first.
  private mutating func advance(
    _ data: PhaseRows, _ minibatch: Minibatch, of model: RBM, _ sampler: RBM, steps: Int,
    _ parallel: Parallel
  ) -> (visibles: MatrixView, moments: Moments) {
    let sets = [chains(of: sampler, steps: steps, parallel), inferred(data, of: model, parallel)]
    parallel.run(sets) { set, range in
      if set == 1 { data.load(minibatch, range) }
    }
    return (sets[0].lastVisibles, sets[0].lastMoments)
  }

  /// k steps from where the chains stand.
  private mutating func chains(of model: RBM, steps: Int, _ parallel: Parallel) -> GibbsChains {
    let random = GibbsRandom(seed: seed, firstStep: step, rows: rowNumbers(0..<chains.rows))
    var result = GibbsChains(
      of: model, from: chains.view, steps: steps, random: random, scratch: &chainScratch,
      tiling: Tiling(rows: chains.rows, threads: parallel.threads))
    result.lastHiddenMeans = result.hiddenInputs
    result.lastSums = chainSums.blocks(rows: chains.rows)
    return result
  }

  /// No step from the data: E[h | v⁰] alone.
  private mutating func inferred(_ data: PhaseRows, of model: RBM, _ parallel: Parallel) -> GibbsChains {
    let rows = data.visibles.rows
    var result = GibbsChains(
      of: model, from: data.visibles.view, steps: 0,
      random: GibbsRandom(seed: seed, firstStep: 0, rows: rowNumbers(0..<rows)), scratch: &dataGibbsScratch,
      tiling: Tiling(rows: rows, threads: parallel.threads))
    result.lastHiddenMeans = data.hiddens
    result.lastSums = data.sums
    return result
  }

  public var persistentVisibles: Matrix? { chains }

  public func save(to snapshot: inout Snapshot) {
    snapshot.numbers["estimator.step"] = Double(step)
    snapshot.matrices["estimator.chains"] = chains
  }

  public mutating func restore(from snapshot: Snapshot) throws {
    step = UInt64(try snapshot.counter("estimator.step"))
    chains = try snapshot.matrix("estimator.chains", like: chains)
  }
}
