import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
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
