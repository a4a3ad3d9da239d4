import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Pseudo-likelihood")
struct PseudoLikelihoodTests {
  static let machine = ReferenceRBM.normal(visible: 5, hidden: 3, seed: 6)

  // A handful of terms below 30, each rounded to 2⁻⁵³ relative: 1e-13 leaves a factor of ten.
  static let tolerance = 1e-13

  @Test("a unit given the others is a ratio of two table entries")
  func conditional() {
    let table = Self.machine.visibleProbabilities()
    for (index, state) in binaryStates(5).enumerated() {
      for i in 0..<5 {
        let expected = log(table[index] / (table[index] + table[index ^ (1 << i)]))
        #expect(abs(Self.machine.logConditional(ofUnit: i, in: state) - expected) <= Self.tolerance)
      }
    }
  }

  @Test("the single-flip estimate has the exact value as its mean")
  func singleFlip() {
    for state in binaryStates(5) {
      let estimates = (0..<5).map { Self.machine.pseudoLogLikelihoodEstimate(of: state, flipping: $0) }
      let exact = Self.machine.pseudoLogLikelihood(of: state)
      #expect(abs(estimates.reduce(0, +) / 5 - exact) <= Self.tolerance * abs(exact))
    }
  }

  @Test("without weights it is the likelihood")
  func independentUnits() {
    var machine = ReferenceRBM(visibleCount: 3, hiddenCount: 2)
    machine.visibleBias = [0.3, -1.2, 2]
    for state in binaryStates(3) {
      let exact = machine.meanLogLikelihood(of: [state])
      #expect(abs(machine.pseudoLogLikelihood(of: state) - exact) <= Self.tolerance)
    }
  }
}
