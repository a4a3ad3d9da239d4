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
  private var chainScratch: PhaseScratch
  private var gibbsScratch: GibbsScratch

  public init(_ context: EstimatorContext) {
    seed = context.settings.seed
    dataScratch = PhaseScratch(capacity: context.settings.batchSize, model: context.model)
    chainScratch = dataScratch
    gibbsScratch = GibbsScratch(capacity: context.settings.batchSize, model: context.model)
  }

  public mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) -> Gradient {
    let (seed, first) = (seed, step)
    let data = dataScratch.rows(minibatch.count), chains = chainScratch.rows(minibatch.count)
    let scratch = gibbsScratch.rows()
    parallel.forEachBlock(of: minibatch.count, size: rowsPerBlock) { range in
      let indices = minibatch.indices(at: range)
      minibatch.samples.load(indices, epoch: minibatch.epoch, into: data[range].visibles)
      model.gibbs(
        from: data[range].visibles.view, steps: steps,
        random: GibbsRandom(seed: seed, firstStep: first, rows: ArraySlice(indices.map(UInt64.init))),
        firstMeans: data[range].hiddens, scratch: scratch[range], into: chains[range])
    }
    step += UInt64(steps)
    return Gradient(data: data.moments, model: chains.moments)
  }

  public func save(to snapshot: inout Snapshot) { snapshot.numbers["estimator.step"] = Double(step) }

  public mutating func restore(from snapshot: Snapshot) throws {
    step = UInt64(try snapshot.counter("estimator.step"))
  }
}
