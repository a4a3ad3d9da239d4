import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

extension Minibatch {
  /// All samples, in order.
  init(all samples: any Samples) {
    self.init(samples: samples, indices: ArraySlice(0..<samples.count), epoch: 0)
  }
}

/// CD-k of the mean of a Gaussian has an expectation in closed form.
@Suite("Contrastive divergence of any energy: the mean of a Gaussian", .enabled(if: Build.isOptimized))
struct GaussianContrastiveDivergenceTests {
  static let precision = 1.6
  /// Far from the data's mean, so that the bias shows.
  static let model = GaussianMean(mean: [-2.5, 4], precision: precision)
  static let count = 4_000
  static let data = FloatSamples(Matrix(randomValues(count, width: 2, seed: 460)))
  static let columns = [0, 1].map { column in data.matrix(0..<count).doubles.map { $0[column] } }

  @Test("with unadjusted Langevin steps: τ(1 − ρᵏ)(⟨x⟩ − μ), not τ(⟨x⟩ − μ)", arguments: [1, 2, 5])
  func langevin(_ steps: Int) {
    let stepSize = 0.3
    var estimator = EnergyContrastiveDivergence(
      LangevinTransition<GaussianMean>(stepSize: stepSize, isAdjusted: false), steps: steps, seed: 461)
    let gradient = estimator.gradient(of: Self.model, minibatch: Minibatch(all: Self.data))
    for (index, column) in Self.columns.enumerated() {
      let reference = ReferenceGaussianMean(mean: Self.model.mean[index], precision: Self.precision)
      let variance = reference.langevinVariance(stepSize: stepSize, steps: steps)
      // z = 5 of the mean over 4,000 independent chains.
      let error = 5 * Self.precision * (variance / Double(Self.count)).squareRoot()
      func distance(_ steps: Int) -> Double {
        let mean = reference.expectedContrastiveDivergence(of: column, stepSize: stepSize, steps: steps)
        return abs(gradient.values[index] - mean)
      }
      #expect(distance(steps) <= error)
      // The test can tell: neither another k nor the gradient itself would pass.
      #expect(distance(steps + 1) > error)
      #expect(abs(gradient.values[index] - reference.logLikelihoodGradient(of: column)) > error)
    }
  }

  @Test("with Gibbs steps, which forget at once, the gradient itself")
  func gibbs() throws {
    var estimator = EnergyContrastiveDivergence(GibbsTransition<GaussianMean>(), seed: 462)
    let gradient = estimator.gradient(of: Self.model, minibatch: Minibatch(all: Self.data))
    let exact = try Self.model.logLikelihoodGradient(of: Self.data.matrix(0..<Self.count).view)
    // Chains of variance 1/τ, z = 5. The data's part is the same to the last bit.
    let error = 5 * (Self.precision / Double(Self.count)).squareRoot()
    #expect(largestDifference(gradient.values, exact.values) <= error)
    #expect(gradient.data == exact.data)
  }

  @Test("at the sample mean of symmetric data it vanishes, and points there from either side")
  func symmetric() {
    // With every sample its mirror image: by symmetry the mean of CD is 0 at ½, whatever the steps.
    let half = randomValues(2_000, width: 1, seed: 463)
    let data = FloatSamples(half + half.map { [1 - $0[0]] })
    let walk = MetropolisTransition<GaussianMean>(.walk(stepSize: 1.2))
    let langevin = LangevinTransition<GaussianMean>(stepSize: 0.5)
    for steps in [1, 3] {
      expectZero(walk, steps, data)
      expectZero(langevin, steps, data)
    }
  }

