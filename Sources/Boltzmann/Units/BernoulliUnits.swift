public import BoltzmannCompute
internal import Foundation

/// Units with states 0 and 1.
/// ```
/// P(x = 1 | I) = σ(β(b + I))       Γ = log(1 + e^{β(b + I)})
/// ```
public struct BernoulliUnits: Units {
  public static let kind = "bernoulli"
  public var statesAreBits: Bool { true }

  public var parameters: UnitParameters

  public init(_ parameters: UnitParameters) { self.parameters = parameters }

  public var sites: [Site]? { Site.each(of: count, values: [0, 1]) }

  public func addLogNormalizers(inputs: MatrixView, inverseTemperature: Float, to sums: inout [Double]) {
    inputs.addSoftplusSums(bias: bias, inverseTemperature: inverseTemperature, to: &sums)
  }

  public func means(inputs: MatrixView, inverseTemperature: Float, into means: MutableMatrixView) {
    means.logistic(of: inputs, bias: bias, inverseTemperature: inverseTemperature)
  }

  /// p(1 − p)
  public func variances(inputs: MatrixView, inverseTemperature: Float, into variances: MutableMatrixView) {
    means(inputs: inputs, inverseTemperature: inverseTemperature, into: variances)
    variances.apply { $1 * (1 - $1) }
  }

  public func modes(inputs: MatrixView, into modes: MutableMatrixView) {
    modes.copy(inputs)
    modes.apply { [bias] in $1 + bias[$0] > 0 ? 1 : 0 }
  }

  public func sample(
    inputs: MatrixView, inverseTemperature: Float, random: RandomRows, means: MutableMatrixView?,
    into states: MutableMatrixView
  ) {
    states.sampleBernoulli(
      inputs: inputs, bias: bias, inverseTemperature: inverseTemperature, means: means, random: random)
  }

  public static let drawsByBytes = true

  public func sample(
    _ units: Range<Int>, given: MatrixView, weights: MatrixView, bytes: ByteWeights, random: RandomRows,
    into states: MutableMatrixView
  ) {
    states.sampleBernoulli(
      given: given, weights: weights, bytes: bytes, bias: bias, random: random, firstUnit: units.lowerBound)
  }

  public func bias(ofMeans means: [Float]) -> [Float] { means.map(BernoulliUnits.bias(ofMean:)) }

  /// logit of the mean, clipped to [0.001, 0.999] so that constant columns stay finite.
  public static func bias(ofMean mean: Float) -> Float {
    let clipped = min(max(Double(mean), 0.001), 0.999)
    return Float(log(clipped / (1 - clipped)))
  }
}
