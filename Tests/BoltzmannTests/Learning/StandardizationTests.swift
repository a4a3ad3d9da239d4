import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// Real data: three Gaussian clusters in the plane, of unequal spread.
struct Clusters {
  static let values: [[Double]] = {
    let random = ReferenceRandom(seed: 480)
    let centres = [(-5.0, -5.0), (5, -5), (0, 5)]
    return (0..<600).map { row in
      let centre = centres[Int(3 * random.uniform(unit: 0, row: row))]
      return [centre.0 + random.normal(unit: 1, row: row), centre.1 + 0.5 * random.normal(unit: 2, row: row)]
    }
  }()

  /// The clusters in another unit of measurement.
  static func samples(unit: Double = 1) -> FloatSamples { FloatSamples(values.map { $0.map { unit * $0 } }) }

  /// Hidden layers without and with real units.
  static let hiddens: [BlockShape] = [.bernoulli(4), .spin(3), .categorical([3, 2]), .gaussian(2), .relu(3)]

  static func machine(_ hidden: BlockShape, _ samples: some Samples, deviation: Double = 0.1) -> RBM {
    let units = MachineShape([], [hidden]).normal(biasDeviation: 0, seed: 481).hidden.units
    return RBM.initialized(
      visible: GaussianUnits(bias: [Float](repeating: 0, count: samples.width)), hidden: units,
      data: samples.statistics(), weights: .normal(standardDeviation: deviation), seed: 482)
  }

  static func settings(_ method: String, rate: Double, epochs: Int) -> TrainingSettings {
    var settings = TrainingSettings.estimator(method, batchSize: 100)
    settings.epochs = epochs
    settings.learningRate = rate
    settings.seed = 483
    return settings
  }
}

@Suite("Standardised learning of real units")
struct StandardizationTests {
  private func train(_ hidden: BlockShape, _ method: String, unit: Double) throws -> RBM {
    let samples = Clusters.samples(unit: unit)
    var trainer = try Trainer(
      model: Clusters.machine(hidden, samples), samples: samples,
      settings: Clusters.settings(method, rate: 0.01, epochs: 3))
    while !trainer.isFinished { try trainer.step(samples: samples) }
    return trainer.model
  }

  /// A power of two passes every product exactly, as long as nothing underflows: the very bits are the same.
  @Test(
    "does not depend on the unit of measurement", arguments: Clusters.hiddens, ["cd", "pcd"])
  func units(_ hidden: BlockShape, _ method: String) throws {
    let one = try train(hidden, method, unit: 1)
    for unit in [1024, 1 / 1024] as [Float] {
      let other = try train(hidden, method, unit: Double(unit))
      #expect(other.weights.values.map { $0 * unit } == one.weights.values)
      #expect(other.visible.bias.map { $0 * unit } == one.visible.bias)
      #expect(other.visible.precision.map { $0 * unit * unit } == one.visible.precision)
      #expect(other.hidden.bias == one.hidden.bias)
    }
  }

  @Test("the trained machines did learn", arguments: ["cd", "pcd"])
  func moved(_ method: String) throws {
    let samples = Clusters.samples(), machine = Clusters.machine(.bernoulli(4), samples)
    let trained = try train(.bernoulli(4), method, unit: 1)
    #expect(trained.weights != machine.weights && trained.visible.precision != machine.visible.precision)
  }

  /// At a bound of L a step is at most rate·L in standardised units: of W_ij rate·L/(s_i r_j), of the biases
  /// rate·L/s_i and rate·L/r_j. A step of log γ is at most ½, whatever L.
  @Test("a bound of the gradient bounds every step", arguments: Clusters.hiddens, [0.5, 0.01])
  func clipping(_ hidden: BlockShape, _ limit: Double) throws {
    let samples = Clusters.samples(unit: 3)
    // Weights so large that chains run far away.
    let machine = Clusters.machine(hidden, samples, deviation: 5)
    var settings = Clusters.settings("cd", rate: 0.5, epochs: 1)
    settings.momentum = StepSchedule(0)
    (settings.l2, settings.isCentered, settings.gradientClip) = (0, false, limit)
    settings.steps = StepSchedule(5)
    var trainer = try Trainer(model: machine, samples: samples, settings: settings)
    try trainer.step(samples: samples)
    let s = samples.statistics().variances.map { Double($0).squareRoot() }
    let scales = try #require(Snapshot(trainer).vectors["scale.hidden_variance"])
    let r = scales.map { Double($0).squareRoot() }
    var steps: [Double] = []
    for i in s.indices {
      for j in r.indices {
        steps.append(Double(trainer.model.weights[i, j] - machine.weights[i, j]) * s[i] * r[j])
      }
      steps.append(Double(trainer.model.visible.bias[i] - machine.visible.bias[i]) * s[i])
      let ratio = Double(trainer.model.visible.precision[i] / machine.visible.precision[i])
      #expect(abs(log(ratio)) <= 0.5 + 4 * FloatBounds.roundoff)
    }
    for j in r.indices {
      steps.append(Double(trainer.model.hidden.bias[j] - machine.hidden.bias[j]) * r[j])
    }
    // Differences of Floats up to 20, in units of up to 15.
    let rounding = 20 * 15 * 4 * FloatBounds.roundoff
    #expect(steps.allSatisfy { abs($0) <= 0.5 * limit + rounding })
    #expect(steps.contains { abs($0) >= 0.5 * limit - rounding }, "some step was cut")
  }

