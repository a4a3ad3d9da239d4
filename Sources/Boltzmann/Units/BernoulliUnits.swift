public import BoltzmannCompute
internal import Foundation

/// Units with states 0 and 1.
/// ```
/// P(x = 1 | I) = σ(β(b + I))       Γ = log(1 + e^{β(b + I)})
/// ```
public struct BernoulliUnits: Units {
  public static let kind = "bernoulli"
  public static let binaryStates: (Float, Float)? = (0, 1)

  public var bias: [Float]
  public var count: Int { bias.count }

  public init(bias: [Float]) { self.bias = bias }

  public func addLogNormalizers(inputs: MatrixView, inverseTemperature: Float, to sums: inout [Double]) {
    inputs.addSoftplusSums(bias: bias, inverseTemperature: inverseTemperature, to: &sums)
  }

  public func means(inputs: MatrixView, inverseTemperature: Float, into means: MutableMatrixView) {
    means.logistic(of: inputs, bias: bias, inverseTemperature: inverseTemperature)
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

  /// logit of the mean, clipped to [0.001, 0.999] so that constant columns stay finite.
  public static func bias(ofMean mean: Float) -> Float {
    let clipped = min(max(Double(mean), 0.001), 0.999)
    return Float(log(clipped / (1 - clipped)))
  }
}
