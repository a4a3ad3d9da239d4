import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// Exact and annealed log Z of machines with trained weights.
@Suite("Likelihood of trained machines", .enabled(if: Build.isOptimized))
struct TrainedMachineTests {
  static let sizes = [10, 15, 20]

  @Test("both layers' sums agree to 1e-5, and with the reference", arguments: sizes)
  func enumeration(_ hidden: Int) throws {
    let model = try TrainedMachine.make(hidden: hidden)
    // It has learned: independent units reach −16·log 2 = −11.1, and nothing passes the entropy, 108.131/32.
    let logLikelihood = try TrainedMachine.meanLogLikelihood(model)
    #expect(logLikelihood > -6 && logLikelihood < -108.131 / 32)
    let byHiddens = try Enumeration(of: model, over: .hidden).logPartition()
    let byVisibles = try Enumeration(of: model, over: .visible).logPartition()
    #expect(abs(byHiddens - byVisibles) <= 1e-5 * abs(byHiddens))
    let reference = ReferenceRBM(model)
    #expect(abs(byVisibles - reference.logPartitionByVisibles()) <= FloatBounds(reference).freeEnergy)
  }

  @Test("moments agree with the reference's to 5e-6")
  func moments() throws {
    let model = try TrainedMachine.make(hidden: 10)
    let reference = ReferenceRBM(model)
    let exact = reference.modelPhase().moments(around: .zero(like: reference))
    let moments = ReferenceGradient(try Enumeration(of: model).moments())
    #expect(moments.largestDifference(from: exact) <= 5e-6)
  }

  /// Fifty annealings with seeds of their own. The interval of three standard errors misses log Z once in 370
  /// times where mean weights are normal; so many misses that 50 honest tries had them with odds below 10⁻⁶
  /// fail. Estimates are as good as their standard errors say: their mean is within five of its own.
  @Test("annealing brackets the exact log Z", arguments: sizes)
  func annealing(_ hidden: Int) throws {
    let model = try TrainedMachine.make(hidden: hidden)
    let exact = try model.exactLogPartition()
    let estimates = try (0..<50).map { seed in
      AnnealedImportanceSampling(
        model: model, reference: try #require(model.referenceVisibleBias), schedule: .linear(1_000),
        seed: 1_000 + UInt64(seed)
      ).estimate(chains: 200)
    }
    #expect(estimates.allSatisfy { !$0.isUnreliable })
    let misses = estimates.count { !($0.lower...$0.upper).contains(exact) }
    #expect(misses < Statistics.tooManyHits(trials: 50, probability: 2 * Statistics.normalSurvival(3)))
    // By Jensen's inequality the log of a mean weight is too low, by half of its squared error.
    let errors = estimates.map { $0.estimate + $0.standardError * $0.standardError / 2 - exact }
    #expect(SampleMean(errors).isWithin(5, standardErrorsOf: 0))
  }

  @Test("so does the schedule of Salakhutdinov & Murray")
  func salakhutdinovMurray() throws {
    let model = try TrainedMachine.make(hidden: 15)
    let exact = try model.exactLogPartition()
    let estimate = AnnealedImportanceSampling(
      model: model, reference: try #require(model.referenceVisibleBias), schedule: .salakhutdinovMurray,
      seed: 270
    ).estimate(chains: 100)
    #expect(!estimate.isUnreliable)
    // Roundings of some 1e-6 a step, of random signs, add up to 1e-4 over 14,500 steps: far less.
    #expect(abs(estimate.estimate - exact) <= 5 * estimate.standardError)
  }
}
