public import BoltzmannCompute

/// A step down the energy's slope with noise, of length ε.
/// ```
/// y = m(x) + √ε ξ          m(x) = x − (ε/2) ∂E/∂x          ξ standard normal
/// ```
/// Adjusted (MALA), y is accepted with probability
/// ```
/// min(1, e^{E(x) − E(y)} q(x | y)/q(y | x))          log q(y | x) = −‖y − m(x)‖²/2ε + const
/// ```
/// and P stays as it is. Unadjusted, the chain has a law of its own that tends to P with ε: for a Gaussian of
/// precision τ its variance is 1/(τ(1 − ετ/4)), and beyond ε = 4/τ it diverges.
///
/// Source: Roberts & Tweedie, "Exponential convergence of Langevin distributions and their discrete
/// approximations", 1996.
public struct LangevinTransition<Model: DifferentiableEnergyModel>: Transition {
  /// ε.
  public let stepSize: Double
  public let isAdjusted: Bool

  public init(stepSize: Double, isAdjusted: Bool = true) {
    precondition(stepSize > 0, "a Langevin step has a length above 0, not \(stepSize)")
    self.stepSize = stepSize
    self.isAdjusted = isAdjusted
  }

  public var leavesLawInvariant: Bool { isAdjusted }

  public func move(_ states: MutableMatrixView, of model: Model, random: TransitionRandom) -> Int {
    let means = proposalMeans(from: states.view, of: model)
    let proposals = MutableMatrixView(rows: states.rows, columns: states.columns)
    for row in 0..<states.rows {
      for (index, normal) in random.normals(row: row, count: states.columns).enumerated() {
        proposals[row, index] = Float(Double(means[row, index]) + stepSize.squareRoot() * normal)
      }
    }
    guard isAdjusted else {
      states.copy(proposals.view)
      return states.rows
    }
    let ratios = logRatios(from: states.view, means: means, to: proposals.view, of: model)
    return states.accept(proposals.view, logRatios: ratios, random: random)
  }

  /// m(x) of every row, rounded to Float: m is what the proposal is centred on, so that rounding it keeps the law.
  private func proposalMeans(from states: MatrixView, of model: Model) -> MatrixView {
    let means = MutableMatrixView(rows: states.rows, columns: states.columns)
    model.stateGradients(of: states, into: means)
    means.add(states, scale: 1, beta: Float(-stepSize / 2))
    return means.view
  }

  /// E(x) − E(y) + log q(x | y) − log q(y | x) of every row.
  private func logRatios(
    from states: MatrixView, means: MatrixView, to proposals: MatrixView, of model: Model
  ) -> [Double] {
    let meansBack = proposalMeans(from: proposals, of: model)
    let (before, after) = (model.energies(of: states), model.energies(of: proposals))
    return (0..<states.rows).map { row in
      let range = row..<(row + 1)
      let there = proposals.rows(range).squaredDistance(to: means.rows(range))
      let back = states.rows(range).squaredDistance(to: meansBack.rows(range))
      return before[row] - after[row] + (there - back) / (2 * stepSize)
    }
  }
}
