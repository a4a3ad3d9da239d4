import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Reverse annealing and the sandwich")
struct ReverseAnnealingTests {
  static let pair = MachinePair.normal(visible: 7, hidden: 5, seed: 520)

  static func annealing(_ steps: Int, seed: UInt64, threads: Int = 2) -> AnnealedImportanceSampling {
    AnnealedImportanceSampling(
      model: pair.engine, reference: [Float](repeating: 0.25, count: 7), schedule: .linear(steps), seed: seed,
      parallel: Parallel(threads: threads))
  }

  @Test("with a single step ω is F₀ − F₁ of the start")
  func singleStep() throws {
    let starts = Matrix(randomStates(20, width: 7, seed: 521))
    let annealing = Self.annealing(1, seed: 522)
    let found = annealing.reverseLogWeights(from: starts)
    let base = Self.pair.engine.tempered(inverseTemperature: 0, reference: annealing.reference)
    let expected = zip(base.freeEnergies(of: starts.view), Self.pair.engine.freeEnergies(of: starts.view))
      .map { $0 - $1 }
    // Two free energies of 12 terms below 10 each, in Float: 24·10·2⁻²⁴.
    #expect(largestDifference(found, expected) <= 240 * FloatBounds.roundoff)
  }

  @Test("the same bits on any number of threads")
  func threads() {
    let starts = Matrix(randomStates(130, width: 7, seed: 523))
    let one = Self.annealing(9, seed: 524, threads: 1).reverseLogWeights(from: starts)
    #expect(one == Self.annealing(9, seed: 524, threads: 2).reverseLogWeights(from: starts))
  }

  @Test("from exact samples the mean of e^−ω is Z₀/Z", .enabled(if: Build.isOptimized), arguments: [1, 20])
  func unbiasedness(_ steps: Int) throws {
    let annealing = Self.annealing(steps, seed: 525)
    let starts = try Self.pair.engine.exactSamples(count: 200_000, seed: 526)
    let logRatio = annealing.logBase - (try Self.pair.engine.exactLogPartition())
    let weights = annealing.reverseLogWeights(from: starts).map { exp(-$0 - logRatio) }
    #expect(SampleMean(weights).isWithin(5, standardErrorsOf: 1))
    // From elsewhere it is not: the test can fail.
    let elsewhere = Matrix(rows: 200_000, columns: 7)
    let wrong = annealing.reverseLogWeights(from: elsewhere).map { exp(-$0 - logRatio) }
    #expect(!SampleMean(wrong).isWithin(5, standardErrorsOf: 1))
  }

  @Test("a sandwich of exact starts holds log Z, Bennett's ratio within it", arguments: LayeredCase.summable)
  func sandwich(_ test: LayeredCase) throws {
    let model = test.pair.engine
    let annealing = AnnealedImportanceSampling(
      model: model, reference: model.visible.bias, schedule: .linear(60), seed: 527)
    let exact = try model.exactLogPartition()
    guard let starts = try? model.exactSamples(count: 100, seed: 528) else { return }
    let estimate = PartitionEstimate(
      forward: annealing.logWeights(chains: 100), reverse: annealing.reverseLogWeights(from: starts),
      logBase: annealing.logBase, start: .exact)
    // Three standard errors below a lower bound and above an upper one; ends may round by 10⁻⁴.
    #expect(estimate.lower <= exact + 1e-4 && exact - 1e-4 <= estimate.upper)
    #expect(abs(estimate.estimate - exact) <= 5 * estimate.standardError + 1e-4)
    #expect(estimate.kind == .sandwich && estimate.method == "sandwich")
  }

  @Test("only exact starts, and chains that were seen to mix, make a sandwich")
  func verification() {
    func kind(_ start: ReverseStart) -> PartitionEstimate.Kind {
      PartitionEstimate(forward: [1, 1.1], reverse: [1.2, 1.3], logBase: 0, start: start).kind
    }
    #expect(kind(.exact) == .sandwich && kind(.unverified) == .interval3)
    func tempered(_ trips: Int, _ rHat: Double, _ samples: Double = 1_000) -> PartitionEstimate.Kind {
      kind(ReverseStart(roundTrips: trips, splitRHat: rHat, effectiveSampleSize: samples))
    }
    #expect(tempered(10, 1.009, 100) == .sandwich)
    #expect(tempered(9, 1) == .interval3 && tempered(1_000, 1.01) == .interval3)
    #expect(tempered(1_000, .nan) == .interval3 && tempered(1_000, 1, 99) == .interval3)
  }

  @Test("started away from the modes, reverse runs claim no bound")
  func unverified() {
    let annealing = Self.annealing(5, seed: 529)
    let estimate = PartitionEstimate(
      forward: annealing.logWeights(chains: 50),
      reverse: annealing.reverseLogWeights(from: Matrix(rows: 50, columns: 7)), logBase: annealing.logBase,
      start: .unverified)
    #expect(estimate.kind == .interval3 && estimate.reverseStart == .unverified)
    #expect(estimate.lower == estimate.estimate - 3 * estimate.standardError)
  }
}
