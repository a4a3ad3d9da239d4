public import BoltzmannCompute
internal import Foundation

/// A Gaussian of known precision τ whose mean μ is learned, in any dimension d.
/// ```
/// E(x; μ) = ½ τ‖x − μ‖²          Z = (2π/τ)^{d/2}          ∂ log f_x/∂μ = τ(x − μ)
/// ∂L/∂μ = τ(⟨x⟩_data − μ)        the gradient of −L: τ(μ − ⟨x⟩_data)
/// ```
/// The normaliser does not depend on μ, so that the mean of ∂ log f_x/∂μ over the population is 0: an example in
/// which all that contrastive divergence estimates is known.
public struct GaussianMean: Sendable {
  /// μ, `[d]`.
  public var mean: [Double]
  /// τ, the same in all directions.
  public let precision: Double

  public init(mean: [Double], precision: Double) {
    precondition(precision > 0 && precision.isFinite, "a precision lies above 0, not at \(precision)")
    self.mean = mean
    self.precision = precision
  }

  private func deviations(_ states: MatrixView, row: Int) -> [Double] {
    mean.indices.map { Double(states[row, $0]) - mean[$0] }
  }
}

extension GaussianMean: EnergyModel {
  public var stateWidth: Int { mean.count }

  public var parameters: [Double] {
    get { mean }
    set { mean = newValue }
  }

  public func energies(of states: MatrixView) -> [Double] {
    (0..<states.rows).map { row in
      0.5 * precision * deviations(states, row: row).reduce(0) { $0 + $1 * $1 }
    }
  }

  public func meanParameterGradient(over states: MatrixView) -> [Double] {
    mean.indices.map { index in
      let sum = (0..<states.rows).reduce(0) { $0 + Double(states[$1, index]) - mean[index] }
      return precision * sum / Double(states.rows)
    }
  }

  /// Adjusted Langevin steps of the length that suits a Gaussian of many dimensions best, ε = 1.65²/(τ ∛d): 57 % are
  /// accepted (Roberts & Rosenthal 1998). It leaves P as it is.
  public var defaultTransition: LangevinTransition<GaussianMean> {
    LangevinTransition(stepSize: 1.65 * 1.65 / (precision * cbrt(Double(max(stateWidth, 1)))))
  }
}

extension GaussianMean: DifferentiableEnergyModel {
  /// ∂E/∂x = τ(x − μ).
  public func stateGradients(of states: MatrixView, into gradients: MutableMatrixView) {
    for row in 0..<states.rows {
      gradients.setRow(row, deviations(states, row: row).map { Float(precision * $0) })
    }
  }
}

extension GaussianMean: GibbsModel {
  /// The coordinates are independent: each conditional is the marginal N(μ_i, 1/τ), and a step is a fresh draw.
  public func gibbsStep(_ states: MutableMatrixView, random: TransitionRandom) {
    let deviation = 1 / precision.squareRoot()
    for row in 0..<states.rows {
      let normals = random.normals(row: row, count: stateWidth)
      states.setRow(row, zip(mean, normals).map { Float($0 + deviation * $1) })
    }
  }
}

extension GaussianMean: TractableEnergyModel {
  public func logPartition(parallel: Parallel = .all) -> Double {
    0.5 * Double(stateWidth) * log(2 * Double.pi / precision)
  }

  /// τ(E[x] − μ) = 0.
  public func expectedParameterGradient(parallel: Parallel = .all) -> [Double] { mean.map { _ in 0 } }
}
