import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("The exact gradient")
struct ExactGradientTests {
  static let samples = ReferenceMinibatch([5, 5, 2, 11, 12].map { binaryStates(4)[$0] })

  @Test("is the slope of the exact log-likelihood", arguments: [(4, 3), (4, 6)])
  func finiteDifferences(_ visible: Int, _ hidden: Int) {
    let machine = ReferenceRBM.normal(visible: visible, hidden: hidden, seed: 7)
    let slope = machine.finiteDifferences(step: 1e-4) { $0.meanLogLikelihood(of: Self.samples.samples) }
    // The third derivative of log P is a third cumulant of products of 0/1 variables, below 1/4: the curve
    // costs 2 · 1e-8 / 24. Rounding: log P is below 20 and good to 1e-14, divided by 1e-4: 1e-10.
    expect(machine.exactGradient(Self.samples), equals: slope, within: 1e-9)
  }

  @Test("is the same from either side of the enumeration")
  func bothSides() {
    let machine = ReferenceRBM.normal(visible: 4, hidden: 4, seed: 8)
    let joint = machine.jointProbabilities()
    var expected = ReferenceGradient.zero(like: machine)
    for (visible, row) in zip(binaryStates(4), joint) {
      for (hidden, probability) in zip(binaryStates(4), row) {
        accumulate(&expected, visible: visible, hidden: hidden, probability: probability)
      }
    }
    // 2⁸ probabilities, each good to 1e-14 relative, sum to one.
    expect(machine.modelPhase().moments(around: .zero(like: machine)), equals: expected, within: 4e-14)
  }

  @Test("vanishes when the data are the model")
  func stationaryPoint() {
    let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 9)
    let everything = ReferenceMinibatch(binaryStates(4), rowWeights: machine.visibleProbabilities())
    expect(machine.exactGradient(everything), equals: .zero(like: machine), within: 4e-14)
  }

  @Test("counts a sample of weight two like two samples, and of weight zero like none")
  func rowWeights() {
    let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 10)
    let weighted = ReferenceMinibatch(
      [5, 2, 11, 12, 7].map { binaryStates(4)[$0] }, rowWeights: [2, 1, 1, 1, 0])
    expect(
      machine.exactGradient(weighted), equals: machine.exactGradient(Self.samples), within: 4e-14)
  }

  private func accumulate(
    _ moments: inout ReferenceGradient, visible: [Double], hidden: [Double], probability: Double
  ) {
    for i in visible.indices { moments.visibleBias[i] += probability * visible[i] }
    for j in hidden.indices { moments.hiddenBias[j] += probability * hidden[j] }
    for i in visible.indices {
      for j in hidden.indices { moments.weights[i][j] += probability * visible[i] * hidden[j] }
    }
  }
}
