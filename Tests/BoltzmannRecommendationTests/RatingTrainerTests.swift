import Boltzmann
import BoltzmannCompute
import BoltzmannRecommendation
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Training on ratings")
struct RatingTrainerTests {
  static let rate = 0.25

  /// One minibatch of all cases, in their order, a plain step along the sum of their gradients.
  static func plain(steps: Int, method: RatingMethod = .contrastiveDivergence) -> RatingSettings {
    var settings = RatingSettings()
    settings.method = method
    settings.steps = StepSchedule(steps)
    settings.epochs = 3
    settings.batchSize = 100
    settings.shuffles = false
    settings.learningRate = rate
    settings.schedule = .constant
    settings.momentum = StepSchedule(0)
    settings.l2 = 0
    settings.balance = 0
    settings.seed = 31
    return settings
  }

  static let kinds = RatingPair.Kind.all.filter { $0.hidden == .bernoulli }

  @Test("CD-T follows the reference's estimate, draw for draw", arguments: kinds, [1, 3])
  func contrastiveDivergence(kind: RatingPair.Kind, steps: Int) throws {
    let pair = RatingPair(kind, sites: 5, levels: 4, hidden: 6, deviation: 0.5, seed: 30)
    let lists = try RatingLists.random(cases: 9, sites: 5, levels: 4, density: 0.6, seed: 32)
    var trainer = try RatingTrainer(model: pair.engine, lists: lists, settings: Self.plain(steps: steps))
    let info = try trainer.step()
    #expect(info.ratings == lists.count && info.endsEpoch)
    let random = ReferenceRandom(seed: 31)
    let total = sum(
      RatingGradientTests.cases(lists).enumerated().map { row, ratings in
        pair.reference.contrastiveDivergence(ratings, steps: steps, row: row, firstStep: 0, random: random)
      })
    expect(trainer.model, isStepFrom: pair.engine, along: total)
  }

  @Test("sites seen without a rating move D, and the hidden units by it", arguments: kinds)
  func seen(kind: RatingPair.Kind) throws {
    let pair = RatingPair(kind, sites: 5, levels: 4, hidden: 6, deviation: 0.5, seed: 30)
    let lists = try RatingLists.random(cases: 9, sites: 5, levels: 4, density: 0.4, seed: 32)
    let seen = try RatingLists.random(cases: 9, sites: 5, levels: 1, density: 0.5, seed: 43)
    var trainer = try RatingTrainer(
      model: pair.engine, lists: lists, seen: seen, settings: Self.plain(steps: 2))
    try trainer.step()
    let random = ReferenceRandom(seed: 31), others = RatingLists.seenOnly(seen, lists)
    let total = sum(
      RatingGradientTests.cases(lists).enumerated().map { row, ratings in
        let sites = kind.isConditional ? others[row] : []
        return pair.reference.seeing(sites).contrastiveDivergence(
          ratings, steps: 2, row: row, firstStep: 0, random: random
        ).passingOn(to: sites)
      })
    expect(trainer.model, isStepFrom: pair.engine, along: total)
  }

  @Test(
    "cases without ratings, which no minibatch has, change no rate: items seen only, the item-oriented way")
  func emptyCases() throws {
    let full = try RatingLists.random(cases: 12, sites: 5, levels: 3, density: 0.9, seed: 46)
    let cases = RatingGradientTests.cases(full)
    let padded = try RatingLists(
      cases + [ReferenceRatingRBM.Ratings](repeating: [], count: 200), sites: 5, levels: 3)
    var shape = RatingRBM.Shape(), settings = RatingSettings()
    (shape.hidden, shape.isConditional) = (4, true)
    (settings.epochs, settings.batchSize) = (2, 6)
    let first = try RatingRBM.initialized(full, shape: shape, seed: 47)
    // All of the empty ones have met everything.
    let seen = try RatingLists.random(cases: 212, sites: 5, levels: 1, density: 1, seed: 48)
    let rated = try RatingLists(
      cases.map { _ in (0..<5).map { ($0, 0) } }, sites: 5, levels: 1)
    var plain = try RatingTrainer(model: first, lists: full, seen: rated, settings: settings)
    var other = try RatingTrainer(model: first, lists: padded, seen: seen, settings: settings)
    while !plain.isFinished {
      try plain.step()
      try other.step()
    }
    #expect(other.isFinished && other.model == plain.model && plain.model != first)
  }

