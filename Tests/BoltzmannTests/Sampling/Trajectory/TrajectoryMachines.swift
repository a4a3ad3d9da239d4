import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation

/// Ladders of small machines whose laws are known.
enum TrajectoryMachines {
  /// Independent units, a machine on the way, and one with weights of 1: 5 × 4 units.
  static let model = ReferenceRBM.normal(visible: 5, hidden: 4, biasDeviation: 0.7, seed: 640)
  static let pairs = [
    base, MachinePair(model.weighted(by: 0.5)), MachinePair(model),
  ]
  static var base: MachinePair { MachinePair(model.weighted(by: 0)) }

  static func ladder() throws -> TrajectoryLadder { try TrajectoryLadder(pairs.map(\.engine)) }

  /// A machine of two modes, all on with probability 0.3 and all off, between which a Gibbs step hardly ever leads:
  /// half the units would have to change, each with probability 1 − σ(4) = 0.018.
  /// ```
  /// P(h = 1) = e^{c + 48}/(1 + e^{c + 48})      b = −4, w = 8, c = −48 + log(0.3/0.7), 12 visibles
  /// ```
  static let bimodal = MachinePair(
    ReferenceRBM(
      weights: [[Double]](repeating: [8], count: 12), visibleBias: [Double](repeating: -4, count: 12),
      hiddenBias: [-48 + log(0.3 / 0.7)]))

  /// The probability that more than half of the visibles are on; a unit is with probability σ(±4), given the hidden.
  static var mostlyOn: Double {
    let law = bimodal.reference.visibleProbabilities()
    return zip(binaryStates(12), law).reduce(0) { $0 + ($1.0.reduce(0, +) > 6 ? $1.1 : 0) }
  }
}

extension ReferenceRBM {
  /// The same machine with its weights multiplied.
  func weighted(by factor: Double) -> ReferenceRBM {
    ReferenceRBM(
      weights: weights.map { $0.map { factor * $0 } }, visibleBias: visibleBias, hiddenBias: hiddenBias)
  }
}