  private func expectZero<Kernel: Transition<GaussianMean>>(
    _ kernel: Kernel, _ steps: Int, _ data: FloatSamples
  ) {
    let gradients = [0.2, 0.5, 0.8].map { mean in
      var estimator = EnergyContrastiveDivergence(kernel, steps: steps, seed: 464)
      let model = GaussianMean(mean: [mean], precision: 1.6)
      return estimator.gradient(of: model, minibatch: Minibatch(all: data)).values[0]
    }
    // Given the data, a chain's end varies by less than 1/τ + (its distance from μ, at most 1)²; z = 5.
    let error = 5 * 1.6 * ((1 / 1.6 + 1) / 4_000).squareRoot()
    #expect(abs(gradients[1]) <= error)
    #expect(gradients[0] > gradients[1] && gradients[1] > gradients[2])
    #expect(gradients[0] > 0 && gradients[2] < 0)
  }
}

@Suite("Contrastive divergence of any energy: two wells", .enabled(if: Build.isOptimized))
struct DoubleWellContrastiveDivergenceTests {
  static let truth = DoubleWell(parameters: [1, 2])
  static let law = GridLaw { truth.energy($0) }
  static let count = 20_000

  /// E of ∂ log f/∂θ and the variances, under a law.
  private func statistics(_ law: GridLaw) -> (means: [Double], variances: [Double]) {
    let statistics: [(Double) -> Double] = [{ -$0 * $0 * $0 * $0 }, { $0 * $0 }]
    let means = statistics.map { law.expectation($0) }
    let variances = zip(statistics, means).map { statistic, mean in
      law.expectation { (statistic($0) - mean) * (statistic($0) - mean) }
    }
    return (means, variances)
  }

  @Test("at the truth, where chains start in equilibrium, CD is zero on average", arguments: [1, 5])
  func atTheTruth(_ steps: Int) {
    let data = FloatSamples(Self.law.draws(Self.count, seed: 470))
    var estimator = EnergyContrastiveDivergence(Self.truth.defaultTransition, steps: steps, seed: 471)
    let gradient = estimator.gradient(of: Self.truth, minibatch: Minibatch(all: data))
    // Two means over 20,000 states of the same law, positively correlated; z = 5.
    let bounds = statistics(Self.law).variances.map { 5 * (2 * $0 / Double(Self.count)).squareRoot() }
    #expect(zip(gradient.values, bounds).allSatisfy { abs($0) <= $1 })
    #expect(gradient.acceptanceRate > 0.5 && gradient.acceptanceRate < 1)
  }

  @Test("persistent chains in equilibrium give the gradient itself")
  func persistent() {
    let model = DoubleWell(parameters: [0.8, 1.2])
    let modelLaw = GridLaw { model.energy($0) }
    let data = FloatSamples(Self.law.draws(Self.count, seed: 472))
    var estimator = EnergyContrastiveDivergence(
      model.defaultTransition, steps: 3, persistent: modelLaw.draws(Self.count, seed: 473), seed: 474)
    let gradient = estimator.gradient(of: model, minibatch: Minibatch(all: data))
    let (population, variances) = statistics(modelLaw)
    let sample = model.meanParameterGradient(over: data.matrix(0..<Self.count).view)
    for index in 0..<2 {
      // z = 5 of the mean over 20,000 independent chains.
      let error = 5 * (variances[index] / Double(Self.count)).squareRoot()
      #expect(abs(gradient.values[index] - (sample[index] - population[index])) <= error)
    }
  }

  @Test("chains go on where they stood")
  func goesOn() {
    let model = Self.truth, data = Minibatch(all: FloatSamples(Self.law.draws(100, seed: 475)))
    let start = Self.law.draws(60, seed: 476)
    var estimator = EnergyContrastiveDivergence(
      model.defaultTransition, steps: 2, persistent: start, seed: 477)
    var state = MarkovChains<LangevinTransition<DoubleWell>>.State(states: start)
    for _ in 0..<3 { _ = estimator.gradient(of: model, minibatch: data) }
    MarkovChains(model: model, transition: model.defaultTransition, seed: 477).run(&state, steps: 6)
    #expect(estimator.chains == state.states)
  }
}
