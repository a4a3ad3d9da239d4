import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// A machine of some kinds that has learned samples of another one.
struct TrainedKinds: Sendable, CustomTestStringConvertible {
  let shape: MachineShape
  let seed: UInt64

  var testDescription: String { "\(shape), seed \(seed)" }

  /// 20 machines: every kind of visibles four times, with 10 to 19 binary, spin or categorical hiddens.
  static let all: [TrainedKinds] = (0..<20).map { number in
    let visible: [[BlockShape]] = [
      [.bernoulli(12)], [.spin(12)], [.categorical([3, 4, 2, 3])], [.gaussian(6)], [.relu(6)],
    ]
    let count = 10 + number / 2
    let hidden: [[BlockShape]] = [
      [.bernoulli(count)], [.spin(count)], [.categorical([Int](repeating: 2, count: count / 2))],
      [.bernoulli(count)],
    ]
    return TrainedKinds(
      shape: MachineShape(visible[number % 5], hidden[number / 5]), seed: UInt64(600 + number))
  }

  func train() throws -> RBM {
    let teacher = LayeredPair(shape, weightDeviation: 0.7, seed: seed).engine
    let samples = FloatSamples(try teacher.exactSamples(count: 500, seed: seed))
    var settings = TrainingSettings()
    settings.method = "pcd"
    settings.epochs = 40
    settings.batchSize = 50
    settings.learningRate = teacher.visible.realColumns.isEmpty ? 0.05 : 0.005
    settings.seed = seed
    var start = LayeredPair(shape, weightDeviation: 0.05, seed: seed + 1).engine
    start.referenceVisibleBias = start.visible.bias(ofMeans: samples.means())
    var trainer = try Trainer(model: start, samples: samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    return trainer.model
  }
}

@Suite("Sandwiches of trained machines of all kinds", .enabled(if: Build.isOptimized))
struct TrainedSandwichTests {
  @Test("forward ≤ exact ≤ reverse within errors, from exact samples", arguments: TrainedKinds.all)
  func order(_ kinds: TrainedKinds) throws {
    let model = try kinds.train(), exact = try model.exactLogPartition()
    let reference = model.referenceVisibleBias ?? model.visible.bias
    let annealing = AnnealedImportanceSampling(
      model: model, reference: reference, schedule: .linear(300), seed: kinds.seed)
    let starts = try model.exactSamples(count: 200, seed: kinds.seed)
    let forward = annealing.logWeights(chains: 200), reverse = annealing.reverseLogWeights(from: starts)
    let lower = PartitionEstimate(annealing: forward, logBase: annealing.logBase)
    let upper = PartitionEstimate(
      reverseAnnealing: reverse, logBase: annealing.logBase, start: .exact)
    let both = PartitionEstimate(
      forward: forward, reverse: reverse, logBase: annealing.logBase, start: .exact)
    // One-sided at four standard errors: once in 30,000; Float rounds a sum of 300 gains by less than 10⁻³.
    #expect(lower.estimate <= exact + 4 * lower.standardError + 1e-3)
    #expect(upper.estimate >= exact - 4 * upper.standardError - 1e-3)
    #expect(abs(both.estimate - exact) <= 5 * both.standardError + 1e-3)
    #expect(lower.estimate <= upper.estimate + 4 * (lower.standardError + upper.standardError))
  }

  @Test("95 % intervals of a sandwich cover log Z in 90 to 99 % of 200 repetitions")
  func coverage() throws {
    let model = MachinePair.normal(visible: 8, hidden: 6, seed: 580).engine
    let exact = try model.exactLogPartition()
    let hits = try (0..<UInt64(200)).count { repetition in
      let annealing = AnnealedImportanceSampling(
        model: model, reference: model.visible.bias, schedule: .linear(20), seed: 4_000 + repetition)
      let starts = try model.exactSamples(count: 100, seed: 4_000 + repetition)
      let estimate = PartitionEstimate(
        forward: annealing.logWeights(chains: 100), reverse: annealing.reverseLogWeights(from: starts),
        logBase: annealing.logBase, start: .exact)
      return abs(estimate.estimate - exact) <= 1.96 * estimate.standardError
    }
    #expect(hits >= 180 && hits <= 198)
  }

  @Test("the error falls as one over the root of the runs, and as one over the temperatures")
  func scaling() throws {
    let model = MachinePair.normal(visible: 8, hidden: 6, weightDeviation: 1.5, seed: 581).engine
    func error(chains: Int, steps: Int) -> Double {
      let annealing = AnnealedImportanceSampling(
        model: model, reference: model.visible.bias, schedule: .linear(steps), seed: 582)
      return annealing.estimate(chains: chains).standardError
    }
    // Errors of M runs are good to about 1/√(2M), more where weights have tails: a quarter is far away.
    let roots = error(chains: 1_000, steps: 200) / error(chains: 16_000, steps: 200)
    #expect(roots > 3 && roots < 5)
    // The works' variance falls as 1/K for many steps, and the weights' deviation is its root: 4 for 16 times as many.
    let temperatures = error(chains: 4_000, steps: 200) / error(chains: 4_000, steps: 3_200)
    #expect(temperatures > 3 && temperatures < 6)
  }

  @Test("the golden value: 2 × 2 bars and stripes at their optimum have −1.7329 nats a pattern")
  func barsAndStripes() throws {
    // Rows or columns alike, black and white once by each: four patterns of 1/8 and two of 1/4, whose entropy
    // is 2·¼·log 4 + 4·⅛·log 8 = 1.7329 nats.
    let patterns = BoltzmannReference.barsAndStripes(side: 2)
    var settings = TrainingSettings()
    settings.method = "exact"
    settings.epochs = 20_000
    settings.batchSize = patterns.count
    settings.learningRate = 0.3
    settings.momentum = StepSchedule(0.9)
    settings.l2 = 0
    let samples = BitSamples(patterns)
    let start = RBM.initialized(dataMeans: samples.means(), hidden: 4, seed: 583)
    var trainer = try Trainer(model: start, samples: samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    let energies = trainer.model.freeEnergies(of: samples)
    let mean = -energies.reduce(0, +) / Double(energies.count) - (try trainer.model.exactLogPartition())
    let entropy = patterns.count == 8 ? 1.7329 : 0
    #expect(patterns.count == 8)
    // No law can do better than the entropy of the data; learning has come within 0.005 of it.
    #expect(mean <= -entropy + 1e-4 && mean >= -entropy - 0.005)
  }
}
