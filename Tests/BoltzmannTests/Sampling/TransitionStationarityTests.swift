import Boltzmann
import BoltzmannCompute
import BoltzmannTestSupport
import Testing

/// Chains that start at exact samples must stay distributed as the model, and must flow as often from one place to
/// another as back. Neither needs any mixing.
@Suite("Transitions leave the law alone", .enabled(if: Build.isOptimized), .serialized)
struct TransitionStationarityTests {
  static let chains = 200_000
  static let gaussian = GaussianMean(mean: [0.5], precision: 1.6)
  /// Two wells at ±1 with a barrier of one nat between them.
  static let well = DoubleWell(parameters: [1, 2])
  /// ετ = 2: the unadjusted law has twice the variance.
  static let longStep = 1.25

  static let gaussianLaw = GridLaw { 0.8 * ($0 - 0.5) * ($0 - 0.5) }
  static let wellLaw = GridLaw { well.energy($0) }
  static let gaussianStart = gaussianLaw.draws(chains, seed: 430)
  static let wellStart = wellLaw.draws(chains, seed: 431)

  @Test("the test is sound: exact samples pass it")
  func exactSamples() {
    #expect(fits(Self.gaussianStart, Self.gaussianLaw))
    #expect(fits(Self.wellStart, Self.wellLaw))
  }

  @Test("adjusted Langevin, Metropolis, Gibbs and their compositions do, for a Gaussian")
  func gaussian() {
    let walk = MetropolisTransition<GaussianMean>(.walk(stepSize: 1.2))
    let langevin = LangevinTransition<GaussianMean>(stepSize: Self.longStep)
    expectFit(langevin, of: Self.gaussian, from: Self.gaussianStart, Self.gaussianLaw)
    expectFit(walk, of: Self.gaussian, from: Self.gaussianStart, Self.gaussianLaw)
    expectFit(GibbsTransition(), of: Self.gaussian, from: Self.gaussianStart, Self.gaussianLaw)
    expectFit(langevin.then(walk), of: Self.gaussian, from: Self.gaussianStart, Self.gaussianLaw)
  }

  @Test("adjusted Langevin and Metropolis do, for two wells")
  func doubleWell() {
    expectFit(
      LangevinTransition(stepSize: 0.4), of: Self.well, from: Self.wellStart, Self.wellLaw)
    expectFit(
      MetropolisTransition(.walk(stepSize: 0.8)), of: Self.well, from: Self.wellStart, Self.wellLaw)
  }

  @Test("unadjusted Langevin steps leave a law of their own alone: variance 1/(τ(1 − ετ/4))")
  func unadjusted() {
    // ετ/4 = ½, so that the precision of that law is half the model's.
    let law = GridLaw { 0.4 * ($0 - 0.5) * ($0 - 0.5) }
    let langevin = LangevinTransition<GaussianMean>(stepSize: Self.longStep, isAdjusted: false)
    expectFit(langevin, of: Self.gaussian, from: law.draws(Self.chains, seed: 432), law)
    expectMisfit(langevin, of: Self.gaussian, from: Self.gaussianStart, Self.gaussianLaw)
  }

  @Test("steps with a planted fault do not")
  func broken() {
    let wide = GaussianMean(mean: [0.5], precision: 0.9 * 1.6)
    expectMisfit(
      UncorrectedLangevin(stepSize: Self.longStep), of: Self.gaussian, from: Self.gaussianStart,
      Self.gaussianLaw)
    expectMisfit(
      UncorrectedLangevin(stepSize: 0.4), of: Self.well, from: Self.wellStart, Self.wellLaw)
    expectMisfit(
      MetropolisTransition(.walk(stepSize: 1.2)), of: wide, from: Self.gaussianStart, Self.gaussianLaw)
    expectMisfit(
      UnrejectedWalk(stepSize: 0.2), of: Self.gaussian, from: Self.gaussianStart, Self.gaussianLaw)
    expectMisfit(
      LangevinTransition(stepSize: 0.4, isAdjusted: false), of: Self.well, from: Self.wellStart,
      Self.wellLaw)
  }

