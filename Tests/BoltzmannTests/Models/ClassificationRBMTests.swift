import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Classification machine")
struct ClassificationRBMTests {
  static let sizes = [(17, 33, 3), (5, 1, 2), (9, 16, 10), (64, 70, 4)]

  private func machines(
    _ size: (Int, Int, Int), seed: UInt64
  ) -> (engine: ClassificationRBM, reference: ReferenceClassificationRBM) {
    let engine = ClassificationRBM.normal(visible: size.0, hidden: size.1, classes: size.2, seed: seed)
    return (engine, ReferenceClassificationRBM(engine))
  }

  /// States and grey values.
  private func inputs(_ width: Int, seed: UInt64) -> [[Double]] {
    randomStates(5, width: width, seed: seed)
      + randomValues(4, width: width, seed: seed + 1).map { $0.map { Double(Float($0)) } }
  }

  @Test("energies are the reference's", arguments: sizes)
  func energies(_ size: (Int, Int, Int)) {
    let (engine, reference) = machines(size, seed: 510)
    let visibles = inputs(size.0, seed: 511), hiddens = randomStates(9, width: size.1, seed: 513)
    let classes = (0..<9).map { $0 % size.2 }
    let energies = engine.energies(visibles: Matrix(visibles), classes: classes, hiddens: Matrix(hiddens))
    let expected = (0..<9).map {
      reference.energy(visible: visibles[$0], class: classes[$0], hidden: hiddens[$0])
    }
    #expect(largestDifference(energies, expected) <= ClassificationBounds(reference).freeEnergy)
  }

  @Test("free energies and P(y | v) are the reference's", arguments: sizes)
  func freeEnergies(_ size: (Int, Int, Int)) {
    let (engine, reference) = machines(size, seed: 514)
    let visibles = inputs(size.0, seed: 515), bounds = ClassificationBounds(reference)
    let joint = engine.jointFreeEnergies(of: Matrix(visibles).view)
    let expected = visibles.map { v in (0..<size.2).map { reference.freeEnergy(visible: v, class: $0) } }
    #expect(largestDifference(joint, expected) <= bounds.freeEnergy)
    let free = engine.freeEnergies(of: FloatSamples(visibles))
    #expect(largestDifference(free, visibles.map { reference.freeEnergy(visible: $0) }) <= bounds.freeEnergy)
    let probabilities = engine.classProbabilities(given: FloatSamples(visibles)).doubles
    let exact = visibles.map { reference.classProbabilities(given: $0) }
    #expect(largestDifference(probabilities, exact) <= bounds.probability)
  }

  @Test("P(v, y) by enumeration sums to 1, and its conditional is P(y | v)")
  func enumeration() {
    let (engine, reference) = machines((6, 5, 3), seed: 517)
    let states = binaryStates(6), bounds = ClassificationBounds(reference)
    let joint = engine.jointFreeEnergies(of: Matrix(states).view)
    let logZ = BoltzmannReference.logSumExp(joint.joined().map { -$0 })
    #expect(abs(logZ - reference.logPartition()) <= bounds.freeEnergy)
    let probabilities = engine.classProbabilities(given: BitSamples(states)).doubles
    for (row, conditional) in zip(joint, probabilities) {
      let total = BoltzmannReference.logSumExp(row.map { -$0 })
      let expected = row.map { exp(-$0 - total) }
      #expect(largestDifference(conditional, expected) <= bounds.probability)
    }
  }

  @Test("far from zero, probabilities neither overflow nor lose the tail")
  func extremes() {
    let machine = ClassificationRBM(
      visibleBias: [0], hiddenBias: [3e4, -3e4], classBias: [0, 0], weights: Matrix([[0, 0]]),
      classWeights: Matrix([[0, 0], [-400, 0]]))
    let logs = machine.classLogProbabilities(given: FloatSamples([[1]]))[0]
    // softplus(30,000) − softplus(29,600) = 400, exactly representable; e^{−400} adds nothing to 1.
    #expect(logs == [0, -400])
  }

