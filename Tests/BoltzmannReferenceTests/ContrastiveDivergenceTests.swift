import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Contrastive divergence")
struct ContrastiveDivergenceTests {
  static let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 30)
  static let random = ReferenceRandom(seed: 31)
  static let minibatch = ReferenceMinibatch([3, 9, 9, 14].map { binaryStates(4)[$0] }, rows: [17, 4, 8, 90])

  @Test("the positive phase is the data, the negative the ends of the chains, both with hidden means")
  func phases() {
    let phases = Self.machine.contrastiveDivergence(
      Self.minibatch, steps: 2, firstStep: 6, random: Self.random)
    #expect(phases.positive.visibles == Self.minibatch.samples)
    for (sample, end) in zip(zip(Self.minibatch.samples, Self.minibatch.rows), phases.negative.visibles) {
      let chain = Self.machine.gibbsChain(
        from: sample.0, steps: 2, row: sample.1, firstStep: 6, random: Self.random)
      #expect(end == chain)
    }
    for phase in [phases.positive, phases.negative] {
      #expect(phase.hiddens == phase.visibles.map { Self.machine.hiddenMeans(given: $0) })
    }
  }

  @Test("a sample's chain does not depend on the rest of the minibatch")
  func independenceOfPlace() {
    let alone = ReferenceMinibatch([Self.minibatch.samples[2]], rows: [8])
    let ends = [Self.minibatch, alone].map {
      Self.machine.contrastiveDivergence($0, steps: 3, firstStep: 0, random: Self.random).negative.visibles
    }
    #expect(ends[0][2] == ends[1][0])
  }

  @Test("a chain counts as much as its sample")
  func rowWeights() {
    var weighted = Self.minibatch
    weighted.rowWeights = [0, 2, 1, 0]
    let repeated = ReferenceMinibatch([1, 1, 2].map { Self.minibatch.samples[$0] }, rows: [4, 4, 8])
    let gradients = [weighted, repeated].map {
      Self.machine.contrastiveDivergence($0, steps: 1, firstStep: 0, random: Self.random)
        .gradient(around: .zero(like: Self.machine))
    }
    // Means of three numbers below 1, added in another order.
    expect(gradients[0], equals: gradients[1], within: 1e-15)
  }

  @Test("the first hidden states are drawn from grey values as they are")
  func greyValues() {
    let grey = ReferenceMinibatch([[0.2, 0.9, 0.5, 0]])
    let phases = Self.machine.contrastiveDivergence(grey, steps: 1, firstStep: 0, random: Self.random)
    #expect(phases.positive.hiddens == [Self.machine.hiddenMeans(given: [0.2, 0.9, 0.5, 0])])
    #expect(phases.negative.visibles[0].allSatisfy { $0 == 0 || $0 == 1 })
  }

  @Test("where the data are the model, chains stay the model, so that the expected gradient vanishes")
  func vanishingExpectation() {
    let probabilities = Self.machine.visibleProbabilities()
    let moved = (0..<3).reduce(probabilities) { law, _ in gibbsImage(of: law, under: Self.machine) }
    // Sums of 2⁷ products of probabilities, good to 1e-14.
    for (before, after) in zip(probabilities, moved) {
      #expect(abs(before - after) <= 4e-14)
    }
  }

  @Test("the mean of the negative phase is its expectation", arguments: [1, 3])
  func expectation(steps: Int) {
    let chainCount = Build.isOptimized ? 200_000 : 4_000
    let start = 9
    let copies = ReferenceMinibatch(Array(repeating: binaryStates(4)[start], count: chainCount))
    let phase = Self.machine.contrastiveDivergence(
      copies, steps: steps, firstStep: 0, random: Self.random
    ).negative
    var law = [Double](repeating: 0, count: 16)
    law[start] = 1
    for _ in 0..<steps { law = gibbsImage(of: law, under: Self.machine) }
    for i in 0..<4 {
      for j in 0..<3 {
        let products = zip(phase.visibles, phase.hiddens).map { $0[i] * $1[j] }
        let expected = zip(law, binaryStates(4)).reduce(0) {
          $0 + $1.0 * $1.1[i] * Self.machine.hiddenMeans(given: $1.1)[j]
        }
        // Five standard errors of independent chains; 24 such bounds fail for one seed in 70,000.
        #expect(SampleMean(products).isWithin(5, standardErrorsOf: expected))
      }
    }
  }

  /// The law of v after one Gibbs step, if it was `law` before, by enumeration.
  private func gibbsImage(of law: [Double], under machine: ReferenceRBM) -> [Double] {
    var image = [Double](repeating: 0, count: law.count)
    for (visible, weight) in zip(binaryStates(machine.visibleCount), law) {
      let hiddenMeans = machine.hiddenMeans(given: visible)
      for hidden in binaryStates(machine.hiddenCount) {
        let visibleMeans = machine.visibleMeans(given: hidden)
        for (index, next) in binaryStates(machine.visibleCount).enumerated() {
          image[index] +=
            weight * probability(of: hidden, means: hiddenMeans) * probability(of: next, means: visibleMeans)
        }
      }
    }
    return image
  }

  private func probability(of state: [Double], means: [Double]) -> Double {
    zip(state, means).reduce(1) { $0 * ($1.0 == 1 ? $1.1 : 1 - $1.1) }
  }
}

