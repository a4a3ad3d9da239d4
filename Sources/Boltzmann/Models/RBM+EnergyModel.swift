public import BoltzmannCompute

/// The machine as a law of its visibles alone: x = v, and the energy is the free energy.
/// ```
/// E(x) = F(v)          −∂F/∂W = v E[h | v]ᵀ          −∂F/∂b = v          −∂F/∂c = E[h | v]
/// ```
/// The parameters are the weights row by row, the visible and the hidden biases; whatever else its units have stays
/// as it is. Contrastive divergence of this energy by Gibbs steps is `ContrastiveDivergence`.
extension RBM: EnergyModel {
  public var stateWidth: Int { visibleCount }

  public var parameters: [Double] {
    get { (weights.values + visible.bias + hidden.bias).map(Double.init) }
    set {
      let count = visibleCount * hiddenCount
      precondition(
        newValue.count == count + visibleCount + hiddenCount, "one number for every weight and bias")
      let values = newValue.map(Float.init)
      weights = Matrix(rows: visibleCount, columns: hiddenCount, values: Array(values[..<count]))
      visible.bias = Array(values[count..<(count + visibleCount)])
      hidden.bias = Array(values[(count + visibleCount)...])
    }
  }

  /// F(v) of every row, in nats.
  public func energies(of states: MatrixView) -> [Double] { freeEnergies(of: states) }

  public func meanParameterGradient(over states: MatrixView) -> [Double] {
    let means = MutableMatrixView(rows: states.rows, columns: hiddenCount)
    hiddenMeans(given: states, into: means)
    return flat(.rows(visibles: states, hiddens: means.view))
  }

  /// E[v hᵀ], E[v] and E[h] in the order of `parameters`.
  private func flat(_ moments: Moments) -> [Double] {
    var correlations = Matrix(rows: visibleCount, columns: hiddenCount)
    correlations.withMutableView {
      moments.write(0..<visibleCount, scale: 1, beta: 0, products, to: $0)
    }
    return (correlations.values + moments.visibleMeans + moments.hiddenMeans).map(Double.init)
  }

  public var defaultTransition: GibbsTransition<RBM> { GibbsTransition() }
}

extension RBM: GibbsModel {
  /// h ~ P(h | v), v ~ P(v | h), with the random numbers of `BlockGibbs`.
  public func gibbsStep(_ states: MutableMatrixView, random: TransitionRandom) {
    let hiddens = MutableMatrixView(rows: states.rows, columns: hiddenCount)
    sampleHiddens(given: states.view, random: random.draws(.hidden), into: hiddens)
    sampleVisibles(given: hiddens.view, random: random.draws(.visible), into: states)
  }
}

extension RBM: TractableEnergyModel {
  public func logPartition(parallel: Parallel = .all) throws -> Double {
    try exactLogPartition(parallel: parallel)
  }

  public func expectedParameterGradient(parallel: Parallel = .all) throws -> [Double] {
    flat(try exactMoments(parallel: parallel))
  }
}
