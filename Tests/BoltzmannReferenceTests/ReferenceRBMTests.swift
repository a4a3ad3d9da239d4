import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("The machine against sums over all states")
struct ReferenceRBMTests {
  static let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 1)

  // Every quantity below is a sum of at most 2⁷ terms below 20, each rounded a few times to 2⁻⁵³ relative:
  // below 128 · 20 · 4 · 1.1e-16 = 1.1e-12 at the very worst.
  static let tolerance = 1.2e-12

  @Test("the energy is the formula")
  func energy() {
    let machine = Self.machine
    for visible in binaryStates(4) {
      for hidden in binaryStates(3) {
        var expected = 0.0
        for i in 0..<4 { expected -= machine.visibleBias[i] * visible[i] }
        for j in 0..<3 { expected -= machine.hiddenBias[j] * hidden[j] }
        for i in 0..<4 { for j in 0..<3 { expected -= visible[i] * machine.weights[i][j] * hidden[j] } }
        #expect(abs(machine.energy(visible: visible, hidden: hidden) - expected) <= Self.tolerance)
      }
    }
  }

  @Test("−F(v) is the log-sum over the hidden states")
  func visibleFreeEnergy() {
    for visible in binaryStates(4) {
      let terms = binaryStates(3).map { -Self.machine.energy(visible: visible, hidden: $0) }
      #expect(abs(-Self.machine.freeEnergy(visible: visible) - logSumExp(terms)) <= Self.tolerance)
    }
  }

  @Test("−F(h) is the log-sum over the visible states")
  func hiddenFreeEnergy() {
    for hidden in binaryStates(3) {
      let terms = binaryStates(4).map { -Self.machine.energy(visible: $0, hidden: hidden) }
      #expect(abs(-Self.machine.freeEnergy(hidden: hidden) - logSumExp(terms)) <= Self.tolerance)
    }
  }

  @Test("P(h | v) is a ratio of sums of Boltzmann factors")
  func hiddenConditional() {
    for visible in binaryStates(4) {
      let factors = binaryStates(3).map { exp(-Self.machine.energy(visible: visible, hidden: $0)) }
      let means = Self.machine.hiddenMeans(given: visible)
      for j in 0..<3 {
        let on = zip(factors, binaryStates(3)).reduce(0) { $0 + $1.0 * $1.1[j] }
        #expect(abs(means[j] - on / factors.reduce(0, +)) <= Self.tolerance)
      }
    }
  }

  @Test("P(v | h) is a ratio of sums of Boltzmann factors")
  func visibleConditional() {
    for hidden in binaryStates(3) {
      let factors = binaryStates(4).map { exp(-Self.machine.energy(visible: $0, hidden: hidden)) }
      let means = Self.machine.visibleMeans(given: hidden)
      for i in 0..<4 {
        let on = zip(factors, binaryStates(4)).reduce(0) { $0 + $1.0 * $1.1[i] }
        #expect(abs(means[i] - on / factors.reduce(0, +)) <= Self.tolerance)
      }
    }
  }

  @Test("a reconstruction goes up and down by means")
  func reconstruction() {
    let visible = [1.0, 0, 1, 1]
    let hidden = Self.machine.hiddenInputs(given: visible).map { 1 / (1 + exp(-$0)) }
    let expected = Self.machine.visibleInputs(given: hidden).map { 1 / (1 + exp(-$0)) }
    #expect(Self.machine.reconstruction(of: visible) == expected)
  }

  @Test("the reconstruction error of a machine without parameters is a quarter")
  func reconstructionError() {
    let blank = ReferenceRBM(visibleCount: 4, hiddenCount: 3)
    #expect(blank.reconstructionError(of: binaryStates(4)) == 0.25)
  }
}
