public import BoltzmannCompute

/// Real units of energy ½γx² − θx, θ the bias and γ > 0 the precision.
/// ```
/// x | I ~ N(t/γ, 1/γ)       t = β(θ + I)       Γ = t²/2γ + ½ log(2π/γ)
/// ```
/// The textbook's (v − a)²/2σ² − vᵀWh/σ has γ = 1/σ², θ = a/σ², and its W/σ for our W.
public struct GaussianUnits: RealUnits {
  public static let kind = "gaussian"

  public var parameters: UnitParameters

  /// Precisions are 1 where none are given.
  public init(_ parameters: UnitParameters) { self.parameters = parameters.withPrecision }

  public func addLogNormalizers(inputs: MatrixView, inverseTemperature: Float, to sums: inout [Double]) {
    inputs.addGaussianLogNormalizers(
      bias: bias, precision: precision, inverseTemperature: inverseTemperature, to: &sums)
  }

  public func means(inputs: MatrixView, inverseTemperature: Float, into means: MutableMatrixView) {
    means.gaussianMeans(
      of: inputs, bias: bias, precision: precision, inverseTemperature: inverseTemperature)
  }

  public func variances(inputs: MatrixView, inverseTemperature: Float, into variances: MutableMatrixView) {
    let values = precision.map { 1 / $0 }
    for row in 0..<variances.rows { variances.setRow(row, values) }
  }

  public func modes(inputs: MatrixView, into modes: MutableMatrixView) {
    means(inputs: inputs, inverseTemperature: 1, into: modes)
  }

  public func sample(
    inputs: MatrixView, inverseTemperature: Float, random: RandomRows, means: MutableMatrixView?,
    into states: MutableMatrixView
  ) {
    states.sampleGaussian(
      inputs: inputs, bias: bias, precision: precision, inverseTemperature: inverseTemperature,
      means: means, random: random)
  }

  /// γ·mean
  public func bias(ofMeans means: [Float]) -> [Float] { zip(precision, means).map { $0 * $1 } }

  public func fitted(to data: ColumnStatistics) -> GaussianUnits {
    var result = self
    result.precision = data.flooredVariances.map { 1 / $0 }
    return result.with(bias: result.bias(ofMeans: data.means))
  }
}
