internal import BoltzmannCompute

/// The update of single sites: gradient of their rows by the ratings that they have in the minibatch, then a step.
struct SiteUpdate {
  let parameters: SiteViews
  let velocities: SiteViews
  let levels: Int
  let update: WeightUpdate
  private let sums: MutableMatrixView
  private var counts: [Float]

  init(parameters: SiteViews, velocities: SiteViews, levels: Int, update: WeightUpdate) {
    self.parameters = parameters
    self.velocities = velocities
    self.levels = levels
    self.update = update
    // One row more: what the levels' rows add up to is the gradient of D.
    sums = MutableMatrixView(rows: levels + 1, columns: parameters.weights.columns)
    counts = [Float](repeating: 0, count: levels)
  }

  /// Moves a site's rows of W, its biases and its row of D; returns Σ velocity².
  ///
  /// Every case has one level more in the data and one less in its chain, so that the gradients of a site's rows of W
  /// add up to what its ratings say of the hidden units at all: the gradient of its row of D.
  mutating func move(
    _ site: Int, rate: Float, order: SiteOrder, chains: RatingChains, projected: ProjectedMeans
  ) -> Double {
    let gradient = sums.rows(0..<levels), rows = site * levels..<(site + 1) * levels
    order.writeSums(
      of: site, cases: chains.cases, before: chains.data, after: chains.model, projected.data,
      projected.model,
      to: gradient, counts: &counts)
    var step = update
    step.rate *= rate
    var squares = parameters.weights.rows(rows).momentumStep(
      velocity: velocities.weights.rows(rows), gradient: gradient.view, update: step)
    if let conditional = parameters.conditional, let moved = velocities.conditional {
      let total = sums.rows(levels..<levels + 1), row = site..<site + 1
      gradient.view.writeColumnSums(to: total)
      squares += conditional.rows(row).momentumStep(
        velocity: moved.rows(row), gradient: total.view, update: step)
    }
    return squares + moveBias(rows, step)
  }

  /// Biases have no decay: how often a level is given is no matter of taste.
  private func moveBias(_ rows: Range<Int>, _ step: WeightUpdate) -> Double {
    var squares = 0.0
    for (row, count) in zip(rows, counts) {
      let velocity = step.momentum * velocities.bias[0, row] + step.rate * count
      velocities.bias[0, row] = velocity
      parameters.bias[0, row] += velocity
      squares += Double(velocity * velocity)
    }
    return squares
  }
}

extension MutableMatrixView {
  /// The update without corrections of its gradient.
  func momentumStep(velocity: MutableMatrixView, gradient: MatrixView, update: WeightUpdate) -> Double {
    momentumStep(
      velocity: velocity, gradient: gradient, update: update, left: gradient.columns(0..<0),
      right: gradient.rows(0..<0), fold: nil)
  }
}
