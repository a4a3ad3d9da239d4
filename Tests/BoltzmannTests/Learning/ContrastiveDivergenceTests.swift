import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

extension Moments {
  /// The rows' visibles where the moments are means over rows.
  var visibleRows: [[Double]]? {
    guard case .rows(let visibles, _, _) = self else { return nil }
    return visibles.doubles
  }

  /// The rows' hiddens.
  var hiddenRows: [[Double]]? {
    guard case .rows(_, let hiddens, _) = self else { return nil }
    return hiddens.doubles
  }
}

@Suite("Contrastive divergence")
struct ContrastiveDivergenceTests {
  static let pair = machine((17, 9), seed: 310)
  static let states = randomStates(130, width: 17, seed: 311)
  static let random = ReferenceRandom(seed: 312)
  /// Two blocks of 50 and a short one, in no order.
  static let rows = (0..<113).map { 37 * $0 % 130 }

  static func estimator() -> ContrastiveDivergence {
    var settings = TrainingSettings()
    settings.batchSize = rows.count
    settings.seed = 312
    return ContrastiveDivergence(EstimatorContext(model: pair.engine, settings: settings))
  }

  static func minibatch(_ rows: [Int] = rows) -> Minibatch {
    Minibatch(samples: BitSamples(states), indices: ArraySlice(rows), epoch: 0)
  }

  static func reference(_ rows: [Int], steps: Int, firstStep: Int) -> ReferencePhases {
    pair.reference.contrastiveDivergence(
      ReferenceMinibatch(rows.map { states[$0] }, rows: rows), steps: steps, firstStep: firstStep,
      random: random)
  }

  static func expectMargin(steps: Int, firstStep: Int) {
    let margin = pair.reference.margin(
      from: rows.map { states[$0] }, steps: steps, rows: rows, firstStep: firstStep, random: random)
    let bound = FloatBounds(pair.reference, updates: steps).draw
    #expect(margin > bound, "a seed where no draw hangs on rounding")
  }

  @Test("CD-k ends in the reference's states, so that the gradients agree", arguments: [1, 2, 5])
  func statesAndGradient(_ steps: Int) throws {
    Self.expectMargin(steps: steps, firstStep: 0)
    var estimator = Self.estimator()
    let gradient = estimator.gradient(
      of: Self.pair.engine, minibatch: Self.minibatch(), steps: steps, parallel: Parallel(threads: 2))
    let phases = Self.reference(Self.rows, steps: steps, firstStep: 0)
    #expect(gradient.data.visibleRows == phases.positive.visibles)
    #expect(gradient.model.visibleRows == phases.negative.visibles)

    let bounds = FloatBounds(Self.pair.reference, updates: steps)
    let hiddens = try #require(gradient.data.hiddenRows)
    #expect(largestDifference(hiddens, phases.positive.hiddens) <= bounds.hiddenMean)
    let ends = try #require(gradient.model.hiddenRows)
    #expect(largestDifference(ends, phases.negative.hiddens) <= bounds.hiddenMean)
    let exact = phases.gradient(around: .zero(like: Self.pair.reference))
    let difference = ReferenceGradient(gradient).largestDifference(from: exact)
    #expect(difference <= bounds.gradient(rows: Self.rows.count))
  }

  @Test("every call draws with the steps that follow, also where k grows")
  func stepsFollow() {
    var estimator = Self.estimator()
    var firstStep = 0
    for steps in [1, 3, 2] {
      Self.expectMargin(steps: steps, firstStep: firstStep)
      let gradient = estimator.gradient(
        of: Self.pair.engine, minibatch: Self.minibatch(), steps: steps, parallel: Parallel(threads: 1))
      let phases = Self.reference(Self.rows, steps: steps, firstStep: firstStep)
      #expect(gradient.model.visibleRows == phases.negative.visibles)
      firstStep += steps
    }
  }

  @Test("a sample's draws do not depend on its place in the minibatch")
  func places() throws {
    let turned = Array(Self.rows.reversed())
    let ends = try [Self.rows, turned].map { rows in
      var estimator = Self.estimator()
      let gradient = estimator.gradient(
        of: Self.pair.engine, minibatch: Self.minibatch(rows), steps: 2, parallel: Parallel(threads: 2))
      return try #require(gradient.model.visibleRows)
    }
    #expect(ends[0] == ends[1].reversed())
  }

  @Test("a short minibatch is averaged over its own samples")
  func shortMinibatch() {
    var estimator = Self.estimator()
    let rows = Array(Self.rows.prefix(7))
    let gradient = estimator.gradient(
      of: Self.pair.engine, minibatch: Self.minibatch(rows), steps: 1, parallel: Parallel(threads: 2))
    let phases = Self.reference(rows, steps: 1, firstStep: 0)
    let exact = phases.gradient(around: .zero(like: Self.pair.reference))
    #expect(
      ReferenceGradient(gradient).largestDifference(from: exact)
        <= FloatBounds(Self.pair.reference, updates: 1).gradient(rows: 7))
  }

  /// Gradients are sums over the samples in which a visible unit is on, or sgemm where most are.
  @Test("whatever the data's share of ones", arguments: [0.02, 0.3, 0.59, 0.61, 0.98])
  func densities(_ mean: Double) {
    let states = randomStates(60, width: 17, mean: mean, seed: 314)
    var estimator = Self.estimator()
    let gradient = estimator.gradient(
      of: Self.pair.engine,
      minibatch: Minibatch(samples: BitSamples(states), indices: ArraySlice(0..<60), epoch: 0), steps: 1,
      parallel: Parallel(threads: 2))
    let reference = Self.pair.reference
    let margin = reference.margin(
      from: states, steps: 1, rows: Array(0..<60), firstStep: 0, random: Self.random)
    let bounds = FloatBounds(reference, updates: 1)
    #expect(margin > bounds.draw, "a seed where no draw hangs on rounding")
    let phases = reference.contrastiveDivergence(
      ReferenceMinibatch(states), steps: 1, firstStep: 0, random: Self.random)
    let exact = phases.gradient(around: .zero(like: reference))
    #expect(ReferenceGradient(gradient).largestDifference(from: exact) <= bounds.gradient(rows: 60))
  }

  @Test("the positive phase takes grey values as they are")
  func greyValues() throws {
    let values = randomValues(20, width: 17, seed: 313).map { $0.map { Double(Float($0)) } }
    var estimator = Self.estimator()
    let gradient = estimator.gradient(
      of: Self.pair.engine,
      minibatch: Minibatch(samples: FloatSamples(values), indices: ArraySlice(0..<20), epoch: 0), steps: 1,
      parallel: Parallel(threads: 1))
    #expect(gradient.data.visibleRows == values)
    let means = values.map { Self.pair.reference.hiddenMeans(given: $0) }
    let hiddens = try #require(gradient.data.hiddenRows)
    #expect(largestDifference(hiddens, means) <= FloatBounds(Self.pair.reference).hiddenMean)
  }
}
