import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// Widths on both sides of the vector and padding widths 16, 32 and 64, and odd ones.
let machineSizes = [(1, 1), (3, 7), (16, 5), (17, 33), (65, 31), (31, 129)]

/// A machine of one of these sizes whose inputs are of the order of one.
func machine(_ size: (visible: Int, hidden: Int), seed: UInt64) -> MachinePair {
  let deviation = 2 / Double(size.visible + size.hidden).squareRoot()
  return .normal(visible: size.visible, hidden: size.hidden, weightDeviation: deviation, seed: seed)
}

@Suite("Restricted Boltzmann machine: conditionals")
struct RBMTests {
  static let rows = 7

  @Test("hidden inputs, means and visible means are the reference's", arguments: machineSizes)
  func inputsAndMeans(_ size: (Int, Int)) {
    let pair = machine(size, seed: 100)
    let bounds = FloatBounds(pair.reference)
    let states = randomStates(Self.rows, width: size.0, seed: 101)
    let hiddens = randomStates(Self.rows, width: size.1, seed: 102)
    let inputs = MutableMatrixView(rows: Self.rows, columns: size.1)
    pair.engine.hiddenInputs(given: Matrix(states).view, into: inputs)
    // The engine leaves the bias to the units.
    let expected = states.map {
      zip(pair.reference.hiddenInputs(given: $0), pair.reference.hiddenBias).map(-)
    }
    #expect(largestDifference(inputs.view.doubles, expected) <= bounds.hiddenInput)

    pair.engine.hiddenMeans(given: Matrix(states).view, into: inputs)
    let means = states.map { pair.reference.hiddenMeans(given: $0) }
    #expect(largestDifference(inputs.view.doubles, means) <= bounds.hiddenMean)

    let visibles = MutableMatrixView(rows: Self.rows, columns: size.0)
    pair.engine.visibleMeans(given: Matrix(hiddens).view, into: visibles)
    let visibleMeans = hiddens.map { pair.reference.visibleMeans(given: $0) }
    #expect(largestDifference(visibles.view.doubles, visibleMeans) <= bounds.mirrored.hiddenMean)
  }

  @Test(
    "visible inputs are those of the reference, with and without a transposed copy",
    arguments: [false, true])
  func visibleInputs(_ hasCopy: Bool) {
    let pair = machine((17, 33), seed: 103)
    let engine = hasCopy ? pair.engine.withTransposedWeights : pair.engine
    let hiddens = randomStates(Self.rows, width: 33, seed: 104)
    let inputs = MutableMatrixView(rows: Self.rows, columns: 17)
    engine.visibleInputs(given: Matrix(hiddens).view, into: inputs)
    let expected = hiddens.map { hidden in
      zip(pair.reference.visibleInputs(given: hidden), pair.reference.visibleBias).map { $0 - $1 }
    }
    let bound = FloatBounds(pair.reference).mirrored.hiddenInput
    #expect(largestDifference(inputs.view.doubles, expected) <= bound)
  }

  /// Sparse states select rows of the weights, which are summed; dense ones and values between go through sgemm.
  @Test("whatever the share of ones", arguments: [0, 0.02, 0.3, 0.59, 0.61, 0.98, 1])
  func densities(_ mean: Double) {
    let pair = machine((65, 33), seed: 111)
    let bounds = FloatBounds(pair.reference)
    let states = randomStates(20, width: 65, mean: mean, seed: 112)
    let grey = states.map { [0.5] + $0.dropFirst() }
    for rows in [states, grey] {
      let means = MutableMatrixView(rows: 20, columns: 33)
      pair.engine.hiddenMeans(given: Matrix(rows).view, into: means)
      let expected = rows.map { pair.reference.hiddenMeans(given: $0) }
      #expect(largestDifference(means.view.doubles, expected) <= bounds.hiddenMean)
    }
  }

