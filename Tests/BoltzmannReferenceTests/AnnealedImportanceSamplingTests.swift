import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Annealed importance sampling")
struct AnnealedImportanceSamplingTests {
  static let annealing = ReferenceAnnealing(
    model: .normal(visible: 6, hidden: 4, seed: 60), baseVisibleBias: [0.5, -1, 0, 2, -0.3, 0.1])

  @Test("the path starts at independent units of known Z and ends at the model")
  func endsOfThePath() {
    let annealing = Self.annealing
    let start = annealing.machine(at: 0)
    // Sums of 2⁴ terms, as in the enumeration's own tests.
    #expect(abs(start.logPartition() - annealing.baseLogPartition) <= 4e-14)
    #expect(start.visibleBias == annealing.baseVisibleBias)
    #expect(annealing.machine(at: 1) == annealing.model)
  }

  @Test("in between, energies are mixed")
  func betweenTheEnds() {
    let annealing = Self.annealing
    let (start, middle, end) = (annealing.machine(at: 0), annealing.machine(at: 0.3), annealing.model)
    for visible in binaryStates(6) {
      for hidden in binaryStates(4) {
        let mixed =
          0.7 * start.energy(visible: visible, hidden: hidden)
          + 0.3 * end.energy(visible: visible, hidden: hidden)
        // Some 30 terms below 5, each rounded to 2⁻⁵³ relative.
        #expect(abs(middle.energy(visible: visible, hidden: hidden) - mixed) <= 4e-14)
      }
    }
  }

  @Test("base rates are the log-odds of the means, kept away from zero and one")
  func baseRates() {
    let rates = ReferenceAnnealing.baseRates(of: [[0, 1, 1, 1], [0, 1, 0, 0], [0, 1, 0, 0], [0, 1, 0, 1]])
    let expected = [log(0.001 / 0.999), log(0.999 / 0.001), log(1 / 3.0), 0]
    for (rate, value) in zip(rates, expected) {
      // 1 − 0.999 is rounded to 1e-16 of 0.001: 1e-13.
      #expect(abs(rate - value) <= 2e-13)
    }
  }

  @Test("schedules rise from 0 to 1 in the announced number of steps")
  func schedules() {
    #expect(ReferenceAnnealing.linearSchedule(stepCount: 4) == [0, 0.25, 0.5, 0.75, 1])
    let schedule = ReferenceAnnealing.salakhutdinovMurraySchedule()
    #expect(schedule.count == 14_501)
    #expect([schedule[0], schedule[500], schedule[14_500]] == [0, 0.5, 1])
    #expect(abs(schedule[4_500] - 0.9) <= 0x1p-53)
    #expect(zip(schedule, schedule.dropFirst()).allSatisfy(<))
  }

  @Test("with a single step it is importance sampling from the base")
  func singleStep() {
    let random = ReferenceRandom(seed: 61)
    let weights = Self.annealing.logWeights(chainCount: 20, inverseTemperatures: [0, 1], random: random)
    let base = Self.annealing.machine(at: 0)
    for (row, weight) in weights.enumerated() {
      let visible = random.bernoulli(
        Self.annealing.baseVisibleBias.map(logistic), row: row, step: 0, stream: 1)
      let expected = base.freeEnergy(visible: visible) - Self.annealing.model.freeEnergy(visible: visible)
      #expect(weight == expected)
    }
  }

  @Test("the mean weight is Z / Z₀")
  func unbiasedness() {
    let exact = Self.annealing.model.logPartition() - Self.annealing.baseLogPartition
    let weights = Self.annealing.logWeights(
      chainCount: Build.isOptimized ? 100_000 : 1_000,
      inverseTemperatures: ReferenceAnnealing.linearSchedule(stepCount: 20), random: ReferenceRandom(seed: 62)
    )
    // Five standard errors of independent chains: fails for one seed in a million. The relative deviation of
    // the weights must be small enough for the mean of so many to be normal.
    #expect(SampleMean(weights.map { exp($0 - exact) }).isWithin(5, standardErrorsOf: 1))
    let estimate = ReferencePartitionEstimate(baseLogPartition: 0, logWeights: weights)
    #expect(estimate.relativeDeviation < 1)
  }

  @Test("a model that is its own base is estimated without error")
  func trivialModel() {
    var blank = ReferenceRBM(visibleCount: 3, hiddenCount: 2)
    blank.visibleBias = [1, -2, 0.5]
    let estimate = ReferenceAnnealing(model: blank, baseVisibleBias: blank.visibleBias).estimate(
      chainCount: 10, inverseTemperatures: ReferenceAnnealing.linearSchedule(stepCount: 5),
      random: ReferenceRandom(seed: 63))
    // (1−β)a + βa is a to an ulp; five steps of weights that should be 0.
    #expect(abs(estimate.logPartition - blank.logPartition()) <= 1e-14)
    #expect(estimate.standardError <= 1e-14)
  }

  @Test("the estimate and its error are the formulas")
  func formulas() {
    let estimate = ReferencePartitionEstimate(baseLogPartition: 2, logWeights: [log(1.0), log(2), log(6)])
    // Mean 3, variance (4 + 1 + 9) / 2 = 7. A few operations, rounded to 2⁻⁵³.
    #expect(abs(estimate.logPartition - (2 + log(3))) <= 4e-16 * 4)
    #expect(abs(estimate.relativeDeviation - 7.0.squareRoot() / 3) <= 4e-16 * 4)
    #expect(abs(estimate.standardError - (7.0 / 27).squareRoot()) <= 4e-16 * 4)
    // Weights beyond the range of exponentials: only their ratios matter.
    let shifted = ReferencePartitionEstimate(
      baseLogPartition: 2, logWeights: estimate.logWeights.map { $0 - 5_000 })
    #expect(abs(shifted.logPartition - (estimate.logPartition - 5_000)) <= 4e-12)
    #expect(abs(shifted.standardError - estimate.standardError) <= 4e-12)
  }

  @Test("the standard error is the scatter of repeated estimates", .enabled(if: Build.isOptimized))
  func coverage() {
    let schedule = ReferenceAnnealing.linearSchedule(stepCount: 10)
    let estimates = (0..<1_000).map {
      Self.annealing.estimate(
        chainCount: 200, inverseTemperatures: schedule, random: ReferenceRandom(seed: 1_000 + UInt64($0)))
    }
    let values = estimates.map(\.logPartition)
    let scatter = SampleMean(values).standardError * 1_000.0.squareRoot()
    let predicted = estimates.map(\.standardError).reduce(0, +) / 1_000
    // A standard deviation from 1,000 values has a relative standard error of 1/√2000 = 2.2 %; five of them
    // are 11 %. The delta method itself is off by terms of order cv²/M, below 1 %.
    #expect(abs(scatter / predicted - 1) <= 0.12)
    // The log of an unbiased mean is too low, by half the squared standard error; below 5 standard errors.
    let bias = -predicted * predicted / 2
    let exact = Self.annealing.model.logPartition()
    #expect(SampleMean(values).isWithin(5, standardErrorsOf: exact + bias))
  }
}
