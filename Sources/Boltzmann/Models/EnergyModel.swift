public import BoltzmannCompute

/// A law that is known up to its normaliser: any unnormalised density f_x(θ) = e^{−E(x; θ)}.
/// ```
/// P(x) = e^{−E(x; θ)} / Z(θ)          Z(θ) = ∫ e^{−E(x; θ)} dx          (Σ_x where x is discrete)
/// ```
/// States have one row a sample or chain, `[rows, stateWidth]`. The parameters are one flat vector in Double: a
/// small learning rate moves them by less than Float resolves, and differences of likelihoods need the digits. A
/// model that computes in Float rounds what it is given.
public protocol EnergyModel: Sendable {
  associatedtype DefaultTransition: Transition where DefaultTransition.Model == Self

  /// The numbers of one state x.
  var stateWidth: Int { get }

  /// θ, flat.
  var parameters: [Double] { get set }

  /// E(x; θ) of every row, in nats.
  func energies(of states: MatrixView) -> [Double]

  /// ⟨∂ log f_x/∂θ⟩ = ⟨−∂E/∂θ⟩, the mean over the rows, in the order of `parameters`.
  func meanParameterGradient(over states: MatrixView) -> [Double]

  /// A step of a chain that leaves P as it is.
  var defaultTransition: DefaultTransition { get }
}

/// A model over real states whose energy has a slope: what Langevin steps need.
public protocol DifferentiableEnergyModel: EnergyModel {
  /// gradients ← ∂E/∂x of every row, `[rows, stateWidth]`.
  func stateGradients(of states: MatrixView, into gradients: MutableMatrixView)
}

/// A model that can draw its variables from their conditionals.
public protocol GibbsModel: EnergyModel {
  /// One Gibbs step of every row, which leaves P as it is.
  func gibbsStep(_ states: MutableMatrixView, random: TransitionRandom)
}

/// A model whose normaliser and expectations can be had exactly.
public protocol TractableEnergyModel: EnergyModel {
  /// log Z(θ) in nats.
  ///
  /// Throws where the model is too large.
  func logPartition(parallel: Parallel) throws -> Double

  /// E_model[∂ log f_x/∂θ] = ∂ log Z/∂θ, in the order of `parameters`.
  ///
  /// Throws where the model is too large.
  func expectedParameterGradient(parallel: Parallel) throws -> [Double]
}

// MARK: - Many states

extension EnergyModel {
  /// E(x; θ) of every row, blocks of rows in parallel.
  public func energies(of states: MatrixView, parallel: Parallel) -> [Double] {
    parallel.mapBlocks(of: states.rows, size: rowsPerBlock) { energies(of: states.rows($0)) }
      .flatMap { $0 }
  }

  /// ⟨∂ log f_x/∂θ⟩, blocks of rows in parallel, summed in their order.
  public func meanParameterGradient(over states: MatrixView, parallel: Parallel) -> [Double] {
    let means = parallel.mapBlocks(of: states.rows, size: rowsPerBlock) { range in
      (
        mean: meanParameterGradient(over: states.rows(range)),
        share: Double(range.count) / Double(states.rows)
      )
    }
    return means.reduce(into: [Double](repeating: 0, count: parameters.count)) { sum, block in
      for index in sum.indices { sum[index] += block.share * block.mean[index] }
    }
  }
}

// MARK: - The likelihood

extension TractableEnergyModel {
  /// The mean log-likelihood L = −⟨E(x; θ)⟩ − log Z(θ) over the rows, in nats a row.
  public func meanLogLikelihood(of states: MatrixView, parallel: Parallel = .all) throws -> Double {
    let energy = energies(of: states, parallel: parallel).reduce(0, +) / Double(states.rows)
    return -energy - (try logPartition(parallel: parallel))
  }

  /// ∂L/∂θ = ⟨∂ log f_x/∂θ⟩_data − E_model[∂ log f_x/∂θ], exactly.
  public func logLikelihoodGradient(of states: MatrixView, parallel: Parallel = .all) throws -> EnergyGradient
  {
    EnergyGradient(
      data: meanParameterGradient(over: states, parallel: parallel),
      model: try expectedParameterGradient(parallel: parallel))
  }
}
