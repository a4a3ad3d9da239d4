import Boltzmann
import BoltzmannCompute

/// Units that are not of two states, for what must be refused; their verbs do nothing.
struct TernaryUnits: Units {
  static let kind = "ternary"
  static let binaryStates: (Float, Float)? = nil

  var bias: [Float]
  var count: Int { bias.count }

  static func bias(ofMean mean: Float) -> Float { 0 }
  func addLogNormalizers(inputs: MatrixView, inverseTemperature: Float, to sums: inout [Double]) {}
  func means(inputs: MatrixView, inverseTemperature: Float, into means: MutableMatrixView) {}
  func sample(
    inputs: MatrixView, inverseTemperature: Float, random: RandomRows, means: MutableMatrixView?,
    into states: MutableMatrixView
  ) {}
}