  @Test("detailed balance: as many chains go from one place to another as back")
  func detailedBalance() {
    let walk = MetropolisTransition<GaussianMean>(.walk(stepSize: 1.2))
    let langevin = LangevinTransition<GaussianMean>(stepSize: Self.longStep)
    #expect(flowsBalance(walk, of: Self.gaussian, from: Self.gaussianStart, Self.gaussianLaw))
    #expect(flowsBalance(langevin, of: Self.gaussian, from: Self.gaussianStart, Self.gaussianLaw))
    #expect(
      flowsBalance(LangevinTransition(stepSize: 0.4), of: Self.well, from: Self.wellStart, Self.wellLaw))
    // Not so where the fault is planted.
    #expect(
      !flowsBalance(
        UncorrectedLangevin(stepSize: Self.longStep), of: Self.gaussian, from: Self.gaussianStart,
        Self.gaussianLaw))
    #expect(
      !flowsBalance(
        LangevinTransition(stepSize: 0.4, isAdjusted: false), of: Self.well, from: Self.wellStart,
        Self.wellLaw))
  }
}

// MARK: - Laws as counts

extension TransitionStationarityTests {
  private static let bins = 32

  private func expectFit<Kernel: Transition>(
    _ kernel: Kernel, of model: Kernel.Model, from start: Matrix, _ law: GridLaw
  ) {
    for states in run(kernel, of: model, from: start) { #expect(fits(states, law)) }
  }

  private func expectMisfit<Kernel: Transition>(
    _ kernel: Kernel, of model: Kernel.Model, from start: Matrix, _ law: GridLaw
  ) {
    for states in run(kernel, of: model, from: start) { #expect(!fits(states, law)) }
  }

  /// Where the chains stand after 1, 4 and 16 steps.
  private func run<Kernel: Transition>(
    _ kernel: Kernel, of model: Kernel.Model, from start: Matrix
  ) -> [Matrix] {
    let chains = MarkovChains(model: model, transition: kernel, seed: 433)
    var state = MarkovChains<Kernel>.State(states: start)
    return [1, 3, 12].map { steps in
      chains.run(&state, steps: steps)
      return state.states
    }
  }

  /// Whether the states have the law: 32 bins, G below the 1 − 10⁻⁶ quantile of χ² with 31 degrees of freedom.
  ///
  /// Float places a state wrongly within 2⁻²³ of an edge: less than one chain in 10⁶ at 31 edges.
  private func fits(_ states: Matrix, _ law: GridLaw) -> Bool {
    let (edges, probabilities) = law.bins(Self.bins)
    return Statistics.fits(
      counts: Self.places(states, edges).reduce(into: [Int](repeating: 0, count: Self.bins)) { $0[$1] += 1 },
      probabilities: probabilities)
  }

  /// Bowker's test of symmetry (1948) after one step, on 8 bins.
  /// ```
  /// Σ_{i<j} (n_ij − n_ji)²/(n_ij + n_ji) ~ χ² with 28 degrees of freedom
  /// ```
  private func flowsBalance<Kernel: Transition>(
    _ kernel: Kernel, of model: Kernel.Model, from start: Matrix, _ law: GridLaw
  ) -> Bool {
    let edges = law.bins(8).edges
    var state = MarkovChains<Kernel>.State(states: start)
    MarkovChains(model: model, transition: kernel, seed: 434).run(&state, steps: 1)
    var flows = [[Double]](repeating: [Double](repeating: 0, count: 8), count: 8)
    for (from, to) in zip(Self.places(start, edges), Self.places(state.states, edges)) {
      flows[from][to] += 1
    }
    let (statistic, pairs) = Self.asymmetry(flows)
    return statistic < Statistics.chiSquaredQuantile(upperTail: 1e-6, degreesOfFreedom: pairs)
  }

  /// The statistic over all pairs between which at least ten chains went, and the number of these pairs.
  private static func asymmetry(_ flows: [[Double]]) -> (statistic: Double, pairs: Int) {
    var (statistic, pairs) = (0.0, 0)
    for i in flows.indices {
      for j in 0..<i where flows[i][j] + flows[j][i] >= 10 {
        let difference = flows[i][j] - flows[j][i]
        statistic += difference * difference / (flows[i][j] + flows[j][i])
        pairs += 1
      }
    }
    return (statistic, pairs)
  }

  /// The bin of every state.
  private static func places(_ states: Matrix, _ edges: [Double]) -> [Int] {
    states.values.map { value in
      var (low, high) = (0, edges.count)
      while low < high {
        let middle = (low + high) / 2
        if edges[middle] <= Double(value) { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}