  @Test("a copy goes on by itself, at the same time")
  func copies() async throws {
    let lists = try RatingLists.random(cases: 40, sites: 37, levels: 3, density: 0.3, seed: 35)
    var shape = RatingRBM.Shape()
    (shape.hidden, shape.isConditional) = (19, true)
    var settings = RatingSettings()
    (settings.epochs, settings.batchSize) = (4, 13)
    var trainer = try RatingTrainer(
      model: RatingRBM.initialized(lists, shape: shape, seed: 36), lists: lists, settings: settings)
    try trainer.step()
    let start = trainer
    while !trainer.isFinished { try trainer.step(parallel: Parallel(threads: 1)) }
    let ends = try await withThrowingTaskGroup(of: RatingRBM.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var copy = start
          while !copy.isFinished { try copy.step(parallel: Parallel(threads: 1)) }
          return copy.model
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(ends.count == 4 && ends.allSatisfy { $0 == trainer.model })
  }

  @Test("PCD-T goes on where the chains of the cases ended")
  func persistent() throws {
    let pair = RatingPair(sites: 5, levels: 4, hidden: 6, deviation: 0.5, seed: 33)
    let lists = try RatingLists.random(cases: 9, sites: 5, levels: 4, density: 0.6, seed: 34)
    var trainer = try RatingTrainer(
      model: pair.engine, lists: lists, settings: Self.plain(steps: 2, method: .persistent))
    let random = ReferenceRandom(seed: 31), cases = RatingGradientTests.cases(lists)
    var states = cases, machine = pair.reference
    for epoch in 0..<2 {
      let before = trainer.model
      try trainer.step()
      let estimates = cases.indices.map { row in
        machine.contrastiveDivergence(
          cases[row], from: states[row], steps: 2, row: row, firstStep: 2 * epoch, random: random)
      }
      for row in cases.indices {
        for step in 2 * epoch..<2 * epoch + 2 {
          states[row] = machine.gibbsStep(states[row], row: row, step: step, random: random)
        }
      }
      expect(trainer.model, isStepFrom: before, along: sum(estimates))
      machine = ReferenceRatingRBM(trainer.model)
    }
  }

  private func sum(_ gradients: [ReferenceRatingRBM]) -> ReferenceRatingRBM {
    var total = gradients[0]
    total.parameters = total.parameters.indices.map { k in gradients.reduce(0) { $0 + $1.parameters[k] } }
    return total
  }

  /// The step of every stored parameter: for W = AB by the chain rule, ∂/∂A = G·Bᵀ and ∂/∂B = Aᵀ·G (D's factor too).
  private func expect(_ moved: RatingRBM, isStepFrom model: RatingRBM, along gradient: ReferenceRatingRBM) {
    // Sums over 9 cases of moments that are off by 30 roundings of values below 4; steps of ¼ of parameters below 4.
    let bound = 9 * 30 * 4 * 0x1p-24
    let rows = gradient.weights.flatMap { $0 }, b = model.mixing?.doubles
    func projected(_ g: [[Double]]) -> [[Double]] {
      guard let b else { return g }
      return g.map { row in b.map { zip(row, $0).reduce(0) { $0 + $1.0 * $1.1 } } }
    }
    func expect(_ after: Matrix?, _ before: Matrix?, _ g: [[Double]]) {
      guard let after, let before else { return }
      for (r, row) in g.enumerated() {
        for (j, slope) in row.enumerated() {
          #expect(abs(Double(after[r, j]) - Double(before[r, j]) - Self.rate * slope) <= bound)
        }
      }
    }
    expect(moved.weights, model.weights, projected(rows))
    expect(moved.conditional, model.conditional, projected(gradient.conditional))
    expect(moved.visibleBias, model.visibleBias, [gradient.visibleBias.flatMap { $0 }])
    for j in model.hiddenBias.indices {
      let step = Double(moved.hiddenBias[j]) - Double(model.hiddenBias[j])
      #expect(abs(step - Self.rate * gradient.hiddenBias[j]) <= bound)
    }
    guard let b else { return }
    var mixing = b.map { $0.map { _ in 0.0 } }
    let stored = model.weights.doubles + (model.conditional?.doubles ?? [])
    let slopes = rows + (model.conditional == nil ? [] : gradient.conditional)
    for (a, g) in zip(stored, slopes) {
      for c in a.indices { for j in g.indices { mixing[c][j] += a[c] * g[j] } }
    }
    expect(moved.mixing, model.mixing, mixing)
  }

  @Test("the same bits with 1, 2 and 3 threads", arguments: RatingPair.Kind.all)
  func threads(kind: RatingPair.Kind) throws {
    let lists = try RatingLists.random(cases: 40, sites: 37, levels: 3, density: 0.3, seed: 35)
    var shape = RatingRBM.Shape()
    (shape.hidden, shape.hiddenKind, shape.factors) = (19, kind.hidden, kind.factors)
    shape.isConditional = kind.isConditional
    var settings = RatingSettings()
    (settings.epochs, settings.batchSize, settings.steps) = (2, 13, StepSchedule("1,2@1")!)
    for method in RatingMethod.allCases {
      settings.method = method
      let models = try [1, 2, 3].map { threads in
        let first = try RatingRBM.initialized(lists, shape: shape, seed: 36)
        var trainer = try RatingTrainer(model: first, lists: lists, settings: settings)
        while !trainer.isFinished { try trainer.step(parallel: Parallel(threads: threads)) }
        return trainer.model
      }
      #expect(models[0] == models[1] && models[0] == models[2])
    }
  }

  @Test("goes on from a checkpoint to the same bits", arguments: RatingPair.Kind.all, RatingMethod.allCases)
  func checkpoints(kind: RatingPair.Kind, method: RatingMethod) throws {
    let lists = try RatingLists.random(cases: 30, sites: 17, levels: 3, density: 0.3, seed: 44)
    var shape = RatingRBM.Shape(), settings = RatingSettings()
    (shape.hidden, shape.hiddenKind, shape.factors) = (9, kind.hidden, kind.factors)
    shape.isConditional = kind.isConditional
    (settings.method, settings.epochs, settings.batchSize, settings.steps) = (
      method, 3, 7, StepSchedule("1,2@1")!
    )
    let first = try RatingRBM.initialized(lists, shape: shape, seed: 45)
    var trainer = try RatingTrainer(model: first, lists: lists, settings: settings)
    for _ in 0..<7 { try trainer.step() }
    var snapshot = Snapshot()
    trainer.save(to: &snapshot)
    #expect(trainer.epoch == 1 && trainer.minibatch == 2)
    var other = try RatingTrainer(model: first, lists: lists, settings: settings)
    try other.restore(from: snapshot)
    #expect(other.model == trainer.model && other.model != first)
    while !trainer.isFinished {
      try trainer.step()
      try other.step()
    }
    #expect(other.isFinished && other.model == trainer.model)
  }

  @Test("a checkpoint that does not fit is refused, and nothing has changed")
  func wrongCheckpoints() throws {
    let lists = try RatingLists.random(cases: 5, sites: 4, levels: 3, density: 0.6, seed: 38)
    let model = try RatingRBM.initialized(lists, shape: RatingRBM.Shape(), seed: 39)
    var settings = RatingSettings()
    settings.method = .persistent
    var trainer = try RatingTrainer(model: model, lists: lists, settings: settings)
    var good = Snapshot()
    trainer.save(to: &good)
    func refuses(_ change: (inout Snapshot) -> Void) {
      var wrong = good
      change(&wrong)
      #expect(throws: SnapshotError.self) { try trainer.restore(from: wrong) }
    }
    refuses { $0.matrices["weights"] = Matrix(rows: 2, columns: 3) }
    refuses { $0.matrices["velocity.weights"] = nil }
    refuses { $0.numbers["gibbs_steps"] = -1 }
    refuses { $0.vectors["states"] = [0] }
    refuses { $0.vectors["states"]?[0] = 3 }
    refuses { $0.numbers["epoch"] = nil }
    refuses { $0.numbers["epoch"] = 0x1p52 }
    #expect(trainer.model == model && trainer.epoch == 0)
  }

  @Test("a site that nobody rated stays as it was")
  func unrated() throws {
    let lists = try RatingLists([[(0, 1), (2, 0)], [(0, 0)], []], sites: 3, levels: 2)
    let first = try RatingRBM.initialized(lists, shape: RatingRBM.Shape(), seed: 37)
    var trainer = try RatingTrainer(model: first, lists: lists, settings: RatingSettings())
    while !trainer.isFinished { try trainer.step() }
    #expect(
      (2...3).allSatisfy { row in
        (0..<100).allSatisfy { trainer.model.weights[row, $0] == first.weights[row, $0] }
      })
    #expect(trainer.model.weights != first.weights)
  }

