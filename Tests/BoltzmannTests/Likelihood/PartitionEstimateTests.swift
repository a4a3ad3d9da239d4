import Boltzmann
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Estimates of the partition function")
struct PartitionEstimateTests {
  // A dozen operations in Double, rounded to 1.1e-16 of numbers below 10; the kernel's exponentials are good to
  // a few ulp.
  static let tolerance = 1e-14

  @Test("estimate, error and deviation are the reference's")
  func formulas() {
    let logWeights = randomValues(1, width: 200, seed: 250)[0].map { 3 * $0 }
    let estimate = PartitionEstimate(annealing: logWeights, logBase: 2.5)
    let reference = ReferencePartitionEstimate(baseLogPartition: 2.5, logWeights: logWeights)
    #expect(abs(estimate.estimate - reference.logPartition) <= Self.tolerance)
    #expect(abs(estimate.standardError - reference.standardError) <= Self.tolerance)
    #expect(abs(estimate.relativeDeviation - reference.relativeDeviation) <= Self.tolerance)
    #expect(estimate.method == "ais" && estimate.kind == .interval3)
  }

  @Test("the interval is three standard errors of the mean weight wide")
  func interval() {
    let estimate = PartitionEstimate(annealing: [log(0.9), log(1.1), 0, 0], logBase: 0)
    // Weights 0.9, 1.1, 1, 1: mean 1, variance 0.02/3, standard error √(0.02/12).
    let error = (0.02 / 12).squareRoot()
    #expect(abs(estimate.standardError - error) <= Self.tolerance)
    #expect(abs(estimate.lower - log(1 - 3 * error)) <= Self.tolerance)
    #expect(abs(estimate.upper - log(1 + 3 * error)) <= Self.tolerance)
    #expect(!estimate.isUnreliable)
  }

  @Test("equal weights leave no doubt")
  func equalWeights() {
    let estimate = PartitionEstimate(annealing: [Double](repeating: -700, count: 8), logBase: 1_000)
    // The log of the mean of eight equal weights rounds by a few ulp of 700: 1.1e-13 each.
    #expect(abs(estimate.estimate - 300) <= 1e-12)
    #expect(estimate.standardError <= 1e-12)
    #expect(abs(estimate.upper - estimate.lower) <= 1e-11)
  }

  @Test("a single chain says nothing of its error, in numbers that are no NaN")
  func singleChain() {
    let estimate = PartitionEstimate(annealing: [3], logBase: 4)
    #expect(estimate.estimate == 7)
    #expect(estimate.standardError == .infinity)
    #expect(estimate.lower == -.infinity && estimate.upper == .infinity)
    #expect(estimate.relativeDeviation == .infinity && estimate.isUnreliable)
  }

  @Test("widely spread weights never ask for the log of a negative number", arguments: [1, 10, 700, 2_000])
  func wideSpread(_ spread: Double) {
    let logWeights = (0..<10).map { spread * Double($0) }
    let estimate = PartitionEstimate(annealing: logWeights, logBase: 0)
    #expect(estimate.estimate.isFinite && estimate.standardError.isFinite)
    // One weight outshines the others: of M weights only one counts, ε → 1, and 3ε ≥ 1.
    #expect(3 * estimate.standardError >= 1)
    #expect(estimate.lower == -.infinity)
    #expect(estimate.upper > estimate.estimate && estimate.upper.isFinite)
    #expect(estimate.isUnreliable)
  }

  @Test("weights beyond the range of exponentials: only their ratios matter")
  func shifted() {
    let logWeights = randomValues(1, width: 50, seed: 251)[0]
    let estimate = PartitionEstimate(annealing: logWeights, logBase: 0)
    let shifted = PartitionEstimate(annealing: logWeights.map { $0 - 50_000 }, logBase: 0)
    // Numbers near 50,000 are rounded to 7.3e-12.
    #expect(abs(shifted.estimate - (estimate.estimate - 50_000)) <= 4e-11)
    #expect(abs(shifted.standardError - estimate.standardError) <= 4e-11)
  }

  @Test("the deviation is unreliable above 0.3")
  func unreliable() {
    // Two weights 1 ± d have the relative deviation d·√2.
    func estimate(_ d: Double) -> PartitionEstimate {
      PartitionEstimate(annealing: [log(1 - d), log(1 + d)], logBase: 0)
    }
    #expect(!estimate(0.29 / 2.0.squareRoot()).isUnreliable)
    #expect(estimate(0.31 / 2.0.squareRoot()).isUnreliable)
  }

  @Test("an exact value has no error")
  func exact() {
    let estimate = PartitionEstimate(exact: 12.5)
    #expect([estimate.estimate, estimate.lower, estimate.upper] == [12.5, 12.5, 12.5])
    #expect(estimate.standardError == 0 && !estimate.isUnreliable)
    #expect(estimate.kind == .exact && estimate.method == "exact")
  }
}
