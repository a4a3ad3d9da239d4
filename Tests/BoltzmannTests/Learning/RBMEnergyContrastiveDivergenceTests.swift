import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// The machine's own estimator and the one for any energy are two programs for one estimate.
@Suite("Contrastive divergence of any energy: the restricted Boltzmann machine")
struct RBMEnergyContrastiveDivergenceTests {
  private static let pair = ContrastiveDivergenceTests.pair

  /// One number a parameter, as the energy model orders them.
  private func flat(_ gradient: Gradient) -> [Double] { ReferenceGradient(gradient).flat }

  @Test("draws the states and finds the gradient of `ContrastiveDivergence`, update by update")
  func contrastiveDivergence() {
    var special = ContrastiveDivergenceTests.estimator()
    var general = EnergyContrastiveDivergence(GibbsTransition<RBM>(), steps: 2, seed: 312)
    let bound = 2 * FloatBounds(Self.pair.reference, updates: 2).gradient(rows: 113)
    for update in 0..<3 {
      ContrastiveDivergenceTests.expectMargin(steps: 2, firstStep: 2 * update)
      let minibatch = ContrastiveDivergenceTests.minibatch()
      let expected = special.gradient(
        of: Self.pair.engine, minibatch: minibatch, steps: 2, parallel: Parallel(threads: 2))
      let gradient = general.gradient(
        of: Self.pair.engine, minibatch: minibatch, parallel: Parallel(threads: 2))
      // No draw hangs on rounding, so that the states are the same; the gradients of both err by `gradient`.
      #expect(largestDifference(gradient.values, flat(expected)) <= bound)
    }
  }

  @Test("persistent chains are those of `PersistentContrastiveDivergence`")
  func persistent() {
    var settings = TrainingSettings()
    settings.batchSize = 113
    settings.chains = 70
    settings.seed = 480
    var special = PersistentContrastiveDivergence(
      EstimatorContext(model: Self.pair.engine, settings: settings))
    let start = BlockGibbs(model: Self.pair.engine, seed: 480).initialState(chains: 70).visibles
    let margin = Self.pair.reference.margin(
      from: start.doubles, steps: 6, rows: Array(0..<70), firstStep: 0, random: ReferenceRandom(seed: 480))
    let draw = FloatBounds(Self.pair.reference, updates: 6).draw
    #expect(margin > draw, "a seed where no draw hangs on rounding")
    var general = EnergyContrastiveDivergence(
      GibbsTransition<RBM>(), steps: 3, persistent: start, seed: 480)
    let bound = 2 * FloatBounds(Self.pair.reference, updates: 3).gradient(rows: 113)
    for _ in 0..<2 {
      let minibatch = ContrastiveDivergenceTests.minibatch()
      let expected = special.gradient(
        of: Self.pair.engine, minibatch: minibatch, steps: 3, parallel: Parallel(threads: 2))
      let gradient = general.gradient(of: Self.pair.engine, minibatch: minibatch)
      #expect(largestDifference(gradient.values, flat(expected)) <= bound)
    }
  }

  @Test("the same bits with 1, 2 and 3 threads")
  func threads() {
    let gradients = [1, 2, 3].map { threads in
      var estimator = EnergyContrastiveDivergence(MetropolisTransition<RBM>.flips, steps: 4, seed: 481)
      return estimator.gradient(
        of: Self.pair.engine, minibatch: ContrastiveDivergenceTests.minibatch(),
        parallel: Parallel(threads: threads)
      ).values
    }
    #expect(gradients[1] == gradients[0] && gradients[2] == gradients[0])
  }
}
