import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// Chains that start at exact samples must stay distributed as the model after any number of steps. This tells a
/// sampler that is wrong from one that is right but slow: no mixing is needed.
@Suite("The engine's Gibbs steps leave the law alone", .enabled(if: Build.isOptimized), .serialized)
struct StationarityTests {
  static let pair = MachinePair.normal(visible: 5, hidden: 5, seed: 290)
  static let visibleProbabilities = pair.reference.visibleProbabilities()
  static let hiddenProbabilities = pair.reference.hiddenProbabilities()
  static let chains = 1_000_000

  /// 10⁶ visible states drawn from the enumerated P(v).
  static let start: Matrix = {
    let random = ReferenceRandom(seed: 291)
    let states = binaryStates(5).map { $0.map(Float.init) }
    var matrix = Matrix(rows: chains, columns: 5)
    matrix.withMutableView { view in
      for row in 0..<chains { view.setRow(row, states[random.category(visibleProbabilities, row: row)]) }
    }
    return matrix
  }()

  /// How often each state occurs, in the order of the binary numbers.
  struct Counts {
    let visible: [Int]
    let hidden: [Int]
  }

  @Test("the test is sound: exact samples pass it, and no state is too rare for χ²")
  func exactSamples() {
    // At least ten expected counts for the rarest state.
    #expect((Self.visibleProbabilities + Self.hiddenProbabilities).allSatisfy { $0 > 1e-5 })
    #expect(Self.pair.reference.hiddenBias.allSatisfy { $0 != 0 })
    #expect(Statistics.fits(counts: count(Self.start.view), probabilities: Self.visibleProbabilities))
  }

  @Test("after 1, 4 and 16 steps visibles and hiddens have the model's law")
  func rightKernel() {
    // Below the 1 − 10⁻⁶ quantile of χ² with 31 degrees of freedom, 83.6.
    for counts in run(Self.pair.engine) {
      #expect(Statistics.fits(counts: counts.visible, probabilities: Self.visibleProbabilities))
      #expect(Statistics.fits(counts: counts.hidden, probabilities: Self.hiddenProbabilities))
    }
  }

  @Test("a kernel that forgets the hidden biases fails")
  func withoutHiddenBias() {
    var broken = Self.pair.engine
    broken.hidden.bias = [Float](repeating: 0, count: 5)
    expectMisfit(of: broken)
  }

  @Test("a kernel whose inputs are a tenth too small fails")
  func weakInputs() { expectMisfit(of: RBM(Self.pair.reference.scaled(by: 0.9))) }

  private func expectMisfit(of kernel: RBM) {
    for counts in run(kernel) {
      #expect(!Statistics.fits(counts: counts.visible, probabilities: Self.visibleProbabilities))
      #expect(!Statistics.fits(counts: counts.hidden, probabilities: Self.hiddenProbabilities))
    }
  }

  /// Counts after 1, 4 and 16 steps of a kernel; a broken kernel is the right kernel of another machine.
  private func run(_ kernel: RBM) -> [Counts] {
    let gibbs = BlockGibbs(model: kernel, seed: 292)
    var state = BlockGibbs.State(visibles: Self.start)
    return [1, 3, 12].map { steps in
      gibbs.run(&state, steps: steps)
      return Counts(visible: count(state.visibles.view), hidden: count(hiddens(kernel, state).view))
    }
  }

  /// Hidden states drawn from the chains' visible ones, as the next step would draw them.
  private func hiddens(_ kernel: RBM, _ state: BlockGibbs.State) -> MutableMatrixView {
    let hiddens = MutableMatrixView(rows: Self.chains, columns: 5)
    let stream = RandomStream(seed: 292, purpose: .hidden, step: state.step)
    let rows = ArraySlice((0..<Self.chains).map(UInt64.init))
    kernel.sampleHiddens(
      given: state.visibles.view, random: RandomRows(stream, rows: rows), into: hiddens)
    return hiddens
  }

  private func count(_ states: MatrixView) -> [Int] {
    var counts = [Int](repeating: 0, count: 32)
    for row in 0..<states.rows {
      let index = (0..<5).reduce(0) { $0 | Int(states[row, $1]) << $1 }
      counts[index] += 1
    }
    return counts
  }
}
