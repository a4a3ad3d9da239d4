public import BoltzmannCompute

/// The gradient itself: the model's moments by enumeration of the smaller layer.
public struct ExactGradient: GradientEstimator {
  public static let name = "exact"

  private var scratch: PhaseScratch

  public init(_ context: EstimatorContext) {
    scratch = PhaseScratch(capacity: context.settings.batchSize, model: context.model)
  }

  public mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) throws -> Gradient {
    let data = scratch.rows(minibatch.count)
    parallel.forEachBlock(of: minibatch.count, size: rowsPerBlock) { range in
      data.load(minibatch, range)
      let hiddens = data.hiddens.rows(range)
      model.hiddenMeans(given: data.visibles.view.rows(range), into: hiddens)
      data.sums.hiddens(range.lowerBound / rowsPerBlock, 0..<hiddens.columns, are: hiddens.view)
    }
    return Gradient(data: data.moments, model: try Enumeration(of: model).moments(parallel: parallel))
  }

  public func save(to snapshot: inout Snapshot) {}
  public mutating func restore(from snapshot: Snapshot) throws {}
}
