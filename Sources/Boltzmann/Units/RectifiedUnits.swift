public import BoltzmannCompute

/// Units x ≥ 0 of energy ½γx² − θx, θ the bias and γ > 0 the precision: Gaussians cut off at zero (ReLU).
/// ```
/// Γ = ½ log(π/2γ) + log erfcx(−t/√(2γ))       t = β(θ + I)
/// E[x | I] = (t + √γ/R(−t/√γ))/γ, R(a) = e^{a²/2} ∫_a^∞ e^{−s²/2} ds (Mills' ratio)
/// ```
/// For t ≫ √γ the mean is t/γ, as max(0, t)/γ has it (Nair & Hinton 2010); for t ≪ −√γ it falls off as 1/|t|.
public struct RectifiedUnits: RealUnits {
  public static let kind = "relu"

  public var parameters: UnitParameters

  /// Precisions are 1 where none are given.
  public init(_ parameters: UnitParameters) { self.parameters = parameters.withPrecision }

  public func addLogNormalizers(inputs: MatrixView, inverseTemperature: Float, to sums: inout [Double]) {
    inputs.addRectifiedLogNormalizers(
      bias: bias, precision: precision, inverseTemperature: inverseTemperature, to: &sums)
  }

  public func means(inputs: MatrixView, inverseTemperature: Float, into means: MutableMatrixView) {
    means.rectifiedMeans(
      of: inputs, bias: bias, precision: precision, inverseTemperature: inverseTemperature)
  }

  public func variances(inputs: MatrixView, inverseTemperature: Float, into variances: MutableMatrixView) {
    variances.rectifiedVariances(
      of: inputs, bias: bias, precision: precision, inverseTemperature: inverseTemperature)
  }

  /// max(0, t)/γ
  public func modes(inputs: MatrixView, into modes: MutableMatrixView) {
    modes.copy(inputs)
    modes.apply { [bias, precision] in max(0, $1 + bias[$0]) / precision[$0] }
  }

  public func sample(
    inputs: MatrixView, inverseTemperature: Float, random: RandomRows, means: MutableMatrixView?,
    into states: MutableMatrixView
  ) {
    states.sampleRectified(
      inputs: inputs, bias: bias, precision: precision, inverseTemperature: inverseTemperature,
      means: means, random: random)
  }

  /// The root θ of E[x] = mean, by bisection of the mean, which grows with θ.
  ///
  /// With x = y/√γ it is enough to solve E[y] = √γ·mean for γ = 1. Means of 0 or less get that of a small one.
  public func bias(ofMeans means: [Float]) -> [Float] {
    let roots = precision.map { $0.squareRoot() }
    let wanted = zip(roots, means).map { max($0 * $1, 0.001) }
    var low = wanted.map { _ in Float(-1100) }
    // The mean of a cut Gaussian lies above that of the whole one.
    var high = wanted
    let unit = RectifiedUnits(bias: [Float](repeating: 0, count: count))
    let inputs = MutableMatrixView(rows: 1, columns: count),
      found = MutableMatrixView(rows: 1, columns: count)
    for _ in 0..<40 {
      let middle = zip(low, high).map { ($0 + $1) / 2 }
      inputs.setRow(0, middle)
      unit.means(inputs: inputs.view, inverseTemperature: 1, into: found)
      for index in middle.indices {
        if found[0, index] < wanted[index] { low[index] = middle[index] } else { high[index] = middle[index] }
      }
    }
    return zip(high, roots).map { $0 * $1 }
  }

  /// The half-Gaussian of the second moment has γ = 1/⟨x²⟩; the bias then makes the mean right.
  public func fitted(to data: ColumnStatistics) -> RectifiedUnits {
    var result = self
    result.precision = zip(data.means, data.flooredVariances).map { 1 / ($0 * $0 + $1) }
    return result.with(bias: result.bias(ofMeans: data.means))
  }
}
