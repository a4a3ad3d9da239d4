import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("SingleSiteGibbs")
struct SingleSiteGibbsTests {
  /// A draw differs only where its word lies within rounding of the probability, once in a million or less.
  @Test("chains are the reference's, state by state", arguments: BoltzmannMachineCase.all)
  func followsTheReference(_ size: BoltzmannMachineCase) throws {
    let reference = size.machine(seed: 440)
    let sampler = SingleSiteGibbs(model: try BoltzmannMachine(reference), seed: 441)
    var state = sampler.initialState(chains: 70)
    var chains = columns(state.units)
    let random = ReferenceRandom(seed: 441)
    for sweep in 0..<6 {
      for chain in chains.indices {
        chains[chain] = reference.sweep(chains[chain], chain: chain, sweep: sweep, random: random)
      }
    }
    sampler.run(&state, sweeps: 2)
    sampler.run(&state, sweeps: 4)
    #expect(state.sweep == 6 && columns(state.units) == chains)
  }

  @Test("clamped chains keep their visibles and follow P(h | v)")
  func clamped() throws {
    let machine = try BoltzmannMachine(BoltzmannMachineCase.all[2].machine(seed: 442))
    let sampler = SingleSiteGibbs(model: machine, seed: 443)
    var state = sampler.initialState(chains: 200)
    let before = columns(state.units)
    let info = sampler.runClamped(&state, sweeps: 3)
    let after = columns(state.units)
    #expect(before.map { $0[..<4] } == after.map { $0[..<4] })
    #expect(before.map { $0[4...] } != after.map { $0[4...] })
    #expect(after.allSatisfy { $0[4...].allSatisfy { $0 == 1 || $0 == -1 } })
    #expect(info.changeRate > 0 && info.changeRate < 1)
  }

  @Test("the same bits on any number of threads, and for the first of more chains", arguments: [2, 3])
  func threads(_ threads: Int) throws {
    let machine = try BoltzmannMachine(BoltzmannMachineCase.all[1].machine(seed: 444))
    func run(_ threads: Int, chains: Int) -> [[Double]] {
      let sampler = SingleSiteGibbs(model: machine, seed: 445, parallel: Parallel(threads: threads))
      var state = sampler.initialState(chains: chains)
      sampler.run(&state, sweeps: 5)
      sampler.runClamped(&state, sweeps: 2)
      return columns(state.units)
    }
    let expected = run(1, chains: 300)
    #expect(run(threads, chains: 300) == expected)
    #expect(run(threads, chains: 131) == Array(expected[..<131]))
  }

  @Test("chains that cannot move say so")
  func frozen() throws {
    let machine = try BoltzmannMachine(visibleBias: [100, -100])
    let sampler = SingleSiteGibbs(model: machine, seed: 446)
    var state = sampler.initialState(chains: 10)
    #expect(sampler.run(&state, sweeps: 3).changeRate == 0)
    #expect(columns(state.units) == Array(repeating: [1, 0], count: 10))
  }
}

/// Every chain's state of all units.
private func columns(_ units: Matrix) -> [[Double]] { units.transposed.doubles }

/// Chains that start at exact samples must stay distributed as the model after any number of sweeps.
@Suite("Single-site sweeps leave the law alone", .enabled(if: Build.isOptimized), .serialized)
struct SingleSiteStationarityTests {
  static let reference = ReferenceBoltzmannMachine.normal(
    visible: 3, hidden: 3, deviation: 0.5, visibleKind: .spin, hiddenKind: .bernoulli, seed: 450)
  static let probabilities = reference.jointProbabilities()
  static let chains = 1_000_000

  /// 10⁶ joint states drawn from the enumerated law, `[units, chains]`.
  static let start: Matrix = {
    let random = ReferenceRandom(seed: 451)
    let states = reference.jointStates.map { $0.map(Float.init) }
    var rows = Matrix(rows: chains, columns: 6)
    rows.withMutableView { view in
      for row in 0..<chains { view.setRow(row, states[random.category(probabilities, row: row)]) }
    }
    return rows.transposed
  }()

  private func counts(_ units: Matrix) -> [Int] {
    let view = units.view
    var counts = [Int](repeating: 0, count: 64)
    for chain in 0..<Self.chains {
      counts[(0..<6).reduce(0) { $0 | (view[$1, chain] > 0 ? 1 : 0) << $1 }] += 1
    }
    return counts
  }

  /// Below the 1 − 10⁻⁶ quantile of χ² with 63 degrees of freedom.
  private func fits(_ units: Matrix) -> Bool {
    Statistics.fits(counts: counts(units), probabilities: Self.probabilities)
  }

  private func run(_ kernel: ReferenceBoltzmannMachine) throws -> [Bool] {
    let sampler = SingleSiteGibbs(model: try BoltzmannMachine(kernel), seed: 452)
    var state = SingleSiteGibbs.State(units: Self.start)
    return [1, 3, 12].map { sweeps in
      sampler.run(&state, sweeps: sweeps)
      return fits(state.units)
    }
  }

  @Test("the test is sound: exact samples pass it, and no state is too rare for χ²")
  func exactSamples() {
    #expect(Self.probabilities.allSatisfy { $0 > 1e-5 })
    #expect(fits(Self.start))
  }

  @Test("after 1, 4 and 16 sweeps all units have the model's law")
  func rightKernel() throws { #expect(try run(Self.reference) == [true, true, true]) }

  @Test("sweeps over the hiddens alone leave it alone, too")
  func clampedKernel() throws {
    let sampler = SingleSiteGibbs(model: try BoltzmannMachine(Self.reference), seed: 453)
    var state = SingleSiteGibbs.State(units: Self.start)
    sampler.runClamped(&state, sweeps: 2)
    #expect(fits(state.units))
  }

  @Test("kernels that forget a bias, halve U, or take inputs a tenth too small fail")
  func brokenKernels() throws {
    var withoutBias = Self.reference, weakCouplings = Self.reference, weakInputs = Self.reference
    withoutBias.hiddenBias[1] = 0
    // What comes of a factor ½ too many: U in place of U + Uᵀ.
    weakCouplings.visibleCouplings = weakCouplings.visibleCouplings.map { $0.map { $0 / 2 } }
    weakInputs.visibleBias = weakInputs.visibleBias.map { 0.9 * $0 }
    weakInputs.weights = weakInputs.weights.map { $0.map { 0.9 * $0 } }
    for kernel in [withoutBias, weakCouplings, weakInputs] {
      #expect(try run(kernel) == [false, false, false])
    }
  }

  /// All units at once, given the others' old states: the mistake that single-site sampling is there to avoid.
  @Test("drawing all units at once fails")
  func parallelUpdate() throws {
    let machine = try BoltzmannMachine(Self.reference)
    var next = Self.start
    let fields = Matrix(rows: 6, columns: Self.chains) { unit, _ in machine.bias[unit] }
    let stream = RandomStream(seed: 454, purpose: .site)
    for unit in 0..<6 {
      var draw = Self.start
      let kind = unit < 3 ? machine.visibleKind : machine.hiddenKind
      draw.withMutableView {
        _ = $0.drawSite(
          unit, couplings: machine.couplings.view, fields: fields.view, values: (kind.low, kind.high),
          random: stream)
      }
      next.withMutableView { $0.rows(unit..<(unit + 1)).copy(draw.view.rows(unit..<(unit + 1))) }
    }
    #expect(!fits(next))
  }
}
