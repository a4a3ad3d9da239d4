import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Enumeration")
struct EnumerationTests {
  // Sums of at most 2¹⁰ terms, each the exponential of a number below 40 that is rounded to 1e-15: below
  // 1e-14 relative for the sums, and as much absolute for probabilities and for log Z.
  static let tolerance = 4e-14

  @Test("states come in the order of the binary numbers")
  func stateOrder() {
    #expect(Array(BinaryStates(unitCount: 2)) == [[0, 0], [1, 0], [0, 1], [1, 1]])
    #expect(Array(BinaryStates(unitCount: 0)) == [[]])
    #expect(Array(BinaryStates(unitCount: 5)) == binaryStates(5))
    #expect(BinaryStates(unitCount: 5).map(BinaryStates.index) == Array(0..<32))
    #expect(binaryStates(5).map(binaryStateIndex) == Array(0..<32))
  }

  @Test("a machine without parameters has 2^(m+n) equal states")
  func blankMachine() {
    let blank = ReferenceRBM(visibleCount: 7, hiddenCount: 3)
    #expect(abs(blank.logPartition() - 10 * 0.6931471805599453) <= Self.tolerance)
  }

  @Test("both sides give the same log Z", arguments: [(3, 7), (7, 3), (5, 5), (1, 6)])
  func bothSides(_ visible: Int, _ hidden: Int) {
    for seed in 1...5 {
      let machine = ReferenceRBM.normal(visible: visible, hidden: hidden, seed: UInt64(seed))
      #expect(abs(machine.logPartitionByHiddens() - machine.logPartitionByVisibles()) <= Self.tolerance)
    }
  }

  @Test("log Z survives energies whose exponentials do not", arguments: [1.0, 100, 10_000])
  func largeEnergies(_ scale: Double) {
    let machine = ReferenceRBM.normal(
      visible: 5, hidden: 4, weightDeviation: scale, biasDeviation: scale, seed: 3)
    let (hiddens, visibles) = (machine.logPartitionByHiddens(), machine.logPartitionByVisibles())
    #expect(hiddens.isFinite)
    #expect(abs(hiddens - visibles) <= Self.tolerance * scale)
  }

  @Test("the tables are the margins of the joint table and sum to one")
  func tables() {
    let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 2)
    let joint = machine.jointProbabilities()
    for (row, probability) in zip(joint, machine.visibleProbabilities()) {
      #expect(abs(row.reduce(0, +) - probability) <= Self.tolerance)
    }
    for (hidden, probability) in machine.hiddenProbabilities().enumerated() {
      #expect(abs(joint.reduce(0) { $0 + $1[hidden] } - probability) <= Self.tolerance)
    }
    #expect(abs(machine.visibleProbabilities().reduce(0, +) - 1) <= Self.tolerance)
  }

  @Test("adding the same number to all energies leaves probabilities alone: flipping a unit's meaning")
  func flippedUnit() {
    // With v₀ → 1 − v₀ the machine has b₀ → −b₀, W₀ → −W₀, c → c + W₀, and every energy moves by b₀.
    let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 4)
    var flipped = machine
    flipped.visibleBias[0] = -machine.visibleBias[0]
    flipped.weights[0] = machine.weights[0].map { -$0 }
    flipped.hiddenBias = zip(machine.hiddenBias, machine.weights[0]).map(+)
    let (original, mirrored) = (machine.visibleProbabilities(), flipped.visibleProbabilities())
    for state in 0..<16 {
      #expect(abs(original[state] - mirrored[state ^ 1]) <= Self.tolerance)
    }
    #expect(
      abs(flipped.logPartition() + machine.visibleBias[0] - machine.logPartition()) <= Self.tolerance)
  }

  @Test("the mean log-likelihood is the mean log of the table's entries")
  func meanLogLikelihood() {
    let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 5)
    let samples = [3, 3, 9, 14].map { binaryStates(4)[$0] }
    let table = machine.visibleProbabilities()
    let expected = (2 * log(table[3]) + log(table[9]) + log(table[14])) / 4
    #expect(abs(machine.meanLogLikelihood(of: samples) - expected) <= Self.tolerance)
  }
}