@Suite("Persistent contrastive divergence")
struct PersistentContrastiveDivergenceTests {
  static let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 32)
  static let random = ReferenceRandom(seed: 33)
  static let minibatch = ReferenceMinibatch([3, 9, 14].map { binaryStates(4)[$0] }, rows: [5, 6, 7])

  @Test("chains go on where they stopped, drawn by their own numbers")
  func persistence() {
    var chains = [0, 7, 8, 15, 4].map { binaryStates(4)[$0] }
    let starts = chains
    for step in 0..<3 {
      _ = Self.machine.persistentContrastiveDivergence(
        Self.minibatch, chains: &chains, steps: 1, firstStep: step, random: Self.random)
    }
    for chain in starts.indices {
      let expected = Self.machine.gibbsChain(
        from: starts[chain], steps: 3, row: chain, firstStep: 0, random: Self.random)
      #expect(chains[chain] == expected)
    }
  }

  @Test("each phase is averaged over its own number of rows")
  func differentCounts() {
    var chains = [0, 7, 8, 15, 4].map { binaryStates(4)[$0] }
    let phases = Self.machine.persistentContrastiveDivergence(
      Self.minibatch, chains: &chains, steps: 2, firstStep: 0, random: Self.random)
    #expect(phases.positive.visibles.count == 3)
    #expect(phases.negative.visibles == chains)
    let gradient = phases.gradient(around: .zero(like: Self.machine))
    let data = Self.minibatch.samples.reduce(0) { $0 + $1[2] } / 3
    let model = chains.reduce(0) { $0 + $1[2] } / 5
    #expect(abs(gradient.visibleBias[2] - (data - model)) <= 0x1p-52)
  }

  @Test("chains at equilibrium give the exact negative phase on average", .enabled(if: Build.isOptimized))
  func equilibrium() {
    let probabilities = Self.machine.visibleProbabilities()
    let start = ReferenceRandom(seed: 34)
    var chains = (0..<200_000).map { binaryStates(4)[start.category(probabilities, row: $0)] }
    let negative = Self.machine.persistentContrastiveDivergence(
      Self.minibatch, chains: &chains, steps: 2, firstStep: 0, random: Self.random
    ).negative
    let exact = Self.machine.modelPhase().moments(around: .zero(like: Self.machine))
    for i in 0..<4 {
      for j in 0..<3 {
        let products = zip(negative.visibles, negative.hiddens).map { $0[i] * $1[j] }
        // Five standard errors of independent chains; 12 such bounds fail for one seed in 140,000.
        #expect(SampleMean(products).isWithin(5, standardErrorsOf: exact.weights[i][j]))
      }
    }
  }
}
