import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("The classification machine")
struct ReferenceClassificationTests {
  /// Four inputs, three hidden units, three classes.
  static let machine = ReferenceClassificationRBM.normal(visible: 4, hidden: 3, classes: 3, seed: 500)

  @Test("free energies are sums over what is left out")
  func freeEnergies() {
    let machine = Self.machine
    for visible in binaryStates(4) {
      for y in 0..<3 {
        let terms = binaryStates(3).map { -machine.energy(visible: visible, class: y, hidden: $0) }
        // Energies below 30, each summed to 16 roundings of 2⁻⁵³: 10⁻¹³.
        #expect(abs(machine.freeEnergy(visible: visible, class: y) + logSumExp(terms)) <= 1e-13)
      }
    }
  }

  @Test("P(v, y) is a law, and P(y | v) its conditional")
  func probabilities() {
    let machine = Self.machine
    let joint = machine.jointProbabilities()
    // 48 probabilities, each good to 10⁻¹³ relative.
    #expect(abs(joint.joined().reduce(0, +) - 1) <= 1e-13)
    for (visible, row) in zip(binaryStates(4), joint) {
      let total = row.reduce(0, +)
      for (p, q) in zip(machine.classProbabilities(given: visible), row) {
        #expect(abs(p - q / total) <= 1e-13)
      }
    }
  }

  @Test("conditionals of one layer given the other follow from the energy")
  func conditionals() {
    let machine = Self.machine, hidden = [1.0, 0, 1]
    let weights = (0..<3).map { y in
      binaryStates(4).map { exp(-machine.energy(visible: $0, class: y, hidden: hidden)) }
    }
    let total = weights.joined().reduce(0, +)
    for y in 0..<3 {
      let expected = weights[y].reduce(0, +) / total
      #expect(abs(machine.classProbabilities(givenHidden: hidden)[y] - expected) <= 1e-13)
    }
    for i in 0..<4 {
      let on = weights.joined().enumerated().filter { ($0.offset % 16) >> i & 1 == 1 }.map(\.element)
      #expect(abs(machine.visibleMeans(given: hidden)[i] - on.reduce(0, +) / total) <= 1e-13)
    }
  }

  @Test("without classes' weights and biases every class is as likely")
  func noClasses() {
    var machine = Self.machine
    machine.classWeights = machine.classWeights.map { $0.map { _ in 0 } }
    machine.classBias = [0, 0, 0]
    for p in machine.classProbabilities(given: [1, 0, 1, 1]) { #expect(abs(p - 1 / 3.0) <= 1e-15) }
  }
}

@Suite("Gradients of the classification machine")
struct ReferenceClassificationGradientTests {
  private static let machine = ReferenceClassificationTests.machine
  private static let visible = [1.0, 0, 1, 1]

  /// Requires that a gradient is the slope of a function of the parameters.
  ///
  /// Third derivatives of log-likelihoods are differences of third cumulants of 0/1 variables, below ¼: the curve
  /// costs 2·¼·10⁻⁸/6 at steps of 10⁻⁴. Rounding: 10⁻¹⁴ of 20 nats over 10⁻⁴.
  private func expect(
    _ gradient: ReferenceClassificationGradient, isSlopeOf function: (ReferenceClassificationRBM) -> Double
  ) {
    let machine = Self.machine
    let slope = centralDifferences(at: machine.parameters, step: 1e-4) { parameters in
      var moved = machine
      moved.parameters = parameters
      return function(moved)
    }
    #expect(largestDifference(gradient.values.parameters, slope) <= 5e-9)
  }

  @Test("of log P(y | v)", arguments: 0..<3)
  func discriminative(_ y: Int) {
    expect(Self.machine.discriminativeGradient(visible: Self.visible, class: y)) {
      $0.classLogProbabilities(given: Self.visible)[y]
    }
  }

  @Test("of log P(v, y)", arguments: 0..<3)
  func generative(_ y: Int) {
    expect(Self.machine.generativeGradient(visible: Self.visible, class: y)) {
      -$0.freeEnergy(visible: Self.visible, class: y) - $0.logPartition()
    }
  }

  @Test("of log P(v)")
  func unsupervised() {
    expect(Self.machine.unsupervisedGradient(visible: Self.visible)) {
      -$0.freeEnergy(visible: Self.visible) - $0.logPartition()
    }
  }

  @Test("of grey inputs, too: P(y | v) is one of them as well")
  func grey() {
    let grey = [0.25, 0.5, 0.75, 1]
    expect(Self.machine.discriminativeGradient(visible: grey, class: 1)) {
      $0.classLogProbabilities(given: grey)[1]
    }
  }

  @Test("the parts add up: log P(v, y) = log P(y | v) + log P(v)")
  func chainRule() {
    let machine = Self.machine
    let whole = machine.generativeGradient(visible: Self.visible, class: 2).values.parameters
    let parts = zip(
      machine.discriminativeGradient(visible: Self.visible, class: 2).values.parameters,
      machine.unsupervisedGradient(visible: Self.visible).values.parameters
    ).map { $0 + $1 }
    // Moments below 1, each a sum of up to 48 probabilities.
    #expect(largestDifference(whole, parts) <= 1e-13)
  }

  @Test("CD has no pull where the data follow the model: its mean over the model's law vanishes")
  func stationarity() {
    let machine = Self.machine, random = ReferenceRandom(seed: 501)
    let joint = machine.jointProbabilities()
    let states = binaryStates(4)
    var total = machine.parameters.map { _ in 0.0 }, squares = total
    let count = Build.isOptimized ? 100_000 : 4000
    for row in 0..<count {
      let place = random.category(Array(joint.joined()), row: row)
      let gradient = machine.contrastiveDivergence(
        visible: states[place / 3], class: place % 3, steps: 1, row: row, firstStep: 0, random: random
      ).values.parameters
      for (k, value) in gradient.enumerated() {
        total[k] += value
        squares[k] += value * value
      }
    }
    for (sum, square) in zip(total, squares) {
      // Six standard errors: 2·10⁻⁹ of chance in each of 31 numbers.
      #expect(abs(sum) <= 6 * square.squareRoot())
    }
  }
}