  @Test("the same bits on any number of threads", arguments: [2, 3])
  func threads(_ threads: Int) {
    let (engine, _) = machines((17, 33, 3), seed: 518)
    let samples = BitSamples(randomStates(203, width: 17, seed: 519))
    let one = engine.classLogProbabilities(given: samples, parallel: Parallel(threads: 1))
    #expect(engine.classLogProbabilities(given: samples, parallel: Parallel(threads: threads)) == one)
    #expect(
      engine.freeEnergies(of: samples, parallel: Parallel(threads: 1))
        == engine.freeEnergies(of: samples, parallel: Parallel(threads: threads)))
  }

  @Test("draws of a Gibbs step are the reference's")
  func draws() {
    let (engine, reference) = machines((17, 9, 4), seed: 520)
    let random = ReferenceRandom(seed: 521), bound = ClassificationBounds(reference).draw
    let states = randomStates(40, width: 17, seed: 522), classes = (0..<40).map { $0 % 4 }
    let rows = ArraySlice((0..<40).map(UInt64.init))
    func numbers(_ purpose: RandomPurpose) -> RandomRows {
      RandomRows(RandomStream(seed: 521, purpose: purpose, step: 3), rows: rows)
    }
    let hiddens = MutableMatrixView(rows: 40, columns: 9), visibles = MutableMatrixView(rows: 40, columns: 17)
    engine.sampleHiddens(
      given: Matrix(states).view, classes: classes, random: numbers(.hidden), into: hiddens)
    engine.sampleVisibles(given: hiddens.view, random: numbers(.visible), into: visibles)
    let drawn = engine.sampleClasses(given: hiddens.view, random: numbers(.classes))
    for row in 0..<40 {
      let margin = reference.margin(
        visible: states[row], class: classes[row], row: row, step: 3, random: random)
      #expect(margin > bound, "a seed where no draw hangs on rounding")
      let next = reference.gibbsStep(
        visible: states[row], class: classes[row], row: row, step: 3, random: random)
      #expect(visibles.view.rows(row..<(row + 1)).values.doubles == next.visible && drawn[row] == next.class)
    }
  }

  @Test("Gibbs steps leave P(v, y) as it is", .enabled(if: Build.isOptimized))
  func stationarity() {
    let (engine, reference) = machines((4, 3, 3), seed: 523)
    let law = Array(reference.jointProbabilities().joined()), states = binaryStates(4)
    let chains = 200_000, random = ReferenceRandom(seed: 524)
    let starts = (0..<chains).map { random.category(law, row: $0) }
    var classes = starts.map { $0 % 3 }
    var visibles = Matrix(starts.map { states[$0 / 3] })
    let hiddens = MutableMatrixView(rows: chains, columns: 3)
    let rows = ArraySlice((0..<chains).map(UInt64.init))
    for step in 0..<4 {
      func numbers(_ purpose: RandomPurpose) -> RandomRows {
        RandomRows(RandomStream(seed: 525, purpose: purpose, step: UInt64(step)), rows: rows)
      }
      engine.sampleHiddens(given: visibles.view, classes: classes, random: numbers(.hidden), into: hiddens)
      visibles.withMutableView {
        engine.sampleVisibles(given: hiddens.view, random: numbers(.visible), into: $0)
      }
      classes = engine.sampleClasses(given: hiddens.view, random: numbers(.classes))
    }
    var counts = [Int](repeating: 0, count: law.count)
    for (state, y) in zip(visibles.doubles, classes) { counts[3 * binaryStateIndex(state) + y] += 1 }
    // G is χ² distributed: it exceeds the quantile once in a million.
    #expect(Statistics.fits(counts: counts, probabilities: law))
  }

  @Test("a new machine reproduces means and shares")
  func initialization() {
    let machine = ClassificationRBM.initialized(
      dataMeans: [0.5, 0.25], classShares: [0.75, 0.25], hidden: 7, weights: .normal(standardDeviation: 0),
      seed: 1)
    #expect(machine.visibleCount == 2 && machine.hiddenCount == 7 && machine.classCount == 2)
    // Two roundings to Float of a logarithm and a probability.
    let probabilities = machine.classProbabilities(given: FloatSamples([[1, 0]]))
    #expect(abs(probabilities[0, 0] - 0.75) <= 3e-7 && abs(probabilities[0, 1] - 0.25) <= 3e-7)
    #expect(machine.visibleBias[0] == 0 && abs(machine.visibleBias[1] + log(3)) <= 3e-7)
    #expect(machine.hiddenBias == [Float](repeating: 0, count: 7))
  }
}

@Suite("Classification score")
struct ClassificationScoreTests {
  @Test("counts errors, and where they lie")
  func confusion() {
    let logs = [[-0.1, -2.5, -9], [-3, -0.5, -1], [-1, -2, -0.75], [-0.5, -0.5, -4]]
    let score = ClassificationScore(logProbabilities: logs, classes: [0, 2, 2, 1], classCount: 3)
    #expect(score.confusion == [[1, 0, 0], [1, 0, 0], [0, 1, 1]])
    #expect(score.samples == 4 && score.errors == 2 && score.error == 0.5 && score.accuracy == 0.5)
    #expect(score.logLoss == (0.1 + 1 + 0.75 + 0.5) / 4)
  }

  @Test("fewer errors are better, then a smaller loss")
  func order() {
    func score(_ logs: [[Double]]) -> ClassificationScore {
      ClassificationScore(logProbabilities: logs, classes: [0, 0], classCount: 2)
    }
    let right = score([[-0.6, -0.8], [-0.6, -0.8]]), sure = score([[-0.1, -3], [-0.1, -3]])
    let wrong = score([[-0.8, -0.6], [-0.01, -5]])
    #expect(sure < right && right < wrong && sure < wrong && !(right < right))
  }
}
