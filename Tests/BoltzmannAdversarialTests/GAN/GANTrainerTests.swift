import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite struct GANTrainerTests {
  private func ring() throws -> FloatSamples { try GaussianRing().samples(300, seed: 1) }

  private func settings(_ change: (inout GANSettings) -> Void = { _ in }) -> GANSettings {
    var settings = GANSettings()
    (settings.generatorWidths, settings.discriminatorWidths) = ([20, 18], [17])
    settings.noise = NoisePrior(kind: .normal, width: 3)
    settings.seed = 7
    change(&settings)
    return settings
  }

  private func trained(_ settings: GANSettings, steps: Int, threads: Int = 2) throws -> (
    GAN, [GANTrainer.Info]
  ) {
    let data = try ring()
    var trainer = try GANTrainer(samples: data, settings: settings)
    let infos = try (0..<steps).map { _ in
      try trainer.step(samples: data, parallel: Parallel(threads: threads))
    }
    return (try trainer.gan, infos)
  }

  /// With momentum 0 and rate 1 a step of the generator is minus the gradient of its cost, here by central
  /// differences of the reference through both networks. The discriminator's step comes first and is not small, so
  /// its parameters are taken after it. Rounding as for single networks: 2e−4; the cost itself 1e−5.
  @Test(arguments: GANObjective.allCases, [NoisePrior.Kind.normal, .uniform])
  func generatorsFollowTheirGradient(_ objective: GANObjective, _ kind: NoisePrior.Kind) throws {
    let settings = settings {
      $0.objective = objective
      $0.batchSize = 5
      $0.noise = NoisePrior(kind: kind, width: 2)
      ($0.generatorWidths, $0.discriminatorWidths) = ([4], [3])
      $0.generatorActivation = .tanh
      $0.discriminatorActivation = objective == .wasserstein ? .rectified(slope: 0.2) : .tanh
      $0.generatorRule = .momentum(rate: 1, momentum: 0)
    }
    let data = try ring()
    var trainer = try GANTrainer(samples: data, settings: settings)
    let before = try trainer.gan
    let info = try trainer.step(samples: data)
    let after = try trainer.gan, judge = ReferenceNetwork(after.discriminator)
    // The second minibatch of noise is the generator's.
    let noise = noise(settings, step: 1)
    let cost = { (generator: ReferenceNetwork) in
      noise.map { z in objective.cost(logit: judge.outputs(generator.outputs(z))[0]) }.reduce(0, +) / 5
    }
    let first = ReferenceNetwork(before.generator)
    #expect(abs(info.generatorCost - cost(first)) <= 1e-5)
    for layer in first.layers.indices {
      let gradient = centralDifferences(at: first.layers[layer].bias) {
        var moved = first
        moved.layers[layer].bias = $0
        return cost(moved)
      }
      let step = zip(
        before.generator.layers[layer].bias.doubles[0], after.generator.layers[layer].bias.doubles[0])
      #expect(largestDifference(step.map { $0 - $1 }, gradient) <= 2e-4)
    }
  }

  private func noise(_ settings: GANSettings, step: UInt64) -> [[Double]] {
    let stream = RandomStream(seed: settings.seed, purpose: .noise, step: step)
    let width = settings.noise.width
    switch settings.noise.kind {
    case .uniform:
      return (0..<settings.batchSize).map { row in
        stream.uniforms(row: UInt64(row), count: width).map { 2 * $0 - 1 }
      }
    case .normal:
      let target = MutableMatrixView(rows: settings.batchSize, columns: width)
      target.sampleGaussian(
        inputs: target.view, bias: [Float](repeating: 0, count: width),
        precision: [Float](repeating: 1, count: width),
        random: RandomRows(stream, rows: (0..<UInt64(settings.batchSize)).map { $0 }[...]))
      return target.view.doubles
    }
  }

  @Test func bitsDoNotDependOnTheThreads() throws {
    let runs = try [1, 2, 3].map {
      try trained(settings { $0.discriminatorSteps = 2 }, steps: 6, threads: $0)
    }
    #expect(runs.allSatisfy { $0.0 == runs[0].0 && $0.1 == runs[0].1 })
    let another = try trained(settings { $0.seed = 8 }, steps: 6)
    #expect(another.0 != runs[0].0)
  }

  @Test func epochsCountTheGeneratorsSteps() throws {
    let infos = try trained(settings { $0.batchSize = 100 }, steps: 6).1
    #expect(infos.map(\.endsEpoch) == [false, false, true, false, false, true])
    // A discriminator that knows nothing yet: log 4 and ½, within what random first weights do.
    #expect(abs(infos[0].discriminatorCost - log(4)) < 1 && abs(infos[0].meanOfData - 0.5) < 0.3)
  }

  /// Minibatches of one, and larger than the data.
  @Test(arguments: [1, 2, 700])
  func anyMinibatchWorks(_ size: Int) throws {
    let infos = try trained(settings { $0.batchSize = size }, steps: 3).1
    #expect(infos.allSatisfy { $0.discriminatorCost.isFinite && $0.generatorCost.isFinite })
  }

  /// The discriminator wins completely, since data are far away: log 0 never occurs, and the generator goes on.
  @Test(arguments: GANObjective.allCases)
  func aDiscriminatorThatWinsIsSurvived(_ objective: GANObjective) throws {
    let data = try GaussianRing(modes: 1, radius: 100).samples(300, seed: 1)
    let settings = settings {
      $0.discriminatorSteps = 10
      $0.objective = objective
      $0.discriminatorRule = .adam(rate: 0.1)
      $0.generatorRule = .adam(rate: 1e-6)
    }
    var trainer = try GANTrainer(samples: data, settings: settings)
    for _ in 0..<10 {
      let info = try trainer.step(samples: data)
      #expect(info.discriminatorCost.isFinite && info.generatorCost.isFinite)
    }
    let info = try trainer.step(samples: data)
    if objective == .wasserstein {
      #expect(info.meanOfData - info.meanOfFakes > 10)
    } else {
      #expect(info.meanOfFakes < 0.05 && info.meanOfData > 0.95)
    }
  }

  @Test func trainingsThatDivergeSaySo() throws {
    #expect(throws: TrainingDiverged.self) {
      _ = try trained(settings { $0.discriminatorRule = .momentum(rate: 1e30) }, steps: 20)
    }
  }

  @Test func samplesAreTheSameWhateverTheCount() throws {
    let gan = try trained(settings(), steps: 2).0
    let (few, many) = (try gan.samples(3, seed: 5), try gan.samples(400, seed: 5))
    #expect(few.values == Array(many.values.prefix(6)))
    #expect(try gan.samples(3, seed: 6) != few)
    #expect(try gan.logits(of: few.view).count == 3)
  }

  @Test func settingsThatMakeNoSenseAreRefused() throws {
    let data = try ring()
    let changes: [(inout GANSettings) -> Void] = [
      { $0.batchSize = 0 }, { $0.discriminatorSteps = 0 }, { $0.epochs = 0 },
      { $0.generatorWidths = [4, 0] },
      { $0.generatorRule = .adam(rate: -1) }, { $0.discriminatorRule = .adam(rate: .infinity) },
    ]
    for change in changes {
      #expect(throws: SettingsError.self) { try GANTrainer(samples: data, settings: settings(change)) }
    }
    #expect(throws: SettingsError.self) {
      try GANTrainer(samples: FloatSamples(width: 2, values: []), settings: settings())
    }
  }

  @Test func networksThatDoNotFitAreRefused() throws {
    let network = { (widths: [Int]) in
      try DenseNetwork(widths: widths, hidden: .tanh, output: .linear, seed: 0)
    }
    let noise = NoisePrior(kind: .uniform, width: 2)
    let pairs = [([3, 2], [2, 1]), ([2, 4], [2, 1]), ([2, 4], [4, 2])]
    for (generator, discriminator) in pairs {
      #expect(throws: SettingsError.self) {
        try GAN(noise: noise, generator: network(generator), discriminator: network(discriminator))
      }
    }
  }

  @Test(arguments: ["", "normal", "normal:0", "normal:-1", "normal:2000000", "gamma:3", "uniform:x"])
  func otherNoiseIsNone(_ text: String) { #expect(NoisePrior(text) == nil) }

  @Test(arguments: ["normal:16", "uniform:1"])
  func noiseIsReadAndWritten(_ text: String) { #expect(NoisePrior(text)?.description == text) }
}

@Suite struct GaussianRingTests {
  /// P(r ≤ 3σ) = 1 − e^{−9/2} = 98.9 %; each mode's count is binomial with n = 4,000, p = 1/8: 5 of √(np(1−p)).
  @Test func theRingCoversItself() throws {
    let ring = try GaussianRing(), count = 4_000
    let coverage = ModeCoverage(of: ring.samples(count, seed: 3).matrix(0..<count), on: ring)
    let near = 1 - exp(-4.5), error = (near * (1 - near) / Double(count)).squareRoot()
    #expect(coverage.covered == 8)
    #expect(abs(coverage.shareNear - near) <= 5 * error)
    let spread = (Double(count) / 8 * 7 / 8).squareRoot()
    #expect(coverage.counts.allSatisfy { abs(Double($0) - near * Double(count) / 8) <= 5 * spread })
  }

  @Test func coverageCountsModes() throws {
    let ring = try GaussianRing(modes: 4, radius: 2, deviation: 0.1)
    let rows = Matrix(rows: 5, columns: 2, values: [2, 0, 2.2, 0.1, 0, 2.29, 0, -2.31, 0, 0])
    let coverage = ModeCoverage(of: rows, on: ring)
    #expect(coverage.counts == [2, 1, 0, 0] && coverage.covered == 2 && coverage.shareNear == 0.6)
    #expect(ModeCoverage(of: Matrix(rows: 0, columns: 2), on: ring).covered == 0)
  }

  @Test func ringsThatAreNoneAreRefused() {
    #expect(throws: SettingsError.self) { try GaussianRing(modes: 0) }
    #expect(throws: SettingsError.self) { try GaussianRing(radius: .nan) }
    #expect(throws: SettingsError.self) { try GaussianRing(deviation: 0) }
  }
}
