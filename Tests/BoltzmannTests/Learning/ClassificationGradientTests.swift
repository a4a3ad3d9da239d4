import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// What one update does is the reference's gradient times the rate: shown with a rate of 1 and a minibatch of all.
@Suite("Gradients of a classification machine")
struct ClassificationGradientTests {
  /// Two blocks of 50 and a short one.
  static let count = 113
  static let start = ClassificationRBM.normal(visible: 17, hidden: 9, classes: 3, deviation: 0.5, seed: 530)
  static let reference = ReferenceClassificationRBM(start)
  static let states = randomStates(count, width: 17, mean: 0.3, seed: 531)
  static let random = ReferenceRandom(seed: 532)
  /// Every third sample has no label.
  static let classes = (0..<count).map { $0 % 3 == 1 ? nil : $0 * 7 % 3 }

  static func settings(_ objective: ClassificationObjective) -> ClassificationSettings {
    var settings = ClassificationSettings()
    settings.objective = objective
    settings.batchSize = count
    settings.shuffles = false
    settings.learningRate = 1
    settings.momentum = StepSchedule(0)
    settings.seed = 532
    return settings
  }

  /// The move of all parameters in one update, and the state after it.
  static func move(
    _ settings: ClassificationSettings, classes: [Int?]
  ) throws -> (move: [Double], state: Snapshot) {
    let samples = BitSamples(states)
    var trainer = try ClassificationTrainer(
      model: start, samples: samples, classes: classes, settings: settings)
    try trainer.step(samples: samples, parallel: Parallel(threads: 2))
    let after = ReferenceClassificationRBM(trainer.model).parameters
    var state = Snapshot()
    trainer.save(to: &state)
    return (zip(after, reference.parameters).map { $0 - $1 }, state)
  }

  /// Moves are below 2 and parameters below 4, so that a new parameter is rounded by up to 4u, its weight's step by
  /// 2u more.
  static func bound(weight: Double) -> Double {
    ClassificationBounds(reference).gradient(rows: count, weight: weight) + 6 * FloatBounds.roundoff
  }

  static func sum(_ gradients: [(Double, ReferenceClassificationGradient)]) -> [Double] {
    gradients.reduce(into: [Double](repeating: 0, count: reference.parameters.count)) { sum, gradient in
      for (k, value) in gradient.1.values.parameters.enumerated() { sum[k] += gradient.0 * value }
    }
  }

  @Test("of log P(y | v): exact; samples without labels are left out")
  func discriminative() throws {
    let labelled = Self.classes.enumerated().compactMap { row, y in y.map { (row, $0) } }
    var settings = Self.settings(.discriminative)
    settings.batchSize = labelled.count
    let expected = Self.sum(
      labelled.map { row, y in
        let gradient = Self.reference.discriminativeGradient(visible: Self.states[row], class: y)
        return (1 / Double(labelled.count), gradient)
      })
    let (move, _) = try Self.move(settings, classes: Self.classes)
    #expect(largestDifference(move, expected) <= Self.bound(weight: 1))
  }

