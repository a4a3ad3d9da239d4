import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("log Z along a ladder of temperatures")
struct TemperedPartitionTests {
  /// Recorded rounds of tempering of a machine, after some that are forgotten.
  static func samples(_ model: RBM, chains: Int, rounds: Int, seed: UInt64) -> TemperedSamples {
    let tempering = ParallelTempering(
      model: model, ladder: .linear(6), reference: model.visible.bias, seed: seed)
    var state = tempering.initialState(chains: chains)
    tempering.run(&state, rounds: 100)
    return tempering.sample(&state, rounds: rounds, states: 7)
  }

  @Test("Bennett's ratio and the integral of every kind of machine", arguments: LayeredCase.summable)
  func kinds(_ test: LayeredCase) throws {
    let model = test.pair.engine, exact = try model.exactLogPartition()
    let samples = Self.samples(model, chains: 20, rounds: 100, seed: 560)
    let ratio = samples.bennett(), integral = samples.thermodynamicIntegral()
    for estimate in [ratio, integral] {
      // Twenty independent batches: five standard errors with 19 degrees of freedom are exceeded once in 10⁴;
      // Float rounds a sum of works by less than 10⁻⁴.
      #expect(abs(estimate.estimate - exact) <= 5 * estimate.standardError + 1e-4)
      #expect(estimate.standardError < 0.5)
    }
    #expect((ratio.kind == .sandwich) == samples.reverseStart.isVerified)
    #expect(integral.kind == .interval3)
    #expect(samples.states.rows == 7 && samples.states.columns == model.visibleCount)
  }

  @Test("95 % intervals cover log Z in 90 to 99 % of 200 repetitions", .enabled(if: Build.isOptimized))
  func coverage() throws {
    let model = MachinePair.normal(visible: 6, hidden: 5, seed: 561).engine
    let exact = try model.exactLogPartition()
    let runs = (0..<UInt64(200)).map { Self.samples(model, chains: 40, rounds: 100, seed: 2_000 + $0) }
    let estimates = [runs.map { $0.bennett() }, runs.map { $0.thermodynamicIntegral() }]
    for estimates in estimates {
      let hits = estimates.count { abs($0.estimate - exact) <= 1.96 * $0.standardError }
      #expect(hits >= 180 && hits <= 198)
    }
  }

  /// One round of two chains: the one-sided estimates are far enough apart to be told from log Z.
  @Test("steps from below err downwards on average, from above upwards", .enabled(if: Build.isOptimized))
  func steppingStones() throws {
    let model = MachinePair.normal(visible: 6, hidden: 5, seed: 565).engine
    let exact = try model.exactLogPartition()
    let stones = (0..<UInt64(2_000)).map {
      Self.samples(model, chains: 2, rounds: 1, seed: 4_000 + $0).steppingStones()
    }
    let (lower, upper) = (
      SampleMean(stones.map { $0.lower.value }), SampleMean(stones.map { $0.upper.value })
    )
    #expect(lower.zScore(expecting: exact) < -3 && upper.zScore(expecting: exact) > 3)
  }

  @Test("the sandwich of chains that mix holds log Z", .enabled(if: Build.isOptimized))
  func sandwich() throws {
    let model = MachinePair.normal(visible: 6, hidden: 5, seed: 566).engine
    let exact = try model.exactLogPartition()
    let estimates = (0..<UInt64(100)).map {
      Self.samples(model, chains: 20, rounds: 400, seed: 5_000 + $0).bennett()
    }.filter { $0.kind == .sandwich }
    // Ends are three standard errors out, of 19 degrees of freedom: one of them fails in 7 of 1,000 or less.
    #expect(estimates.count >= 90)
    #expect(estimates.count { $0.lower <= exact && exact <= $0.upper } >= estimates.count - 4)
    #expect(estimates.allSatisfy { $0.lower < $0.estimate && $0.estimate < $0.upper })
  }

  @Test("the error falls as one over the root of the chains", .enabled(if: Build.isOptimized))
  func scaling() {
    let model = MachinePair.normal(visible: 6, hidden: 5, seed: 562).engine
    func error(_ chains: Int) -> Double {
      (0..<UInt64(8)).reduce(0) {
        $0 + Self.samples(model, chains: chains, rounds: 50, seed: 3_000 + $1).bennett().standardError / 8
      }
    }
    // Each of the 8 errors has a relative error of 1/√(2·(batches − 1)): below 6 % for their mean with 20 chains.
    let ratio = error(20) / error(320)
    #expect(ratio > 4 * 0.7 && ratio < 4 * 1.4)
  }

  @Test("one chain has an error all the same")
  func oneChain() {
    let samples = Self.samples(
      MachinePair.normal(visible: 4, hidden: 3, seed: 563).engine, chains: 1, rounds: 200, seed: 564)
    #expect(samples.bennett().standardError.isFinite && samples.bennett().standardError > 0)
    #expect(samples.traces.count == 1 && samples.traces[0].count == 200)
  }
}
