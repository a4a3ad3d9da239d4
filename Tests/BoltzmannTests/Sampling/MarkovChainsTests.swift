import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Markov chains of any energy")
struct MarkovChainsTests {
  static let gaussian = GaussianMean(mean: [0.5, -1.25], precision: 1.6)
  static let machine = MachinePair.normal(visible: 6, hidden: 4, seed: 420).engine
  /// Two blocks of 50 and a short one.
  static let reals = Matrix(randomValues(113, width: 2, seed: 421))
  static let bits = Matrix(randomStates(113, width: 6, seed: 422))

  /// Where the chains stand after some runs, and the acceptance rate of the last.
  private func run<Kernel: Transition>(
    _ transition: Kernel, of model: Kernel.Model, from states: Matrix, runs: [Int], threads: Int = 2
  ) -> (states: Matrix, acceptanceRate: Double) {
    let chains = MarkovChains(
      model: model, transition: transition, seed: 423, parallel: Parallel(threads: threads))
    var state = MarkovChains<Kernel>.State(states: states)
    let infos = runs.map { chains.run(&state, steps: $0) }
    return (state.states, infos[infos.count - 1].acceptanceRate)
  }

  private func expectTheSameBits<Kernel: Transition>(
    _ transition: Kernel, of model: Kernel.Model, from states: Matrix
  ) {
    let single = run(transition, of: model, from: states, runs: [5], threads: 1)
    for threads in [2, 3] {
      #expect(run(transition, of: model, from: states, runs: [5], threads: threads) == single)
    }
    // Chains can be cut anywhere.
    #expect(run(transition, of: model, from: states, runs: [2, 3]).states == single.states)
    #expect(single.states != states)
  }

  @Test("the same bits with 1, 2 and 3 threads, and wherever the run is cut")
  func threads() {
    let walk = MetropolisTransition<GaussianMean>(.walk(stepSize: 0.9))
    let langevin = LangevinTransition<GaussianMean>(stepSize: 0.5)
    expectTheSameBits(walk, of: Self.gaussian, from: Self.reals)
    expectTheSameBits(langevin, of: Self.gaussian, from: Self.reals)
    expectTheSameBits(
      LangevinTransition(stepSize: 0.5, isAdjusted: false), of: Self.gaussian, from: Self.reals)
    expectTheSameBits(langevin.then(walk), of: Self.gaussian, from: Self.reals)
    expectTheSameBits(GibbsTransition(), of: Self.gaussian, from: Self.reals)
    expectTheSameBits(GibbsTransition(), of: Self.machine, from: Self.bits)
    expectTheSameBits(MetropolisTransition.flips, of: Self.machine, from: Self.bits)
  }

  @Test("a move that follows another has random numbers of its own")
  func composition() {
    let walk = MetropolisTransition<GaussianMean>(.walk(stepSize: 0.9))
    let twice = run(walk.then(walk), of: Self.gaussian, from: Self.reals, runs: [3])
    let single = run(walk, of: Self.gaussian, from: Self.reals, runs: [6])
    #expect(twice == single)
  }

  @Test("a chain's draws depend on its own number, not on its place")
  func numbers() {
    let chains = MarkovChains(
      model: Self.gaussian, transition: Self.gaussian.defaultTransition, seed: 424,
      parallel: Parallel(threads: 2))
    var straight = MarkovChains<LangevinTransition<GaussianMean>>.State(states: Self.reals)
    let turned = Matrix(rows: 113, columns: 2) { Self.reals[112 - $0, $1] }
    var reversed = MarkovChains<LangevinTransition<GaussianMean>>.State(
      states: turned, numbers: (0..<113).reversed())
    chains.run(&straight, steps: 3)
    chains.run(&reversed, steps: 3)
    #expect(reversed.states.doubles == straight.states.doubles.reversed())
  }

  @Test("the machine's Gibbs steps are those of block Gibbs sampling")
  func blockGibbs() {
    let gibbs = BlockGibbs(model: Self.machine, seed: 423, parallel: Parallel(threads: 2))
    var state = BlockGibbs.State(visibles: Self.bits)
    gibbs.run(&state, steps: 4)
    let random = ReferenceRandom(seed: 423), reference = ReferenceRBM(Self.machine)
    let margin = reference.margin(
      from: Self.bits.doubles, steps: 4, rows: Array(0..<113), firstStep: 0, random: random)
    #expect(margin > FloatBounds(reference, updates: 4).draw, "a seed where no draw hangs on rounding")
    #expect(run(GibbsTransition(), of: Self.machine, from: Self.bits, runs: [4]).states == state.visibles)
  }

  @Test("all Gibbs moves are accepted, and no chains make no moves")
  func acceptance() {
    #expect(run(GibbsTransition(), of: Self.machine, from: Self.bits, runs: [2]).acceptanceRate == 1)
    let none = run(GibbsTransition(), of: Self.machine, from: Matrix(rows: 0, columns: 6), runs: [2])
    #expect(none.states.rows == 0 && none.acceptanceRate == 1)
  }

  @Test("states far out or not a number do no harm")
  func cliffs() {
    let walk = MetropolisTransition<GaussianMean>(.walk(stepSize: 1))
    let far = run(walk, of: Self.gaussian, from: Matrix([[1e30, 1e30]]), runs: [20]).states
    #expect(far.view.isFinite)
    let lost = Matrix(rows: 1, columns: 2) { _, _ in .nan }
    #expect(run(walk, of: Self.gaussian, from: lost, runs: [20]).acceptanceRate == 0)
  }
}
