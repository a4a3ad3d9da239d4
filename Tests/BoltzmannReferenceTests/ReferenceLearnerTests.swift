import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("A learning step")
struct ReferenceLearnerTests {
  static let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 40)
  static let minibatch = ReferenceMinibatch([3, 9, 14].map { binaryStates(4)[$0] })

  // Numbers below 10 after a dozen operations, each rounded to 2⁻⁵³ relative: 1e-14.
  static let tolerance = 2e-14

  static func phases(of machine: ReferenceRBM, firstStep: Int = 0) -> ReferencePhases {
    machine.contrastiveDivergence(
      minibatch, steps: 1, firstStep: firstStep, random: ReferenceRandom(seed: 41))
  }

  @Test("goes along the plain gradient when there are no offsets")
  func plainStep() {
    let phases = Self.phases(of: Self.machine)
    var learner = ReferenceLearner(Self.machine)
    learner.update(phases, settings: ReferenceLearningSettings(learningRate: 0.3))
    var expected = Self.machine
    for (phase, sign) in [(phases.positive, 1.0), (phases.negative, -1.0)] {
      for (visible, hidden) in zip(phase.visibles, phase.hiddens) {
        ascend(&expected, visible: visible, hidden: hidden, rate: sign * 0.3 / 3)
      }
    }
    expect(learner.model, equals: expected, within: Self.tolerance)
  }

  private func ascend(_ machine: inout ReferenceRBM, visible: [Double], hidden: [Double], rate: Double) {
    for i in 0..<4 { machine.visibleBias[i] += rate * visible[i] }
    for j in 0..<3 { machine.hiddenBias[j] += rate * hidden[j] }
    for i in 0..<4 { for j in 0..<3 { machine.weights[i][j] += rate * visible[i] * hidden[j] } }
  }

  @Test("keeps a share of the last velocity")
  func momentum() {
    let settings = ReferenceLearningSettings(learningRate: 0.3, momentum: 0.9)
    var learner = ReferenceLearner(Self.machine)
    learner.update(Self.phases(of: learner.model), settings: settings)
    let (first, middle) = (learner.velocity, learner.model)
    let phases = Self.phases(of: middle, firstStep: 1)
    let gradient = phases.gradient(around: .zero(like: middle))
    learner.update(phases, settings: settings)
    for i in 0..<4 {
      for j in 0..<3 {
        let velocity = 0.9 * first.weights[i][j] + 0.3 * gradient.weights[i][j]
        #expect(abs(learner.model.weights[i][j] - middle.weights[i][j] - velocity) <= Self.tolerance)
      }
      let velocity = 0.9 * first.visibleBias[i] + 0.3 * gradient.visibleBias[i]
      #expect(abs(learner.model.visibleBias[i] - middle.visibleBias[i] - velocity) <= Self.tolerance)
    }
  }

  @Test("pulls weights towards zero, and weights only")
  func decay() {
    let phases = Self.phases(of: Self.machine)
    var (free, decaying) = (ReferenceLearner(Self.machine), ReferenceLearner(Self.machine))
    free.update(phases, settings: ReferenceLearningSettings(learningRate: 0.3))
    decaying.update(phases, settings: ReferenceLearningSettings(learningRate: 0.3, l2: 0.01, l1: 0.002))
    #expect(decaying.model.visibleBias == free.model.visibleBias)
    #expect(decaying.model.hiddenBias == free.model.hiddenBias)
    for i in 0..<4 {
      for j in 0..<3 {
        let weight = Self.machine.weights[i][j]
        let pull = 0.3 * (0.01 * weight + (weight > 0 ? 0.002 : -0.002))
        #expect(abs(free.model.weights[i][j] - pull - decaying.model.weights[i][j]) <= Self.tolerance)
      }
    }
  }

  @Test("pulls hidden units towards the target activity")
  func sparsity() {
    let sparsity = ReferenceLearningSettings.Sparsity(target: 0.1, cost: 0.5, decay: 0.8)
    let phases = Self.phases(of: Self.machine)
    var (free, sparse) = (ReferenceLearner(Self.machine), ReferenceLearner(Self.machine))
    sparse.hiddenActivity = [0.2, 0.1, 0.7]
    free.update(phases, settings: ReferenceLearningSettings(learningRate: 0.3))
    sparse.update(phases, settings: ReferenceLearningSettings(learningRate: 0.3, sparsity: sparsity))
    for (j, before) in [0.2, 0.1, 0.7].enumerated() {
      let activity = 0.8 * before + 0.2 * phases.positive.hiddens.reduce(0) { $0 + $1[j] } / 3
      let pull = 0.3 * 0.5 * (0.1 - activity)
      #expect(abs(sparse.model.hiddenBias[j] - free.model.hiddenBias[j] - pull) <= Self.tolerance)
      for i in 0..<4 {
        let visible = Self.minibatch.samples.reduce(0) { $0 + $1[i] } / 3
        let difference = sparse.model.weights[i][j] - free.model.weights[i][j]
        #expect(abs(difference - pull * visible) <= Self.tolerance)
      }
      #expect(abs((sparse.hiddenActivity?[j] ?? .nan) - activity) <= Self.tolerance)
    }
  }

  @Test("the first sparse step takes the activity of its own minibatch")
  func firstActivity() {
    let phases = Self.phases(of: Self.machine)
    var learner = ReferenceLearner(Self.machine)
    let sparsity = ReferenceLearningSettings.Sparsity(target: 0.1, cost: 1)
    learner.update(phases, settings: ReferenceLearningSettings(learningRate: 0.1, sparsity: sparsity))
    for (activity, mean) in zip(learner.hiddenActivity ?? [], phases.positive.hiddenMean) {
      #expect(abs(activity - mean) <= Self.tolerance)
    }
  }
}

