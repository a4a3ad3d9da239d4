public import BoltzmannCompute

/// PCD-k with parallel tempering: the model's moments from chains that change places with hotter ones (Desjardins,
/// Courville, Bengio, Vincent & Delalleau 2010; Cho, Raiko & Ilin 2010).
///
/// Each update is one round: k Gibbs steps of the chains at all inverse temperatures of an equally spaced ladder
/// between the base-rate machine and the model, then swaps. The moments are those of the chains at β = 1. Where chains
/// of PCD alone are caught in a mode, these come to others by way of the base-rate machine.
public struct TemperedPersistentContrastiveDivergence: GradientEstimator {
  public static let name = "pt"

  private let seed: UInt64
  private let ladder: TemperingLadder
  private let reference: [Float]
  private var chains: ParallelTempering.State
  private var dataScratch: PhaseScratch
  private var modelScratch: PhaseScratch

  public init(_ context: EstimatorContext) {
    let model = context.model
    seed = context.settings.seed
    ladder = .linear(context.settings.temperatures)
    reference = model.referenceVisibleBias ?? [Float](repeating: 0, count: model.visibleCount)
    chains = ParallelTempering(model: model, ladder: ladder, reference: reference, seed: seed)
      .initialState(chains: context.chains)
    dataScratch = PhaseScratch(capacity: context.settings.batchSize, model: model)
    modelScratch = PhaseScratch(capacity: context.chains, model: model, isData: false)
  }

  public mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) -> Gradient {
    let weights = minibatch.rowWeights, data = dataScratch.rows(minibatch.count, weights: weights)
    data.infer(minibatch, of: model, parallel: parallel)
    if let weights { data.weigh(by: weights) }
    ParallelTempering(model: model, ladder: ladder, reference: reference, seed: seed, parallel: parallel)
      .run(&chains, rounds: 1, steps: steps)
    let count = chains.travels.chains, own = modelScratch.rows(count)
    let states = chains.visibles.view.rows(chains.rows(of: ladder.count - 1))
    parallel.forEachBlock(of: count, size: rowsPerBlock) { range in
      own.load(states, range)
      own.inferHiddens(range, of: model)
    }
    return Gradient(data: data.moments, model: own.moments)
  }

  public var persistentVisibles: Matrix? { chains.visibles() }

  public func save(to snapshot: inout Snapshot) {
    snapshot.numbers["estimator.round"] = Double(chains.round)
    snapshot.matrices["estimator.chains"] = chains.visibles
  }

  /// Who has travelled how far is forgotten: no bit of the training depends on it.
  public mutating func restore(from snapshot: Snapshot) throws {
    let visibles = try snapshot.matrix("estimator.chains", like: chains.visibles)
    chains = ParallelTempering.State(visibles: visibles, rungs: ladder.count)
    chains.round = UInt64(try snapshot.counter("estimator.round"))
  }
}
