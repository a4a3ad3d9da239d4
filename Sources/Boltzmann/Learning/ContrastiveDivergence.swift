public import BoltzmannCompute

/// CD-k: the model's moments from k Gibbs steps that start at the data (Hinton 2002).
/// ```
/// ∂L/∂W ≈ ⟨v⁰ E[h | v⁰]ᵀ⟩ − ⟨vᵏ E[h | vᵏ]ᵀ⟩
/// ```
/// h⁰ … hᵏ⁻¹ and v¹ … vᵏ are sampled, the last hiddens are probabilities (Hinton 2010, section 3).
public struct ContrastiveDivergence: GradientEstimator {
  public static let name = "cd"

  private let seed: UInt64
  private var step: UInt64 = 0
  private var dataScratch: PhaseScratch
  private var chainScratch: GibbsScratch
  private var chainSums: BlockSumsScratch
  private var hiddenDifference: ScratchMatrix

  public init(_ context: EstimatorContext) {
    seed = context.settings.seed
    dataScratch = PhaseScratch(capacity: context.settings.batchSize, model: context.model)
    chainScratch = GibbsScratch(capacity: context.settings.batchSize, model: context.model)
    chainSums = BlockSumsScratch(
      capacity: context.settings.batchSize, model: context.model, isData: false)
    hiddenDifference = ScratchMatrix(rows: context.settings.batchSize, columns: context.model.hiddenCount)
  }

  public mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) -> Gradient {
    let weights = minibatch.rowWeights, data = dataScratch.rows(minibatch.count, weights: weights)
    let numbers = ArraySlice(minibatch.indices.map(UInt64.init))
    var chains = GibbsChains(
      of: model, from: data.visibles.view, steps: steps,
      random: GibbsRandom(seed: seed, firstStep: step, rows: numbers), scratch: &chainScratch,
      tiling: Tiling(rows: minibatch.count, threads: parallel.threads))
    chains.firstHiddenMeans = data.hiddens
    chains.firstSums = data.sums
    let (lastHiddens, lastSums) = (chains.hiddenInputs, chainSums.blocks(rows: minibatch.count))
    chains.lastHiddenMeans = lastHiddens
    chains.lastSums = lastSums
    let difference = hiddenDifference.mutableView().rows(0..<minibatch.count)
    chains.hiddenDifference = difference
    parallel.run([chains]) { _, range in data.load(minibatch, range) }
    step += UInt64(steps)
    if let weights {
      data.weigh(by: weights)
      difference.scaleRows(by: weights)
      lastSums.weigh(visibles: chains.lastVisibles, hiddens: lastHiddens, by: weights)
    }
    var gradient = Gradient(data: data.moments, model: chains.lastMoments)
    gradient.hiddenDifference = difference.view
    return gradient
  }

  public func save(to snapshot: inout Snapshot) { snapshot.numbers["estimator.step"] = Double(step) }

  public mutating func restore(from snapshot: Snapshot) throws {
    step = UInt64(try snapshot.counter("estimator.step"))
  }
}
