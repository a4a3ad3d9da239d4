import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Restricted Boltzmann machine: energies")
struct RBMEnergiesTests {
  @Test("energies are the reference's", arguments: machineSizes)
  func energies(_ size: (Int, Int)) {
    let pair = machine(size, seed: 120)
    let visibles = randomStates(9, width: size.0, seed: 121)
    let hiddens = randomStates(9, width: size.1, seed: 122)
    let energies = pair.engine.energies(visibles: Matrix(visibles), hiddens: Matrix(hiddens))
    let expected = zip(visibles, hiddens).map { pair.reference.energy(visible: $0, hidden: $1) }
    #expect(largestDifference(energies, expected) <= FloatBounds(pair.reference).energy)
  }

  @Test("free energies are the reference's, also of values between 0 and 1", arguments: machineSizes)
  func freeEnergies(_ size: (Int, Int)) {
    let pair = machine(size, seed: 123)
    let visibles =
      randomStates(5, width: size.0, seed: 124)
      + randomValues(4, width: size.0, seed: 125).map { $0.map { Double(Float($0)) } }
    let energies = pair.engine.freeEnergies(of: Matrix(visibles).view)
    let expected = visibles.map { pair.reference.freeEnergy(visible: $0) }
    #expect(largestDifference(energies, expected) <= FloatBounds(pair.reference).freeEnergy)
  }

  @Test("−F(v) = log Σ_h e^{−E(v, h)}", arguments: [(3, 7), (5, 1), (4, 9)])
  func freeEnergiesByEnumeration(_ size: (Int, Int)) {
    let pair = machine(size, seed: 126)
    let bounds = FloatBounds(pair.reference)
    let hiddens = binaryStates(size.1)
    for visible in binaryStates(size.0) {
      let energies = pair.engine.energies(
        visibles: Matrix(hiddens.map { _ in visible }), hiddens: Matrix(hiddens))
      let free = pair.engine.freeEnergies(of: Matrix([visible]).view)[0]
      // The log of a sum moves by no more than its terms' exponents.
      let sum = BoltzmannReference.logSumExp(energies.map { -$0 })
      #expect(abs(free + sum) <= bounds.freeEnergy + bounds.energy)
    }
  }

  @Test("far from zero, free energies neither overflow nor lose the tail")
  func extremes() {
    let machine = RBM(visibleBias: [0], hiddenBias: [-200, 3e4], weights: Matrix([[400, -1e5]]))
    let energies = machine.freeEnergies(of: Matrix([[0], [1]]).view)
    // softplus(−200) + softplus(30,000) and softplus(200) + softplus(−70,000): e^{−200} is less than 10⁻⁸⁶, and
    // the kernel never goes below e^{−87.3} = 1.2e−38.
    #expect(abs(energies[0] + 3e4) <= 1e-37)
    #expect(abs(energies[1] + 200) <= 1e-37)
  }
}

@Suite("Restricted Boltzmann machine: many samples")
struct RBMSamplesTests {
  static let pair = machine((17, 33), seed: 130)
  // Two blocks of 100 and a short one.
  static let states = randomStates(203, width: 17, seed: 131)
  static let samples = BitSamples(states)

  @Test("free energies of all samples")
  func freeEnergies() {
    let energies = Self.pair.engine.freeEnergies(of: Self.samples)
    let expected = Self.states.map { Self.pair.reference.freeEnergy(visible: $0) }
    #expect(largestDifference(energies, expected) <= FloatBounds(Self.pair.reference).freeEnergy)
  }

  @Test("hidden means of all samples")
  func hiddenMeans() {
    let means = Self.pair.engine.hiddenMeans(given: Self.samples)
    let expected = Self.states.map { Self.pair.reference.hiddenMeans(given: $0) }
    #expect(largestDifference(means.doubles, expected) <= FloatBounds(Self.pair.reference).hiddenMean)
  }

  @Test("reconstructions of all samples")
  func reconstructions() {
    let means = Self.pair.engine.reconstructions(of: Self.samples)
    let expected = Self.states.map { Self.pair.reference.reconstruction(of: $0) }
    // The visible inputs take over the hidden means' errors, times the weights; their own slope is ¼ or less.
    let bounds = FloatBounds(Self.pair.reference)
    let weights = Self.pair.reference.weights.map { $0.reduce(0) { $0 + abs($1) } }.max()!
    let bound = bounds.mirrored.hiddenMean + weights * bounds.hiddenMean / 4
    #expect(largestDifference(means.doubles, expected) <= bound)
  }

  @Test("the same bits on any number of threads", arguments: [2, 3])
  func threads(_ threads: Int) {
    let one = Parallel(threads: 1), many = Parallel(threads: threads)
    let (engine, samples) = (Self.pair.engine, Self.samples)
    #expect(
      engine.freeEnergies(of: samples, parallel: one) == engine.freeEnergies(of: samples, parallel: many))
    #expect(
      engine.hiddenMeans(given: samples, parallel: one) == engine.hiddenMeans(given: samples, parallel: many))
    #expect(
      engine.reconstructions(of: samples, parallel: one)
        == engine.reconstructions(of: samples, parallel: many))
  }

  @Test("no samples, no energies")
  func none() {
    let empty = BitSamples(count: 0, width: 17)
    #expect(Self.pair.engine.freeEnergies(of: empty).isEmpty)
    #expect(Self.pair.engine.hiddenMeans(given: empty).rows == 0)
  }
}
