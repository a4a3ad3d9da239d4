import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Transitions of binary states leave the law alone", .enabled(if: Build.isOptimized), .serialized)
struct BinaryTransitionStationarityTests {
  private var machine: RBM { StationarityTests.pair.engine }

  @Test("single flips, Gibbs steps and both in turn do")
  func rightKernels() {
    expectLaw(MetropolisTransition.flips, of: machine, isKept: true)
    expectLaw(GibbsTransition(), of: machine, isKept: true)
    expectLaw(MetropolisTransition.flips.then(GibbsTransition()), of: machine, isKept: true)
  }

  @Test("flips of a machine a tenth too hot do not")
  func hot() {
    let hot = RBM(StationarityTests.pair.reference.scaled(by: 0.9))
    expectLaw(MetropolisTransition.flips, of: hot, isKept: false)
  }

  @Test("flips that are always accepted do not")
  func unrejected() {
    expectLaw(
      MetropolisTransition.flips, of: RBM(ReferenceRBM(visibleCount: 5, hiddenCount: 5)), isKept: false)
  }

  /// 10⁶ chains that start at the enumerated law, after 1 and 4 steps: G below the 1 − 10⁻⁶ quantile of χ² with 31
  /// degrees of freedom, or not.
  private func expectLaw<Kernel: Transition<RBM>>(_ kernel: Kernel, of model: RBM, isKept: Bool) {
    let chains = MarkovChains(model: model, transition: kernel, seed: 440)
    var state = MarkovChains<Kernel>.State(states: StationarityTests.start)
    for steps in [1, 3] {
      chains.run(&state, steps: steps)
      let fits = Statistics.fits(
        counts: count(state.states), probabilities: StationarityTests.visibleProbabilities)
      #expect(fits == isKept)
    }
  }

  private func count(_ states: Matrix) -> [Int] {
    (0..<states.rows).reduce(into: [Int](repeating: 0, count: 32)) { counts, row in
      counts[(0..<5).reduce(0) { $0 | Int(states[row, $1]) << $1 }] += 1
    }
  }
}
