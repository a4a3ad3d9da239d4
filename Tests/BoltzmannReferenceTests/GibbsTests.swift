import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Gibbs sampling")
struct GibbsTests {
  static let machine = ReferenceRBM.normal(visible: 5, hidden: 5, seed: 20)
  static let random = ReferenceRandom(seed: 21)

  @Test("a step draws the hidden units, then the visible ones, each with its own numbers")
  func oneStep() {
    let visible = binaryStates(5)[13]
    let step = Self.machine.gibbsStep(from: visible, row: 7, step: 3, random: Self.random)
    for j in 0..<5 {
      let word = Self.random.word(unit: j, row: 7, step: 3, stream: 0)
      let mean = Self.machine.hiddenMeans(given: visible)[j]
      #expect(step.hidden[j] == (Double(word) < mean * 0x1p32 ? 1 : 0))
    }
    for i in 0..<5 {
      let word = Self.random.word(unit: i, row: 7, step: 3, stream: 1)
      let mean = Self.machine.visibleMeans(given: step.hidden)[i]
      #expect(step.visible[i] == (Double(word) < mean * 0x1p32 ? 1 : 0))
    }
  }

  @Test("a chain can be cut anywhere")
  func cutChain() {
    func chain(from visible: [Double], steps: Int, firstStep: Int) -> [Double] {
      Self.machine.gibbsChain(from: visible, steps: steps, row: 2, firstStep: firstStep, random: Self.random)
    }
    let start = binaryStates(5)[30]
    let half = chain(from: start, steps: 4, firstStep: 10)
    #expect(chain(from: half, steps: 5, firstStep: 14) == chain(from: start, steps: 9, firstStep: 10))
    #expect(chain(from: start, steps: 0, firstStep: 10) == start)
  }
}

/// Chains that start at exact samples must stay distributed as the model after any number of steps. This tells
/// a wrong kernel from one that is right but slow.
@Suite("The Gibbs kernel leaves the law alone", .enabled(if: Build.isOptimized))
struct GibbsStationarityTests {
  static let machine = ReferenceRBM.normal(visible: 5, hidden: 5, seed: 22)
  static let checkpoints = [1, 4, 16]

  /// How often each state occurs after some steps.
  struct Counts {
    var visible = [Int](repeating: 0, count: 32)
    var hidden = [Int](repeating: 0, count: 32)
  }

  @Test("the right kernel does")
  func rightKernel() {
    let visibles = Self.machine.visibleProbabilities()
    let hiddens = Self.machine.hiddenProbabilities()
    // G is χ² only where the expected counts are not small: at least ten here, for the rarest state.
    #expect((visibles + hiddens).allSatisfy { $0 > 1e-5 })
    for counts in Self.run(Self.machine, chainCount: 1_000_000) {
      // 10⁶ chains; below the 1 − 10⁻⁶ quantile of χ² with 31 degrees of freedom, 83.6.
      #expect(Statistics.fits(counts: counts.visible, probabilities: visibles))
      #expect(Statistics.fits(counts: counts.hidden, probabilities: hiddens))
    }
  }

  @Test("a kernel that forgets the hidden biases does not")
  func withoutHiddenBias() {
    var broken = Self.machine
    broken.hiddenBias = [0, 0, 0, 0, 0]
    expectMisfit(of: broken)
  }

  @Test("a kernel whose inputs are a tenth too small does not")
  func weakInputs() {
    var broken = Self.machine
    broken.weights = broken.weights.map { $0.map { 0.9 * $0 } }
    broken.visibleBias = broken.visibleBias.map { 0.9 * $0 }
    broken.hiddenBias = broken.hiddenBias.map { 0.9 * $0 }
    expectMisfit(of: broken)
  }

  private func expectMisfit(of kernel: ReferenceRBM) {
    for counts in Self.run(kernel, chainCount: 100_000) {
      #expect(!Statistics.fits(counts: counts.visible, probabilities: Self.machine.visibleProbabilities()))
      #expect(!Statistics.fits(counts: counts.hidden, probabilities: Self.machine.hiddenProbabilities()))
    }
  }

  /// Counts of the states at each checkpoint, of chains that start at exact samples of the machine and are
  /// moved by a kernel's Gibbs steps. A broken kernel is the right kernel of another machine.
  private static func run(_ kernel: ReferenceRBM, chainCount: Int) -> [Counts] {
    let start = ReferenceRandom(seed: 23)
    let random = ReferenceRandom(seed: 24)
    let probabilities = machine.visibleProbabilities()
    let states = binaryStates(5)
    var counts = checkpoints.map { _ in Counts() }
    for row in 0..<chainCount {
      var visible = states[start.category(probabilities, row: row)]
      for step in 1...16 {
        let next = kernel.gibbsStep(from: visible, row: row, step: step, random: random)
        visible = next.visible
        if let checkpoint = checkpoints.firstIndex(of: step) {
          counts[checkpoint].visible[binaryStateIndex(next.visible)] += 1
          counts[checkpoint].hidden[binaryStateIndex(next.hidden)] += 1
        }
      }
    }
    return counts
  }
}
