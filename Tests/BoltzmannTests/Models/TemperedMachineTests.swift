import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("The machine at an inverse temperature")
struct TemperedMachineTests {
  private func reference(_ model: RBM) -> [Float] {
    (0..<model.visibleCount).map { 0.5 * Float($0 % 4) - 0.75 }
  }

  /// Visible and hidden states that the layers draw by themselves.
  private func states(_ test: LayeredCase) -> (visible: [[Double]], hidden: [[Double]]) {
    (test.states, LayeredPair(test.pair.reference.mirrored).visibleStates(test.states.count, seed: 423))
  }

  /// Quadratic parts are in both, so that they stay as they are.
  @Test("its energy is (1 − β)·E_A + β·E, A without weights", arguments: LayeredCase.pairings)
  func energies(_ test: LayeredCase) {
    let model = test.pair.engine, reference = reference(model)
    var base = model
    base.visible.bias = reference
    base.hidden.bias = [Float](repeating: 0, count: model.hiddenCount)
    base.weights = Matrix(rows: model.visibleCount, columns: model.hiddenCount)
    let (v, h) = states(test)
    func energies(_ machine: RBM) -> [Double] {
      machine.energies(visibles: Matrix(v), hiddens: Matrix(h))
    }
    let (start, end) = (energies(base), energies(model))
    for beta in [0, 0.25, 0.6, 1] {
      let found = energies(model.tempered(inverseTemperature: beta, reference: reference))
      for row in v.indices {
        let expected = (1 - beta) * start[row] + beta * end[row]
        #expect(abs(found[row] - expected) <= bound(test, v[row], h[row]))
      }
    }
  }

  /// Of three energies: every term rounds with its parameter, with its product and with every sum it is in.
  private func bound(_ test: LayeredCase, _ v: [Double], _ h: [Double]) -> Double {
    let machine = test.pair.reference, model = test.pair.engine
    func terms(_ layer: ReferenceLayer, _ bias: [Double], _ x: [Double]) -> Double {
      x.indices.reduce(0) { $0 + abs(bias[$1] * x[$1]) + layer.precision[$1] * x[$1] * x[$1] }
    }
    let couplings = v.indices.reduce(0.0) { sum, i in
      h.indices.reduce(sum) { $0 + abs(v[i] * machine.weights[i][$1] * h[$1]) }
    }
    let magnitude =
      terms(machine.visible, machine.visible.bias, v) + terms(machine.hidden, machine.hidden.bias, h)
      + terms(machine.visible, reference(model).doubles, v) + couplings
    return 3 * Double(v.count + h.count + 3) * FloatBounds.roundoff * magnitude
  }

  @Test("at β = 1 it is the machine, at β = 0 the base-rate machine", arguments: LayeredCase.pairings)
  func ends(_ test: LayeredCase) {
    let model = test.pair.engine, reference = reference(model)
    let whole = model.tempered(inverseTemperature: 1, reference: reference)
    #expect(whole.weights == model.weights && whole.visible.parameters == model.visible.parameters)
    #expect(whole.hidden.parameters == model.hidden.parameters)
    let base = model.tempered(inverseTemperature: 0, reference: reference)
    #expect(base.weights.values.allSatisfy { $0 == 0 } && base.hidden.bias.allSatisfy { $0 == 0 })
    #expect(base.visible.bias == reference && base.referenceVisibleBias == reference)
    #expect(base.visible.precision == model.visible.precision)
  }
}
