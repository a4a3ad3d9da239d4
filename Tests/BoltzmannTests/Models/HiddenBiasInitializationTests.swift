import Boltzmann
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Hidden biases by shares")
struct HiddenBiasInitializationTests {
  static let visibles: [[BlockShape]] = MachineShape.layers + [MachineShape.table]

  @Test("each hidden unit on alone has the share of none on, by F(h)", arguments: visibles, [0.1, 0.01, 2])
  func shares(_ shape: [BlockShape], _ share: Double) {
    let layer = MachineShape(shape, []).normal(seed: 423).visible
    let units = layer.units
    let data = ColumnStatistics(
      means: layer.mean(layer.bias).map(Float.init), variances: layer.variance(layer.bias).map(Float.init))
    let machine = RBM.initialized(
      visible: units, hidden: BernoulliUnits(bias: [0, 0, 0]), data: data,
      weights: .normal(standardDeviation: 0.5), hiddenBias: .share(share), seed: 424)
    let reference = ReferenceLayeredRBM(machine)
    let none = reference.freeEnergy(hidden: [0, 0, 0])
    for unit in 0..<3 {
      let alone = (0..<3).map { $0 == unit ? 1.0 : 0 }
      let logShare = none - reference.freeEnergy(hidden: alone)
      // The engine's two log-normalisers, and the bias rounded.
      let bound = [alone, [0, 0, 0]].reduce(0) { $0 + reference.mirrored.freeEnergyBound(of: $1) }
      #expect(abs(logShare - log(share)) <= bound + 20 * FloatBounds.roundoff)
    }
  }

  @Test("is written as it is read", arguments: ["zero", "share:0.1"])
  func roundTrip(_ text: String) throws {
    #expect(try #require(HiddenBiasInitialization(text)).description == text)
  }

  @Test(
    "what spells nothing is refused",
    arguments: ["", "share", "share:0", "share:-1", "share:nan", "zero:1", "ones"])
  func refused(_ text: String) {
    #expect(HiddenBiasInitialization(text) == nil)
  }
}
