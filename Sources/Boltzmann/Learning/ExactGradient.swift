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
    parallel.forEachBlock(of: minibatch.count, size: rowsPerBlock) { range in
      data.load(minibatch, range)
      data.inferHiddens(range, of: model)
    }
    if let weights { data.weigh(by: weights) }
    return Gradient(data: data.moments, model: try model.exactMoments(parallel: parallel))
  }

  public func save(to snapshot: inout Snapshot) {}
  public mutating func restore(from snapshot: Snapshot) throws {}
}

extension PhaseRows {
  fileprivate func inferHiddens(_ range: Range<Int>, of model: RBM) {
    let block = range.lowerBound / rowsPerBlock, units = 0..<model.hiddenCount
    let means = hiddens.rows(range)
    let inputs =
      model.hidden.realColumns.isEmpty ? means : MutableMatrixView(rows: means.rows, columns: means.columns)
    model.hiddenInputs(given: visibles.view.rows(range), into: inputs)
    model.hidden.means(inputs: inputs.view, inverseTemperature: 1, into: means)
    sums.hiddens(block, units, are: means.view)
    sums.hiddenSquares(block, units, of: model.hidden, inputs: inputs.view, means: means.view)
  }
}
