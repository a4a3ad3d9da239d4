import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Training of any energy")
struct EnergyTrainerTests {
  static let precision = 1.6
  static let samples = FloatSamples(randomValues(2_000, width: 1, seed: 490).map { [4 * $0[0] - 1] })
  static let sampleMean = samples.matrix(0..<2_000).values.doubles.reduce(0, +) / 2_000

  private func trainer<Kernel: Transition<GaussianMean>>(
    _ kernel: Kernel, steps: Int, learningRate: Double
  ) -> EnergyTrainer<Kernel> {
    EnergyTrainer(
      model: GaussianMean(mean: [-3], precision: Self.precision),
      estimator: EnergyContrastiveDivergence(kernel, steps: steps, seed: 491), learningRate: learningRate)
  }

  /// How far μ may lie from its fixed point after many updates, z = 5.
  ///
  /// An update multiplies the distance by a = 1 − ητ(1 − r), r the part of x − μ that a chain keeps, and adds the
  /// chains' noise: s² = η²τ² Var[x_k | x_0]/N + a² s².
  private func spread(learningRate: Double, kept: Double, chainVariance: Double) -> Double {
    let factor = 1 - learningRate * Self.precision * (1 - kept)
    let noise = learningRate * learningRate * Self.precision * Self.precision * chainVariance
    return 5 * (noise / Double(Self.samples.count) / (1 - factor * factor)).squareRoot()
  }

  @Test(
    "CD-k with unadjusted Langevin steps converges to the sample mean",
    .enabled(if: Build.isOptimized), arguments: [1, 4])
  func langevin(_ steps: Int) throws {
    let stepSize = 0.3, rate = 0.1
    var trainer = trainer(
      LangevinTransition(stepSize: stepSize, isAdjusted: false), steps: steps, learningRate: rate)
    let reference = ReferenceGaussianMean(mean: 0, precision: Self.precision)
    let kept = pow(reference.langevinDecay(stepSize: stepSize), Double(steps))
    // a = 0.96 for k = 1: 500 updates leave 10⁻⁸ of the start.
    let info = try trainer.run(on: Self.samples, updates: 500)
    let variance = reference.langevinVariance(stepSize: stepSize, steps: steps)
    let bound = spread(learningRate: rate, kept: kept, chainVariance: variance)
    #expect(abs(trainer.model.mean[0] - Self.sampleMean) <= bound + 1e-6)
    #expect(info.updates == 500 && trainer.updates == 500)
  }

  @Test(
    "CD with Metropolis and adjusted Langevin steps converges to the middle of symmetric data",
    .enabled(if: Build.isOptimized))
  func adjusted() throws {
    // Symmetric about ½, where the mean of CD vanishes whatever the transition.
    let half = randomValues(1_000, width: 1, seed: 492)
    let data = FloatSamples(half + half.map { [1 - $0[0]] })
    // A chain keeps less than nine tenths of x − μ here, in five steps; its end varies by less than 1/τ + 1.
    let bound = spread(learningRate: 0.1, kept: 0.9, chainVariance: 1 / Self.precision + 1)
    var walk = trainer(MetropolisTransition(.walk(stepSize: 1.2)), steps: 5, learningRate: 0.1)
    var langevin = trainer(LangevinTransition(stepSize: 0.5), steps: 5, learningRate: 0.1)
    try walk.run(on: data, updates: 500)
    try langevin.run(on: data, updates: 500)
    #expect(abs(walk.model.mean[0] - 0.5) <= bound)
    #expect(abs(langevin.model.mean[0] - 0.5) <= bound)
  }

  @Test("the exact gradient converges to the sample mean, each update by the factor 1 − ητ")
  func exact() throws {
    var model = GaussianMean(mean: [-3], precision: Self.precision)
    let data = Self.samples.matrix(0..<2_000).view
    for update in 1...60 {
      let gradient = try model.logLikelihoodGradient(of: data).values[0]
      model.mean[0] += 0.25 * gradient
      let expected = Self.sampleMean + pow(0.6, Double(update)) * (-3 - Self.sampleMean)
      // All in Double: sums of 2,000 terms below 4.
      #expect(abs(model.mean[0] - expected) <= 1e-12)
    }
  }

  @Test("learning stops when the mean gradient is below the tolerance")
  func tolerance() throws {
    var trainer = trainer(GibbsTransition(), steps: 1, learningRate: 0.3)
    let info = try trainer.run(on: Self.samples, updates: 1_000, tolerance: 0.02)
    #expect(info.updates < 1_000 && info.averageGradientNorm <= 0.02)
    #expect(info.acceptanceRate == 1)
  }

  @Test("a machine learns: its exact likelihood rises")
  func machine() throws {
    // Four visibles that agree in pairs.
    let states = [[0.0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1]]
    let samples = BitSamples((0..<40).map { states[$0 % 4] })
    let start = RBM.initialized(
      dataMeans: samples.means(), hidden: 3, weights: .normal(standardDeviation: 0.1), seed: 493)
    var trainer = EnergyTrainer(
      model: start, estimator: EnergyContrastiveDivergence(start.defaultTransition, seed: 494),
      learningRate: 0.2)
    let data = samples.matrix(0..<40).view
    // Small weights grow by about a hundredth an update at first: some hundreds for a factor of ten.
    try trainer.run(on: samples, updates: 2_000)
    // Independent fair bits give 4 log 2 = 2.77 nats, the data's own law 2 log 2 = 1.39; halfway is a lesson learned.
    #expect(try start.meanLogLikelihood(of: data) < -2.7)
    #expect(try trainer.model.meanLogLikelihood(of: data) > -2.08)
  }

  @Test("a copy goes on by itself, to the same bits")
  func copies() throws {
    var one = trainer(LangevinTransition(stepSize: 0.5), steps: 2, learningRate: 0.1)
    try one.run(on: Self.samples, updates: 3)
    var other = one
    try one.run(on: Self.samples, updates: 4, parallel: Parallel(threads: 1))
    try other.run(on: Self.samples, updates: 4, parallel: Parallel(threads: 3))
    #expect(one.model.mean == other.model.mean)
  }
}

@Suite("Training of any energy: bad input")
struct EnergyTrainerErrorTests {
  private func trainer(learningRate: Double = 0.1) -> EnergyTrainer<GibbsTransition<GaussianMean>> {
    EnergyTrainer(
      model: GaussianMean(mean: [0, 0], precision: 1),
      estimator: EnergyContrastiveDivergence(GibbsTransition(), seed: 0), learningRate: learningRate)
  }

  @Test("no samples, or samples of another width")
  func shapes() {
    var trainer = trainer()
    let empty = FloatSamples(width: 2, values: [])
    #expect(throws: SettingsError.self) { try trainer.run(on: empty, updates: 1) }
    #expect(throws: SettingsError.self) { try trainer.run(on: FloatSamples([[1]]), updates: 1) }
  }

  @Test("a sample that is no number, or a rate that is too large, leaves the model as it was")
  func divergence() {
    var poisoned = trainer()
    let samples = FloatSamples(width: 2, values: [1, 2, .nan, 4])
    #expect(throws: TrainingDiverged.self) { try poisoned.run(on: samples, updates: 1) }
    #expect(poisoned.model.mean == [0, 0] && poisoned.updates == 0)
    var hasty = trainer(learningRate: 1e308)
    #expect(throws: TrainingDiverged.self) { try hasty.run(on: FloatSamples([[9, 9]]), updates: 5) }
    #expect(hasty.model.mean.allSatisfy { $0.isFinite })
  }
}