  /// A chain's draws must not hang on rounding.
  private func expectMargin(steps: Int) {
    let bound = ClassificationBounds(Self.reference).draw
    for row in 0..<Self.count {
      let states = Self.states[row]
      if Self.classes[row] == nil {
        let margin = Self.random.margin(
          ofClasses: Self.reference.classProbabilities(given: states), unit: 1, row: row, step: 0)
        #expect(margin > ClassificationBounds(Self.reference).probability)
      }
      var y = Self.classes[row] ?? Self.reference.startClass(states, row: row, step: 0, random: Self.random)
      var visible = states
      for step in 0..<steps {
        #expect(
          Self.reference.margin(visible: visible, class: y, row: row, step: step, random: Self.random) > bound
        )
        (visible, y) = Self.reference.gibbsStep(
          visible: visible, class: y, row: row, step: step, random: Self.random)
      }
    }
  }

  @Test(
    "of all parts together by CD-k",
    arguments: [
      (ClassificationObjective.generative, 1), (.hybrid(generative: 0.25), 2),
      (.discriminative.semiSupervised(unsupervised: 0.5), 1),
      (.hybrid(generative: 0.25).semiSupervised(unsupervised: 0.5), 2),
    ])
  func contrastiveDivergence(_ objective: ClassificationObjective, _ steps: Int) throws {
    expectMargin(steps: steps)
    var settings = Self.settings(objective)
    settings.steps = StepSchedule(steps)
    let used = Self.classes.indices.filter { Self.classes[$0] != nil || objective.unsupervised > 0 }
    settings.batchSize = used.count
    let gradients = used.flatMap { row in
      let y = Self.classes[row], visible = Self.states[row]
      let estimate = Self.reference.contrastiveDivergence(
        visible: visible, class: y, steps: steps, row: row, firstStep: 0, random: Self.random)
      guard let y else { return [(objective.unsupervised, estimate)] }
      let exact = Self.reference.discriminativeGradient(visible: visible, class: y)
      return [(objective.discriminative, exact), (objective.generative, estimate)]
    }
    let expected = Self.sum(gradients).map { $0 / Double(used.count) }
    let (move, _) = try Self.move(settings, classes: Self.classes)
    #expect(largestDifference(move, expected) <= Self.bound(weight: 2.5))
  }

  @Test("by PCD: the model's part is the mean over chains of any number, weighed by the samples' share")
  func persistent() throws {
    let objective = ClassificationObjective.hybrid(generative: 0.25).semiSupervised(unsupervised: 0.5)
    var settings = Self.settings(objective)
    settings.method = .persistent
    settings.chains = 70
    let (move, state) = try Self.move(settings, classes: Self.classes)
    let ends = zip(state.matrices["chains.visibles"]!.doubles, state.vectors["chains.classes"]!)
    var total = ReferenceClassificationGradient(zeroLike: Self.reference)
    var weight = 0.0
    for (visible, y) in zip(Self.states, Self.classes) {
      if let y {
        weight += objective.generative
        Self.reference.addMoments(1 + objective.generative, given: visible, class: y, to: &total)
        Self.reference.addMoments(-1, given: visible, to: &total)
      } else {
        weight += objective.unsupervised
        Self.reference.addMoments(objective.unsupervised, given: visible, to: &total)
      }
    }
    for (visible, y) in ends {
      Self.reference.addMoments(-weight / 70, given: visible, class: Int(y), to: &total)
    }
    let expected = total.values.parameters.map { $0 / Double(Self.count) }
    #expect(largestDifference(move, expected) <= Self.bound(weight: 2.5))
  }

  @Test("persistent chains move as the reference's, from update to update")
  func chains() throws {
    var settings = Self.settings(.generative)
    settings.method = .persistent
    settings.batchSize = 38
    // Weights that stand still but for rounding: 10⁻³⁰ is less than any of them can feel.
    settings.learningRate = 1e-30
    let samples = BitSamples(Self.states), bound = ClassificationBounds(Self.reference).draw
    var trainer = try ClassificationTrainer(
      model: Self.start, samples: samples, classes: Self.classes.map { $0 ?? 0 }, settings: settings)
    var before = Snapshot()
    trainer.save(to: &before)
    for step in 0..<3 {
      try trainer.step(samples: samples)
      var after = Snapshot()
      trainer.save(to: &after)
      for chain in 0..<38 {
        let (visible, y) = Self.chain(chain, before)
        #expect(
          Self.reference.margin(visible: visible, class: y, row: chain, step: step, random: Self.random)
            > bound)
        let end = Self.reference.gibbsStep(
          visible: visible, class: y, row: chain, step: step, random: Self.random)
        #expect(Self.chain(chain, after) == end)
      }
      before = after
    }
  }

  private static func chain(_ number: Int, _ state: Snapshot) -> (visible: [Double], class: Int) {
    let row = state.matrices["chains.visibles"]!.view.rows(number..<(number + 1))
    return (row.values.doubles, Int(state.vectors["chains.classes"]![number]))
  }

  @Test("a sample of weight two counts like two samples")
  func sampleWeights() throws {
    let labels = Self.classes.map { $0 ?? 0 }
    let weights = (0..<Self.count).map { Float($0 % 3 == 0 ? 2 : 1) }
    let twice = (0..<Self.count).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] }
    func move(_ samples: any Samples, _ classes: [Int]) throws -> [Double] {
      var settings = Self.settings(.discriminative)
      settings.batchSize = classes.count
      var trainer = try ClassificationTrainer(
        model: Self.start, samples: samples, classes: classes, settings: settings)
      try trainer.step(samples: samples)
      return zip(ReferenceClassificationRBM(trainer.model).parameters, Self.reference.parameters).map {
        $0 - $1
      }
    }
    let weighted = try move(WeightedSamples(BitSamples(Self.states), weights: weights), labels)
    let replicated = try move(BitSamples(twice.map { Self.states[$0] }), twice.map { labels[$0] })
    #expect(largestDifference(weighted, replicated) <= 2 * Self.bound(weight: 2))
  }

  @Test("weight decay pulls at weights, not at biases; momentum repeats the last move")
  func decayAndMomentum() throws {
    var settings = Self.settings(.discriminative)
    settings.batchSize = 75
    let plain = try Self.move(settings, classes: Self.classes).move
    settings.l2 = 0.125
    let decayed = try Self.move(settings, classes: Self.classes).move
    var weights = Self.reference
    weights.visibleBias = weights.visibleBias.map { _ in 0 }
    weights.hiddenBias = weights.hiddenBias.map { _ in 0 }
    weights.classBias = weights.classBias.map { _ in 0 }
    let expected = zip(plain, weights.parameters).map { $0 - 0.125 * $1 }
    // Each of both moves was rounded by up to 6u, the product by one more.
    #expect(largestDifference(decayed, expected) <= 13 * FloatBounds.roundoff)
    settings.l2 = 0
    settings.momentum = StepSchedule(0.5)
    let samples = BitSamples(Self.states)
    var trainer = try ClassificationTrainer(
      model: Self.start, samples: samples, classes: Self.classes, settings: settings)
    try trainer.step(samples: samples)
    let first = ReferenceClassificationRBM(trainer.model)
    try trainer.step(samples: samples)
    let second = ReferenceClassificationRBM(trainer.model)
    let labelled = Self.classes.enumerated().compactMap { row, y in y.map { (row, $0) } }
    let gradient = Self.sum(
      labelled.map { (1 / 75.0, first.discriminativeGradient(visible: Self.states[$0], class: $1)) })
    let move = zip(second.parameters, first.parameters).map { $0 - $1 }
    let repeated = zip(plain, gradient).map { 0.5 * $0 + $1 }
    #expect(
      largestDifference(move, repeated)
        <= ClassificationBounds(first).gradient(rows: 75, weight: 1) + 13 * FloatBounds.roundoff)
  }
}
