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
    let weights = minibatch.rowWeights, data = scratch.rows(minibatch.count, weights: weights)
    data.infer(minibatch, of: model, parallel: parallel)
    if let weights { data.weigh(by: weights) }
    return Gradient(data: data.moments, model: try model.exactMoments(parallel: parallel))
  }

  public func save(to snapshot: inout Snapshot) {}
  public mutating func restore(from snapshot: Snapshot) throws {}
}
