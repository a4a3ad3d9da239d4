import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannTestSupport
import Testing

@Suite(.enabled(if: Build.isOptimized)) struct GANOutcomeTests {
  /// The ring of eight: at least seven modes covered, more than 80 % of samples within 3 deviations of one.
  @Test(arguments: 0..<2 as Range<UInt64>)
  func theRingIsCovered(_ seed: UInt64) throws {
    let ring = try GaussianRing(), data = ring.samples(10_000, seed: seed)
    var settings = GANSettings()
    settings.noise = NoisePrior(kind: .normal, width: 2)
    (settings.generatorWidths, settings.discriminatorWidths) = ([64, 64], [64, 64])
    settings.batchSize = 100
    settings.generatorRule = .adam(rate: 1e-3, firstDecay: 0.5)
    settings.discriminatorRule = .adam(rate: 1e-3, firstDecay: 0.5)
    settings.epochs = 60
    settings.seed = seed
    var trainer = try GANTrainer(samples: data, settings: settings)
    while !trainer.isFinished { _ = try trainer.step(samples: data) }
    let coverage = ModeCoverage(of: try trainer.gan.samples(4_000, seed: 7), on: ring)
    #expect(coverage.covered >= 7, "\(coverage.counts)")
    #expect(coverage.shareNear > 0.8)
  }
}
