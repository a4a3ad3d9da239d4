import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// Where a step leads on average, against closed forms and integrals. z = 5 fails once in 1.7 million.
@Suite("Transitions from a fixed state", .enabled(if: Build.isOptimized))
struct TransitionMomentTests {
  static let model = GaussianMean(mean: [0.5], precision: 1.6)
  static let reference = ReferenceGaussianMean(mean: 0.5, precision: 1.6)
  static let chains = 20_000
  static let start = 2.25

  /// The ends of chains that all start at one state.
  private func ends<Kernel: Transition<GaussianMean>>(
    _ kernel: Kernel, steps: Int
  ) -> (states: [Double], acceptanceRate: Double) {
    let chains = MarkovChains(model: Self.model, transition: kernel, seed: 450)
    var state = MarkovChains<Kernel>.State(
      states: Matrix(rows: Self.chains, columns: 1) { _, _ in Float(Self.start) })
    let info = chains.run(&state, steps: steps)
    return (state.states.values.doubles, info.acceptanceRate)
  }

  @Test("unadjusted Langevin: E[x_k − μ] = ρᵏ(x_0 − μ) and its variance", arguments: [1, 2, 6])
  func langevin(_ steps: Int) {
    let stepSize = 0.4
    let states = ends(LangevinTransition(stepSize: stepSize, isAdjusted: false), steps: steps).states
    let decay = Self.reference.langevinDecay(stepSize: stepSize)
    let mean = 0.5 + pow(decay, Double(steps)) * (Self.start - 0.5)
    let variance = Self.reference.langevinVariance(stepSize: stepSize, steps: steps)
    #expect(SampleMean(states).isWithin(5, standardErrorsOf: mean))
    #expect(SampleMean(states.map { ($0 - mean) * ($0 - mean) }).isWithin(5, standardErrorsOf: variance))
    // The test can tell: one step more or less is far outside.
    let other = 0.5 + pow(decay, Double(steps + 1)) * (Self.start - 0.5)
    #expect(!SampleMean(states).isWithin(5, standardErrorsOf: other))
  }

  @Test("unadjusted Langevin in the long run: variance 1/(τ(1 − ετ/4)), not 1/τ")
  func longRun() {
    // ρ = 0.2: after 30 steps 10⁻²¹ of the start is left.
    let states = ends(LangevinTransition(stepSize: 1, isAdjusted: false), steps: 30).states
    let squares = SampleMean(states.map { ($0 - 0.5) * ($0 - 0.5) })
    #expect(squares.isWithin(5, standardErrorsOf: Self.reference.stationaryLangevinVariance(stepSize: 1)))
    #expect(!squares.isWithin(5, standardErrorsOf: 1 / 1.6))
  }

  @Test("adjusted in the long run: variance 1/τ")
  func adjustedLongRun() {
    // ρ = 0.2, and from no state is more than a quarter rejected: 40 steps leave 0.45⁴⁰ = 10⁻¹⁴ of the start.
    let states = ends(LangevinTransition(stepSize: 1), steps: 40).states
    #expect(SampleMean(states).isWithin(5, standardErrorsOf: 0.5))
    #expect(SampleMean(states.map { ($0 - 0.5) * ($0 - 0.5) }).isWithin(5, standardErrorsOf: 1 / 1.6))
  }

  @Test("a Metropolis step: mean and acceptance are the integrals over its proposals")
  func metropolis() {
    let (states, rate) = ends(MetropolisTransition(.walk(stepSize: 1.2)), steps: 1)
    let from = Self.start
    expect(states, rate, proposalMean: from, proposalVariance: 1.44) {
      Self.reference.energy(of: from) - Self.reference.energy(of: $0)
    }
  }

  @Test("an adjusted Langevin step: likewise")
  func adjustedLangevin() {
    let stepSize = 1.25, from = Self.start
    let (states, rate) = ends(LangevinTransition(stepSize: stepSize), steps: 1)
    // For a Gaussian the ratio is e^{−(ετ/8)·τ((y − μ)² − (x − μ)²)}: the slope makes up for most of the energy.
    let decay = Self.reference.langevinDecay(stepSize: stepSize)
    expect(states, rate, proposalMean: 0.5 + decay * (from - 0.5), proposalVariance: stepSize) {
      stepSize * 1.6 / 4 * (Self.reference.energy(of: from) - Self.reference.energy(of: $0))
    }
  }

  @Test("a Gibbs step is a fresh draw")
  func gibbs() {
    let states = ends(GibbsTransition(), steps: 1).states
    #expect(SampleMean(states).isWithin(5, standardErrorsOf: 0.5))
    #expect(SampleMean(states.map { ($0 - 0.5) * ($0 - 0.5) }).isWithin(5, standardErrorsOf: 1 / 1.6))
  }

  /// Compares mean and acceptance with sums over a fine grid, ±8 standard deviations of the proposals.
  private func expect(
    _ states: [Double], _ rate: Double, proposalMean: Double, proposalVariance: Double,
    logRatio: (Double) -> Double
  ) {
    let deviation = proposalVariance.squareRoot(), step = 1e-3
    var (acceptance, mean) = (0.0, 0.0)
    for z in stride(from: -8, through: 8, by: step) {
      let y = proposalMean + deviation * z
      let accepted = exp(-z * z / 2) / (2 * Double.pi).squareRoot() * step * min(1, exp(logRatio(y)))
      acceptance += accepted
      mean += accepted * (y - Self.start)
    }
    // The sums err by 10⁻⁶ where the ratio has its corner, the standard errors are above 10⁻³.
    #expect(SampleMean(states).isWithin(5, standardErrorsOf: Self.start + mean))
    let error = (acceptance * (1 - acceptance) / Double(Self.chains)).squareRoot()
    #expect(abs(rate - acceptance) <= 5 * error)
  }
}
