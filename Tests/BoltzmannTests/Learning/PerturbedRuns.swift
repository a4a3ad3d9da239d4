import BoltzmannReference
import BoltzmannTestSupport

/// How far a whole run in Float may drift from the run in Double.
///
/// Rounding errors add up along a run, and learning may make them grow. These runs of the reference show how much:
/// each has every number of every update moved up or down, at random, by the most that one update may be off
/// (`UpdateBounds`). A number's drift is a sum of many such small terms, so it is normal; in the engine each term
/// is at most as large. The farthest of all numbers in eight runs is about three standard deviations out, and the
/// engine's must be within twice that: six.
struct PerturbedRuns {
  private var learners: [ReferenceLearner]
  private let random = ReferenceRandom(seed: 333)
  private var updates = 0

  init(_ learner: ReferenceLearner) { learners = Array(repeating: learner, count: 8) }

  /// An update of all runs, with the states that the undisturbed run has sampled.
  mutating func pass(_ update: ReferenceUpdate, states: [[Double]]) {
    for run in learners.indices {
      let bounds = UpdateBounds(update, of: learners[run])
      let phases =
        update.estimator == .exact
        ? learners[run].model.exactPhases(update.minibatch)
        : learners[run].phases(update.minibatch, endingIn: states)
      learners[run].update(phases, settings: update.settings)
      if !learners[run].chains.isEmpty { learners[run].chains = states }
      var unit = 0
      learners[run].perturb(bounds) {
        unit += 1
        return random.word(unit: unit, row: run, step: updates, stream: 255) & 1 == 0 ? -1 : 1
      }
    }
    updates += 1
  }

  /// Twice the farthest parameter of any run.
  func allowance(around learner: ReferenceLearner) -> Double {
    2 * learners.reduce(0) { max($0, $1.model.largestDifference(from: learner.model)) }
  }
}

extension ReferenceLearner {
  fileprivate func phases(_ minibatch: ReferenceMinibatch, endingIn states: [[Double]]) -> ReferencePhases {
    ReferencePhases(
      positive: model.dataPhase(minibatch), negative: model.dataPhase(ReferenceMinibatch(states)))
  }

  /// Moves every number by its bound, up or down.
  fileprivate mutating func perturb(_ bounds: UpdateBounds, sign: () -> Double) {
    func move(_ numbers: inout [Double], _ bound: Double) {
      for index in numbers.indices { numbers[index] += bound * sign() }
    }
    for i in model.weights.indices {
      move(&model.weights[i], bounds.model)
      move(&velocity.weights[i], bounds.velocity)
    }
    move(&model.visibleBias, bounds.model)
    move(&model.hiddenBias, bounds.model)
    move(&velocity.visibleBias, bounds.velocity)
    move(&velocity.hiddenBias, bounds.velocity)
    move(&offsets.visible, bounds.offsets)
    move(&offsets.hidden, bounds.offsets)
    if var activity = hiddenActivity {
      move(&activity, bounds.activity)
      hiddenActivity = activity
    }
  }
}
