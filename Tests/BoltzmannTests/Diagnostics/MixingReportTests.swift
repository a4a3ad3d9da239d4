import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// The verdict on machines whose mixing is known.
@Suite("The verdict on mixing")
struct MixingReportTests {
  private func report(_ machine: RBM, chains: Int = 12, steps: Int, data: any Samples) throws -> MixingReport
  {
    let sampler = BlockGibbs(model: machine, seed: 8)
    var state = sampler.dispersedState(chains: chains, data: data)
    return try MixingReport(
      sampler.record(ChainObservables(of: machine), along: &state, steps: steps))
  }

  private let data = BitSamples(count: 6, width: 6) { _, _ in true }

  /// Independent draws from the first step on: every half of 300 has R̂² − 1 of about 1/300.
  @Test("a machine without weights mixes at once")
  func independent() throws {
    var machine = MachinePair.normal(visible: 6, hidden: 2, biasDeviation: 0.3, seed: 27).engine
    machine.weights = Matrix(rows: 6, columns: 2)
    let report = try report(machine, steps: 600, data: data)
    #expect(report.verdict == .mixes && report.frozenChains == 0)
    #expect(report.observables.map(\.name) == ["free energy", "mean activity"])
    // τ = 1 with relative deviation √(2·9/7200), below lag 4.
    for observed in report.observables {
      #expect(abs(observed.statistics.autocorrelationTime! - 1) <= 4.9 * 0.05)
    }
  }

  /// h = v and v = h, but for e⁻¹⁰: chains at data stay there.
  @Test("chains that stand still do not mix")
  func frozen() throws {
    let machine = RBM(
      visibleBias: [Float](repeating: -10, count: 6), hiddenBias: [Float](repeating: -10, count: 6),
      weights: Matrix(rows: 6, columns: 6) { $0 == $1 ? 20 : 0 })
    let report = try report(machine, steps: 100, data: data)
    #expect(report.verdict == .doesNotMix && report.frozenChains > 0)
  }

  /// All on or all off, 10⁻⁵ a step between them; within a mode a unit strays every 16 steps, e⁻¹² for 200 without.
  @Test("chains that move about in modes of their own do not mix")
  func modes() throws {
    let machine = RBM(
      visibleBias: [Float](repeating: -4.5, count: 6), hiddenBias: [-27],
      weights: Matrix(rows: 6, columns: 1) { _, _ in 9 })
    let found = try report(machine, steps: 400, data: data)
    #expect(found.verdict == .doesNotMix && found.frozenChains == 0)
    #expect(found.rankRHat! > MixingReport.disagreement)
  }

  /// A pair of spins: v keeps its sign with correlation tanh²w = 0.67 a step, τ = 5. Of 40 halves of N draws R̂² is
  /// about 1 − 1/N + (τ/N)/(1 − τ/N)·χ²/39, so that R̂ = 1.045 ± 0.012 for N = 50.
  @Test("a few steps are too short to say, and so is one chain")
  func short() throws {
    let machine = RBM(
      visible: SpinUnits(bias: [0.3]), hidden: SpinUnits(bias: [0]),
      weights: Matrix(rows: 1, columns: 1, values: [1.15]))
    let data = FloatSamples([[1], [-1]])
    #expect(try report(machine, chains: 20, steps: 100, data: data).verdict == .tooShort)
    #expect(try report(machine, chains: 1, steps: 2000, data: data).verdict == .tooShort)
    #expect(try report(machine, chains: 20, steps: 2000, data: data).verdict == .mixes)
  }

  @Test("a machine of one state only is no success")
  func constant() throws {
    let still = RBM(
      visibleBias: [60, 60], hiddenBias: [0], weights: Matrix(rows: 2, columns: 1))
    let found = try report(still, steps: 20, data: BitSamples(count: 2, width: 2) { _, _ in true })
    #expect(found.verdict == .doesNotMix && found.rankRHat == nil)
    #expect(found.slowest.statistics.autocorrelationTime == nil)
  }
}