@Suite("A learning run")
struct LearningRunTests {
  static let machine = ReferenceRBM.normal(visible: 4, hidden: 3, seed: 42)
  static let minibatches = [[1, 2, 3], [9, 14], [15, 0, 6, 6]].map { indices in
    ReferenceMinibatch(indices.map { binaryStates(4)[$0] }, rows: indices)
  }
  static let settings = ReferenceLearningSettings(learningRate: 0.1, momentum: 0.5, l2: 1e-3, offsetRate: 0.1)

  @Test(
    "is its steps one by one, with the random numbers of their own places",
    arguments: [
      ReferenceEstimator.contrastiveDivergence(steps: 2), .persistentContrastiveDivergence(steps: 2), .exact,
    ])
  func stepByStep(_ estimator: ReferenceEstimator) {
    let random = ReferenceRandom(seed: 43)
    var run = ReferenceLearner(Self.machine, chains: [binaryStates(4)[5], binaryStates(4)[6]])
    var stepped = run
    run.train(
      Self.minibatches, estimator: estimator, settings: Self.settings, random: random, firstStep: 30,
      stepsPerUpdate: 3)
    for (s, minibatch) in Self.minibatches.enumerated() {
      let phases = stepped.phases(minibatch, estimator: estimator, random: random, firstStep: 30 + 3 * s)
      stepped.update(phases, settings: Self.settings)
    }
    #expect(run == stepped)
    #expect(run.model != Self.machine)
  }

  @Test("along the exact gradient raises the likelihood at every small step")
  func ascent() {
    let patterns = barsAndStripes(side: 2)
    let minibatch = ReferenceMinibatch(patterns)
    var learner = ReferenceLearner(ReferenceRBM.normal(visible: 4, hidden: 3, weightDeviation: 0.1, seed: 44))
    var last = learner.model.meanLogLikelihood(of: patterns)
    for _ in 0..<200 {
      learner.train(
        [minibatch], estimator: .exact, settings: ReferenceLearningSettings(learningRate: 0.1),
        random: ReferenceRandom(seed: 0), stepsPerUpdate: 0)
      let now = learner.model.meanLogLikelihood(of: patterns)
      #expect(now > last)
      last = now
    }
  }
}
