import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Annealed importance sampling")
struct AnnealedImportanceSamplingTests {
  static let pair = MachinePair.normal(visible: 7, hidden: 5, seed: 260)
  /// Exact in Float.
  static let base = [0.5, -1, 0, 2, -0.25, 0.125, 1]

  static var reference: ReferenceAnnealing {
    ReferenceAnnealing(model: pair.reference, baseVisibleBias: base)
  }

  static func annealing(_ schedule: AnnealingSchedule, seed: UInt64, threads: Int = 2)
    -> AnnealedImportanceSampling
  {
    AnnealedImportanceSampling(
      model: pair.engine, reference: base.map(Float.init), schedule: schedule, seed: seed,
      parallel: Parallel(threads: threads))
  }

  @Test("log Z₀ is that of independent units")
  func logBase() {
    let logBase = Self.annealing(.linear(1), seed: 0).logBase
    // Twelve softplus below 2.2, each good to 9u of itself.
    #expect(abs(logBase - Self.reference.baseLogPartition) <= 12 * 9 * 2.2 * FloatBounds.roundoff)
  }

  @Test("the weights are the reference's with the same random numbers", arguments: [1, 2, 8])
  func weights(_ steps: Int) {
    // The temperatures are multiples of ⅛: exact in Float.
    let schedule = AnnealingSchedule.linear(steps)
    let weights = Self.annealing(schedule, seed: 261).logWeights(chains: 57)
    var matched = MatchedAnnealing(Self.reference, seed: 261)
    let expected = (0..<57).map {
      matched.logWeight(chain: $0, inverseTemperatures: schedule.inverseTemperatures)
    }
    let bounds = FloatBounds(Self.pair.reference, updates: steps)
    let path = Self.base.reduce(Self.pair.reference.largestParameter) { max($0, abs($1)) }
    // At β the visibles' bias is (1/β − 1)·a + b; it, its sum with the input and the product with β round thrice,
    // each time by 2⁻²⁴ of at most 2·path and what the input has. Means have slope ¼.
    #expect(matched.margin > 2 * bounds.draw + 6 * path * FloatBounds.roundoff / 4)
    // Every step takes the difference of two free energies, and of the bias's path, 7 terms below 2·path.
    let perStep = 2 * bounds.freeEnergy + 9 * FloatBounds.roundoff * 7 * 2 * path
    #expect(largestDifference(weights, expected) <= Double(steps) * perStep)
  }

  @Test("the same bits on any number of threads", arguments: [2, 3])
  func threads(_ threads: Int) {
    let one = Self.annealing(.linear(5), seed: 262, threads: 1).logWeights(chains: 170)
    let many = Self.annealing(.linear(5), seed: 262, threads: threads).logWeights(chains: 170)
    #expect(one == many)
  }

  @Test("a model that is its own base is estimated without error")
  func trivialModel() {
    let model = RBM(visibleBias: [1, -2, 0.5], hiddenBias: [0, 0], weights: Matrix(rows: 3, columns: 2))
    let annealing = AnnealedImportanceSampling(
      model: model, reference: model.visible.bias, schedule: .linear(5), seed: 1)
    let estimate = annealing.estimate(chains: 10)
    // The path does not move: weights are 1 exactly, and log 1 = 0.
    #expect(estimate.estimate == annealing.logBase)
    #expect(estimate.standardError == 0)
  }

  @Test("a single chain gives an estimate without bounds")
  func singleChain() {
    let estimate = Self.annealing(.linear(3), seed: 263).estimate(chains: 1)
    #expect(estimate.estimate.isFinite)
    #expect(estimate.lower == -.infinity && estimate.upper == .infinity)
  }

  @Test("the mean weight is Z / Z₀", .enabled(if: Build.isOptimized), arguments: [1, 20])
  func unbiasedness(_ steps: Int) {
    let exact = Self.pair.reference.logPartition() - Self.reference.baseLogPartition
    let weights = Self.annealing(.linear(steps), seed: 264).logWeights(chains: 200_000)
    // Five standard errors of independent chains.
    #expect(SampleMean(weights.map { exp($0 - exact) }).isWithin(5, standardErrorsOf: 1))
  }
}
