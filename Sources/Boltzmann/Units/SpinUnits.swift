public import BoltzmannCompute

/// Units with states −1 and +1 (Ising spins).
/// ```
/// P(s = 1 | I) = σ(2β(b + I))       E[s | I] = tanh β(b + I)       Γ = log 2cosh β(b + I)
/// ```
/// With s = 2x − 1 they are Bernoulli units x of bias 2b: everything is computed that way, with the same random
/// number for a unit.
public struct SpinUnits: Units {
  public static let kind = "spin"

  public var parameters: UnitParameters

  public init(_ parameters: UnitParameters) { self.parameters = parameters }

  public var sites: [Site]? { Site.each(of: count, values: [-1, 1]) }

  /// log 2cosh x = log(1 + e^{2x}) − x
  public func addLogNormalizers(inputs: MatrixView, inverseTemperature: Float, to sums: inout [Double]) {
    inputs.addSoftplusSums(bias: bias, inverseTemperature: 2 * inverseTemperature, to: &sums)
    let linear = bias.reduce(0) { $0 + Double($1) }
    for row in sums.indices { sums[row] -= Double(inverseTemperature) * linear }
    inputs.addRowDots(with: [Float](repeating: -inverseTemperature, count: count), to: &sums)
  }

  public func means(inputs: MatrixView, inverseTemperature: Float, into means: MutableMatrixView) {
    means.logistic(of: inputs, bias: bias, inverseTemperature: 2 * inverseTemperature)
    means.affine(scale: 2, shift: -1)
  }

  /// 1 − m² = 4p(1 − p)
  public func variances(inputs: MatrixView, inverseTemperature: Float, into variances: MutableMatrixView) {
    variances.logistic(of: inputs, bias: bias, inverseTemperature: 2 * inverseTemperature)
    variances.apply { 4 * $1 * (1 - $1) }
  }

  public func modes(inputs: MatrixView, into modes: MutableMatrixView) {
    modes.copy(inputs)
    modes.apply { [bias] in $1 + bias[$0] > 0 ? 1 : -1 }
  }

  public func sample(
    inputs: MatrixView, inverseTemperature: Float, random: RandomRows, means: MutableMatrixView?,
    into states: MutableMatrixView
  ) {
    states.sampleBernoulli(
      inputs: inputs, bias: bias, inverseTemperature: 2 * inverseTemperature, means: means, random: random)
    states.affine(scale: 2, shift: -1)
    means?.affine(scale: 2, shift: -1)
  }

  /// artanh of the mean, half the logit of (1 + m)/2, which is clipped to [0.001, 0.999].
  public func bias(ofMeans means: [Float]) -> [Float] {
    means.map { BernoulliUnits.bias(ofMean: (1 + $0) / 2) / 2 }
  }
}