  @Test("two-state units may have a bound, too")
  func clippedBits() throws {
    let samples = BitSamples(randomStates(100, width: 6, seed: 484))
    let machine = RBM.initialized(
      dataMeans: samples.means(), hidden: 4, weights: .normal(standardDeviation: 3), seed: 485)
    var settings = Clusters.settings("cd", rate: 0.5, epochs: 1)
    settings.momentum = StepSchedule(0)
    (settings.l2, settings.isCentered, settings.gradientClip) = (0, false, 0.03125)
    var trainer = try Trainer(model: machine, samples: samples, settings: settings)
    try trainer.step(samples: samples)
    let steps = zip(trainer.model.weights.values, machine.weights.values).map { abs($0 - $1) }
    // Weights up to 12 round by 2⁻²¹.
    #expect(steps.allSatisfy { $0 <= 0.5 * 0.03125 + 0x1p-20 })
    #expect(steps.contains { $0 >= 0.5 * 0.03125 - 0x1p-20 })
  }

  /// s² of the constant column is a hundredth of the mean variance; γ stays within 100 times 1/s² either way.
  @Test("the precision of a constant column stays within its bounds", arguments: ["cd", "pcd"])
  func constantColumn(_ method: String) throws {
    let samples = FloatSamples(Clusters.values.map { $0 + [3] })
    let machine = Clusters.machine(.bernoulli(3), samples)
    var trainer = try Trainer(
      model: machine, samples: samples, settings: Clusters.settings(method, rate: 0.2, epochs: 60))
    let variances = samples.statistics().variances.doubles
    let floor = 0.01 * variances.reduce(0, +) / 3
    while !trainer.isFinished {
      try trainer.step(samples: samples)
      for (precision, variance) in zip(trainer.model.visible.precision.doubles, variances) {
        let ratio = precision * max(variance, floor)
        // Bounds are a square of a rounded root, times a rounded factor.
        #expect(ratio >= 0.01 * (1 - 1e-6) && ratio <= 100 * (1 + 1e-6))
      }
    }
    #expect(Snapshot(trainer).isFinite)
    // It varies not at all, so that its precision has grown.
    #expect(trainer.model.visible.precision[2] > machine.visible.precision[2])
  }

  @Test("precisions stand still where they are not to be learned")
  func fixedPrecision() throws {
    let samples = Clusters.samples(), machine = Clusters.machine(.bernoulli(3), samples)
    var settings = Clusters.settings("cd", rate: 0.05, epochs: 2)
    settings.learnsPrecision = false
    var trainer = try Trainer(model: machine, samples: samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: samples) }
    #expect(trainer.model.visible.precision == machine.visible.precision)
  }

  /// Pairs of real units have no law beyond some weights: they may be told to have diverged, but not pass for trained.
  @Test(
    "no learning rate a user would try gives a number that is none",
    arguments: [BlockShape.bernoulli(4), .relu(4)], ["cd", "pcd"])
  func rates(_ hidden: BlockShape, _ method: String) throws {
    let samples = Clusters.samples()
    for rate in [1e-4, 1e-3, 1e-2, 0.1, 1] {
      var trainer = try Trainer(
        model: Clusters.machine(hidden, samples), samples: samples,
        settings: Clusters.settings(method, rate: rate, epochs: 20))
      do {
        while !trainer.isFinished { try trainer.step(samples: samples) }
        #expect(Snapshot(trainer).isFinite, "rate \(rate)")
      } catch let error as TrainingDiverged {
        #expect(hidden.kind == .relu, "rate \(rate): \(error)")
      }
    }
  }
}
