import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Block Gibbs sampling")
struct BlockGibbsTests {
  static let pair = machine((17, 9), seed: 280)
  static let seed: UInt64 = 281
  // Two blocks of 50 and a short one.
  static let chains = 103
  static let start = randomStates(chains, width: 17, seed: 282)

  static func gibbs(threads: Int = 2) -> BlockGibbs {
    BlockGibbs(model: pair.engine, seed: seed, parallel: Parallel(threads: threads))
  }

  @Test("chains are the reference's, each with its own numbers", arguments: [1, 5])
  func chains(_ steps: Int) {
    let random = ReferenceRandom(seed: Self.seed)
    let reference = Self.pair.reference
    let bounds = FloatBounds(reference, updates: steps)
    let smallest = reference.margin(
      from: Self.start, steps: steps, rows: Array(0..<Self.chains), firstStep: 0, random: random)
    #expect(smallest > bounds.draw, "a seed where no draw hangs on rounding")
    var state = BlockGibbs.State(visibles: Matrix(Self.start))
    let info = Self.gibbs().run(&state, steps: steps)
    #expect(state.step == UInt64(steps))
    let ends = Self.start.enumerated().map { row, visible in
      reference.gibbsChain(from: visible, steps: steps, row: row, firstStep: 0, random: random)
    }
    #expect(state.visibles.doubles == ends)
    // The means of the last draw: from the hiddens of the last step.
    let means = Self.start.enumerated().map { row, visible in
      let before = reference.gibbsChain(
        from: visible, steps: steps - 1, row: row, firstStep: 0, random: random)
      let hidden = reference.sampleHiddens(given: before, row: row, step: steps - 1, random: random)
      return reference.visibleMeans(given: hidden)
    }
    #expect(largestDifference(info.visibleMeans.doubles, means) <= bounds.mirrored.hiddenMean)
  }

  /// Chains that move slowly: between products, every sixteenth step, inputs follow the few units that change.
  @Test("long chains are the reference's, too", arguments: [15, 16, 17, 18, 33, 50])
  func longChains(_ steps: Int) {
    let pair = MachinePair.normal(visible: 7, hidden: 5, weightDeviation: 2, seed: 283)
    let start = randomStates(3, width: 7, seed: 284)
    let random = ReferenceRandom(seed: 285)
    let margin = pair.reference.margin(
      from: start, steps: steps, rows: [0, 1, 2], firstStep: 0, random: random)
    let bounds = FloatBounds(pair.reference, updates: steps)
    #expect(margin > bounds.draw, "a seed where no draw hangs on rounding")
    var state = BlockGibbs.State(visibles: Matrix(start))
    let info = BlockGibbs(model: pair.engine, seed: 285).run(&state, steps: steps)
    for row in 0..<3 {
      let before = pair.reference.gibbsChain(
        from: start[row], steps: steps - 1, row: row, firstStep: 0, random: random)
      let last = pair.reference.gibbsStep(from: before, row: row, step: steps - 1, random: random)
      #expect(state.visibles.doubles[row] == last.visible)
      let means = pair.reference.visibleMeans(given: last.hidden)
      #expect(largestDifference(info.visibleMeans.doubles[row], means) <= bounds.mirrored.hiddenMean)
    }
  }

  @Test("a run can be cut anywhere, and a state kept and gone back to")
  func cutRun() {
    // A cut makes a product of what would have followed: the states agree where no draw hangs on rounding.
    let margin = Self.pair.reference.margin(
      from: Self.start, steps: 7, rows: Array(0..<Self.chains), firstStep: 0,
      random: ReferenceRandom(seed: Self.seed))
    #expect(margin > FloatBounds(Self.pair.reference, updates: 7).draw)
    var whole = BlockGibbs.State(visibles: Matrix(Self.start))
    Self.gibbs().run(&whole, steps: 7)
    var cut = BlockGibbs.State(visibles: Matrix(Self.start))
    Self.gibbs().run(&cut, steps: 3)
    var copy = cut
    for var state in [cut, copy] {
      Self.gibbs().run(&state, steps: 4)
      #expect(state.visibles == whole.visibles && state.step == whole.step)
    }
    Self.gibbs().run(&copy, steps: 1)
    #expect(cut.step == 3)
  }

  @Test("the same bits on any number of threads", arguments: [2, 3])
  func threads(_ threads: Int) {
    var one = Self.gibbs(threads: 1).initialState(chains: Self.chains)
    var many = Self.gibbs(threads: threads).initialState(chains: Self.chains)
    #expect(one.visibles == many.visibles)
    let means = (
      Self.gibbs(threads: 1).run(&one, steps: 4).visibleMeans,
      Self.gibbs(threads: threads).run(&many, steps: 4).visibleMeans
    )
    #expect(one.visibles == many.visibles && means.0 == means.1)
  }

  @Test("chains start at the base rates")
  func initialState() {
    var model = Self.pair.engine
    let base = (0..<17).map { Float($0) / 4 - 2 }
    model.referenceVisibleBias = base
    let states = BlockGibbs(model: model, seed: Self.seed).initialState(chains: Self.chains).visibles.doubles
    let random = ReferenceRandom(seed: Self.seed)
    let means = base.map { BoltzmannReference.logistic(Double($0)) }
    for row in 0..<Self.chains {
      // The logistic is good to 2u, and the rule rounds down to 2⁻³².
      #expect(random.margin(means, row: row, step: 0, stream: 2) > 2 * FloatBounds.roundoff + 0x1p-32)
      #expect(states[row] == random.bernoulli(means, row: row, step: 0, stream: 2))
    }
  }

  @Test("without base rates they start as fair coins")
  func fairCoins() {
    let states = Self.gibbs().initialState(chains: Self.chains).visibles.doubles
    let random = ReferenceRandom(seed: Self.seed)
    let coins = [Double](repeating: 0.5, count: 17)
    #expect(states == (0..<Self.chains).map { random.bernoulli(coins, row: $0, step: 0, stream: 2) })
  }

  @Test("no chains, no states")
  func none() {
    var state = Self.gibbs().initialState(chains: 0)
    Self.gibbs().run(&state, steps: 2)
    #expect(state.visibles.rows == 0 && state.step == 2)
  }
}
