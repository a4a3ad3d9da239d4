/// The gradient of the mean log-likelihood L of any energy: sample mean minus population mean.
/// ```
/// ∂L/∂θ = ⟨∂ log f_x/∂θ⟩_data − E_model[∂ log f_x/∂θ]          ∂ log f_x/∂θ = −∂E/∂θ
/// ```
/// The gradient of the loss −L is *population mean minus sample mean*. One ascends L by adding `values`.
public struct EnergyGradient: Sendable {
  /// The mean of ∂ log f_x/∂θ over the sample.
  public let data: [Double]
  /// Its mean over the population: the model, or the chains that stand for it.
  public let model: [Double]
  /// The part of the chains' proposals that was accepted; 1 where there were no chains.
  public let acceptanceRate: Double

  public init(data: [Double], model: [Double], acceptanceRate: Double = 1) {
    precondition(data.count == model.count, "both means are over the same parameters")
    self.data = data
    self.model = model
    self.acceptanceRate = acceptanceRate
  }

  /// ∂L/∂θ.
  public var values: [Double] { zip(data, model).map { $0 - $1 } }

  /// ‖∂L/∂θ‖, Euclidean.
  public var norm: Double { euclideanNorm(values) }
}

func euclideanNorm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