  @Test("a transposed copy is of these weights, or none")
  func transposedCopy() {
    var model = machine((17, 5), seed: 113).engine
    #expect(model.transposedWeights == nil)
    model = model.withTransposedWeights
    #expect(model.transposedWeights == model.weights.transposed)
    model.weights[3, 2] += 1
    #expect(model.transposedWeights == nil)
  }

  @Test("samples are drawn with each row's own numbers, as the reference draws", arguments: machineSizes)
  func samples(_ size: (Int, Int)) {
    let pair = machine(size, seed: 105)
    let bounds = FloatBounds(pair.reference)
    let random = ReferenceRandom(seed: 106)
    let rows = [5, 0, 3, 1 << 33, 2]
    let states = randomStates(rows.count, width: size.0, seed: 107)
    let smallest = pair.reference.margin(from: states, steps: 1, rows: rows, firstStep: 9, random: random)
    #expect(smallest > bounds.draw, "a seed where no draw hangs on rounding")

    let hiddens = MutableMatrixView(rows: rows.count, columns: size.1)
    let means = MutableMatrixView(rows: rows.count, columns: size.1)
    pair.engine.sampleHiddens(
      given: Matrix(states).view, random: numbers(.hidden, rows), means: means, into: hiddens)
    let visibles = MutableMatrixView(rows: rows.count, columns: size.0)
    pair.engine.sampleVisibles(given: hiddens.view, random: numbers(.visible, rows), into: visibles)
    for (index, row) in rows.enumerated() {
      let step = pair.reference.gibbsStep(from: states[index], row: row, step: 9, random: random)
      #expect(hiddens.view.doubles[index] == step.hidden)
      #expect(visibles.view.doubles[index] == step.visible)
    }
    let expected = states.map { pair.reference.hiddenMeans(given: $0) }
    #expect(largestDifference(means.view.doubles, expected) <= bounds.hiddenMean)
  }

  private func numbers(_ purpose: RandomPurpose, _ rows: [Int]) -> RandomRows {
    RandomRows(
      RandomStream(seed: 106, purpose: purpose, step: 9), rows: ArraySlice(rows.map(UInt64.init)))
  }

  @Test("the draws are the same where no means are wanted")
  func withoutMeans() {
    let pair = machine((17, 33), seed: 108)
    let states = Matrix(randomStates(Self.rows, width: 17, seed: 109))
    let rows = Array(0..<Self.rows)
    func sample(_ means: MutableMatrixView?) -> Matrix {
      let hiddens = MutableMatrixView(rows: Self.rows, columns: 33)
      pair.engine.sampleHiddens(
        given: states.view, random: numbers(.hidden, rows), means: means, into: hiddens)
      return Matrix(rows: Self.rows, columns: 33, values: hiddens.view.values)
    }
    #expect(sample(nil) == sample(MutableMatrixView(rows: Self.rows, columns: 33)))
  }

  @Test("conditionals follow from the energies")
  func conditionalsByEnumeration() {
    let pair = machine((3, 7), seed: 110)
    let hiddens = binaryStates(7)
    for visible in binaryStates(3) {
      let energies = pair.engine.energies(
        visibles: Matrix(hiddens.map { _ in visible }), hiddens: Matrix(hiddens))
      let logNormalizer = BoltzmannReference.logSumExp(energies.map { -$0 })
      let weights = energies.map { exp(-$0 - logNormalizer) }
      let means = MutableMatrixView(rows: 1, columns: 7)
      pair.engine.hiddenMeans(given: Matrix([visible]).view, into: means)
      for unit in 0..<7 {
        let mean = zip(hiddens, weights).reduce(0) { $0 + $1.0[unit] * $1.1 }
        // Weights are off by twice the energies' error of themselves, and sum to one.
        let bounds = FloatBounds(pair.reference)
        #expect(abs(Double(means[0, unit]) - mean) <= bounds.hiddenMean + 2 * bounds.energy)
      }
    }
  }
}
