import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite struct GradientPenaltyTests {
  private func settings(penalty: Double) -> GANSettings {
    var settings = GANSettings()
    settings.objective = .wasserstein
    settings.penaltyWeight = penalty
    settings.noise = NoisePrior(kind: .uniform, width: 2)
    (settings.generatorWidths, settings.discriminatorWidths) = ([4], [5, 3])
    // Rectified, all its units might be off: a fake at 0, where a critic without biases yet has no slope.
    settings.generatorActivation = .tanh
    (settings.batchSize, settings.seed) = (6, 7)
    settings.discriminatorRule = .momentum(rate: 1, momentum: 0)
    return settings
  }

  /// With momentum 0 and rate 1 a step of the critic is minus the gradient of its cost, by central differences of the
  /// reference, penalty included: its slope in x is that of the reference's own backward pass. Gradients of order 10
  /// (λ = 3), Float on the way and differences of 10⁻⁶: 10⁻³.
  @Test(arguments: [0, 3.0])
  func criticsFollowTheirGradient(_ penalty: Double) throws {
    let settings = settings(penalty: penalty), data = try GaussianRing().samples(50, seed: 1)
    var trainer = try GANTrainer(samples: data, settings: settings)
    let before = try trainer.gan
    let info = try trainer.step(samples: data), after = try trainer.gan
    let batch = try Batch(settings, data, generator: ReferenceNetwork(before.generator))
    let first = ReferenceNetwork(before.discriminator)
    #expect(abs(info.discriminatorCost - batch.cost(of: first, penalty: penalty)) <= 1e-4)
    for layer in first.layers.indices {
      let found = zip(
        before.discriminator.layers[layer].parameters.doubles,
        after.discriminator.layers[layer].parameters.doubles
      ).map { zip($0, $1).map { $0 - $1 } }
      let expected = gradient(of: first, layer) { batch.cost(of: $0, penalty: penalty) }
      #expect(largestDifference(found, expected) <= 1e-3)
    }
  }

  /// Weights, and biases as last row.
  private func gradient(
    of network: ReferenceNetwork, _ layer: Int, cost: (ReferenceNetwork) -> Double
  ) -> [[Double]] {
    let rows = network.layers[layer].weights.indices.map { row in
      centralDifferences(at: network.layers[layer].weights[row]) {
        var moved = network
        moved.layers[layer].weights[row] = $0
        return cost(moved)
      }
    }
    let bias = centralDifferences(at: network.layers[layer].bias) {
      var moved = network
      moved.layers[layer].bias = $0
      return cost(moved)
    }
    return rows + [bias]
  }

  /// The first minibatch of a training: data, fakes and points between.
  private struct Batch {
    let data, fakes, between: [[Double]]

    init(_ settings: GANSettings, _ samples: FloatSamples, generator: ReferenceNetwork) throws {
      let m = settings.batchSize
      let numbers = RandomStream(seed: settings.seed, purpose: .shuffle, step: 0)
        .uniforms(row: 0, count: m).map { Int($0 * Double(samples.count)) }
      data = samples.matrix(numbers).doubles
      let noise = RandomStream(seed: settings.seed, purpose: .noise, step: 0)
      fakes = (0..<m).map { row in
        generator.outputs(noise.uniforms(row: UInt64(row), count: 2).map { 2 * $0 - 1 })
      }
      let shares = RandomStream(seed: settings.seed, purpose: .selection, step: 1).uniforms(row: 0, count: m)
      between = zip(shares, zip(data, fakes)).map { share, pair in
        zip(pair.0, pair.1).map { $1 + share * ($0 - $1) }
      }
    }

    func cost(of critic: ReferenceNetwork, penalty: Double) -> Double {
      let count = Double(data.count)
      let difference = zip(fakes, data).reduce(0) { $0 + critic.outputs($1.0)[0] - critic.outputs($1.1)[0] }
      let slopes = between.map { critic.gradient(at: $0, outputSlopes: [1]).inputs }
      let excess = slopes.reduce(0.0) { sum, slope in
        let norm = slope.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sum + (norm - 1) * (norm - 1)
      }
      return (difference + penalty * excess) / count
    }
  }

  @Test func bitsDoNotDependOnTheThreads() throws {
    let data = try GaussianRing().samples(300, seed: 1)
    let gans = try [1, 2, 3].map { threads in
      var settings = settings(penalty: 10)
      (settings.batchSize, settings.discriminatorRule) = (110, .adam(rate: 1e-3))
      var trainer = try GANTrainer(samples: data, settings: settings)
      for _ in 0..<5 { _ = try trainer.step(samples: data, parallel: Parallel(threads: threads)) }
      return try trainer.gan
    }
    #expect(gans[0] == gans[1] && gans[0] == gans[2])
  }

  @Test func curvedCriticsAndNegativePenaltiesAreRefused() throws {
    let data = try GaussianRing().samples(50, seed: 1)
    var curved = settings(penalty: 10)
    curved.discriminatorActivation = .tanh
    for wrong in [curved, settings(penalty: -1), settings(penalty: .nan)] {
      #expect(throws: SettingsError.self) { try GANTrainer(samples: data, settings: wrong) }
    }
  }

  /// Data far away, at a distance W: D of data less D of fakes is s·W for a critic of slope s, and −sW + λ(s − 1)² is
  /// least at s = 1 + W/2λ, here 1.05.
  @Test(.enabled(if: Build.isOptimized)) func theCostIsADistance() throws {
    let data = try GaussianRing(modes: 1, radius: 10, deviation: 0.01).samples(1_000, seed: 2)
    var settings = settings(penalty: 100)
    (settings.discriminatorWidths, settings.batchSize, settings.epochs) = ([64, 64], 100, 60)
    settings.discriminatorRule = .adam(rate: 1e-3, firstDecay: 0.5)
    // The generator hardly moves.
    settings.generatorRule = .adam(rate: 1e-9)
    var trainer = try GANTrainer(samples: data, settings: settings), distances: [Double] = []
    while !trainer.isFinished {
      let info = try trainer.step(samples: data)
      distances.append(info.meanOfData - info.meanOfFakes)
    }
    let fakes = try trainer.gan.samples(1_000, seed: 3).doubles
    let truth = fakes.reduce(0) { $0 + (($1[0] - 10) * ($1[0] - 10) + $1[1] * $1[1]).squareRoot() } / 1_000
    let found = distances.suffix(100).reduce(0, +) / 100
    // No pair is as far apart as the mean: 3 %; and the last steps still move the critic.
    #expect(abs(found / (truth * (1 + truth / 200)) - 1) < 0.03)
  }
}