  @Test("what cannot work is said in one line")
  func refusals() throws {
    let lists = try RatingLists.random(cases: 5, sites: 4, levels: 3, density: 0.6, seed: 38)
    let model = try RatingRBM.initialized(lists, shape: RatingRBM.Shape(), seed: 39)
    var settings = RatingSettings()
    settings.momentum = StepSchedule(1)
    #expect(throws: SettingsError.self) { try RatingTrainer(model: model, lists: lists, settings: settings) }
    #expect(throws: SettingsError.self) {
      try RatingTrainer(model: model, lists: lists.transposed(), settings: RatingSettings())
    }
    for seen in [lists, try RatingLists([[]], sites: 4, levels: 1)] {
      #expect(throws: SettingsError.self) {
        try RatingTrainer(model: model, lists: lists, seen: seen, settings: RatingSettings())
      }
    }
    let empty = try RatingLists([[]], sites: 4, levels: 3)
    #expect(throws: SettingsError.self) {
      try RatingTrainer(model: model, lists: empty, settings: RatingSettings())
    }
    settings = RatingSettings()
    settings.learningRate = 1e30
    var trainer = try RatingTrainer(model: model, lists: lists, settings: settings)
    #expect(throws: TrainingDiverged.self) { while !trainer.isFinished { try trainer.step() } }
  }
}
