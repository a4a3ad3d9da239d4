import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// A machine of any kinds with some visible states.
struct LayeredCase: Sendable, CustomTestStringConvertible {
  let shape: MachineShape
  let pair: LayeredPair
  let states: [[Double]]

  /// Real units on both sides get weights small enough for a Z.
  init(_ shape: MachineShape, count: Int = 9, seed: UInt64 = 420) {
    self.shape = shape
    let hasRealPair = MachineShape.isReal(shape.visible) && MachineShape.isReal(shape.hidden)
    pair = LayeredPair(shape, weightDeviation: hasRealPair ? 0.2 : 0.5, seed: seed)
    states = pair.visibleStates(count, seed: seed + 1)
  }

  var testDescription: String { shape.description }

  static let pairings = MachineShape.pairings.map { LayeredCase($0) }
  static let summable = MachineShape.summable.map { LayeredCase($0) }
  static let discreteVisibles = pairings.filter { $0.pair.engine.visible.sites != nil }

  var samples: FloatSamples { FloatSamples(states) }
}

@Suite("Machines of every pairing")
struct LayeredRBMTests {
  @Test("parameters pass from the engine to the reference and back", arguments: LayeredCase.pairings)
  func conversions(_ test: LayeredCase) {
    let back = RBM(test.pair.reference)
    #expect(back.weights == test.pair.engine.weights)
    #expect(back.visible.parameters == test.pair.engine.visible.parameters)
    #expect(back.hidden.parameters == test.pair.engine.hidden.parameters)
  }

  @Test("free energies", arguments: LayeredCase.pairings)
  func freeEnergies(_ test: LayeredCase) {
    let energies = test.pair.engine.freeEnergies(of: test.samples)
    for (energy, state) in zip(energies, test.states) {
      let bound = test.pair.reference.freeEnergyBound(of: state)
      #expect(abs(energy - test.pair.reference.freeEnergy(visible: state)) <= bound)
    }
  }

  @Test("hidden means, and from them visible means", arguments: LayeredCase.pairings)
  func means(_ test: LayeredCase) {
    let (engine, reference) = (test.pair.engine, test.pair.reference)
    let hiddens = engine.hiddenMeans(given: test.samples)
    for (means, state) in zip(hiddens.doubles, test.states) {
      let bound = reference.hiddenMeanBound(given: state)
      #expect(largestDifference(means, reference.hiddenMeans(given: state)) <= bound)
    }
    // From the engine's own hiddens, so that only the way back counts.
    let visibles = engine.reconstructions(of: test.samples)
    for (means, hidden) in zip(visibles.doubles, hiddens.doubles) {
      let bound = reference.mirrored.hiddenMeanBound(given: hidden)
      #expect(largestDifference(means, reference.visibleMeans(given: hidden)) <= bound)
    }
  }

  @Test("energies of pairs of states", arguments: LayeredCase.pairings)
  func energies(_ test: LayeredCase) {
    let reference = test.pair.reference
    let hiddens = test.states.enumerated().map { row, state in
      reference.sampleHiddens(given: state, row: row, step: 0, random: ReferenceRandom(seed: 422))
        .map { Double(Float($0)) }
    }
    let energies = test.pair.engine.energies(visibles: Matrix(test.states), hiddens: Matrix(hiddens))
    for (row, state) in test.states.enumerated() {
      let expected = reference.energy(visible: state, hidden: hiddens[row])
      // The coupling is inputs times states, with n roundings more.
      let inputs = reference.hiddenInputBound(given: state) + 0x1p-20
      let coupling = hiddens[row].reduce(0) { $0 + abs($1) } * inputs
      let bound = reference.visible.energyBound(state) + reference.hidden.energyBound(hiddens[row]) + coupling
      #expect(abs(energies[row] - expected) <= bound)
    }
  }
}

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
