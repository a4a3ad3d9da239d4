import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("TAP gradient")
struct TAPGradientTests {
  static let pair = MachinePair.normal(
    visible: 23, hidden: 11, weightDeviation: 0.3, biasDeviation: 0.5, seed: 620)
  static let samples = BitSamples(randomStates(30, width: 23, seed: 621))
  /// A block of 50 and a short one.
  static let rows = 57

  static func settings(order: Int, iterations: Int = 3) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.method = "tap"
    settings.batchSize = 30
    settings.chains = rows
    settings.tapOrder = order
    settings.tapIterations = iterations
    settings.seed = 622
    return settings
  }

  static func estimator(order: Int, iterations: Int = 3) -> TAPGradient {
    TAPGradient(
      EstimatorContext(model: pair.engine, settings: settings(order: order, iterations: iterations)))
  }

  /// Where the rows begin: draws of the base-rate machine, and what the hiddens are given these.
  static var start: [ReferenceTAP.Means] {
    BlockGibbs(model: pair.engine, seed: 622).initialState(chains: rows).visibles.doubles.map {
      ReferenceTAP.Means(visible: $0, hidden: pair.reference.hiddenMeans(given: $0))
    }
  }

  /// Every iteration adds what Float rounds an input by, with its terms of second and third order three times as
  /// many sums, times the slope ¼; what was wrong before passes on by a factor below 1, since the iteration
  /// contracts. A correlation is a mean over rows of products of three factors.
  static func bound(iterations: Int) -> Double {
    let bounds = FloatBounds(pair.reference)
    let mean = 2 * Double(iterations) * 3 * max(bounds.hiddenMean, bounds.mirrored.hiddenMean)
    return 6 * mean + Double(rows + 8) * FloatBounds.roundoff
  }

  @Test("rows move as the reference's do, update after update", arguments: 1...3)
  func moments(_ order: Int) {
    let tap = ReferenceTAP(Self.pair.reference, order: order)
    var estimator = Self.estimator(order: order), means = Self.start
    for update in 1...3 {
      let gradient = estimator.gradient(
        of: Self.pair.engine,
        minibatch: Minibatch(samples: Self.samples, indices: ArraySlice(0..<30), epoch: 0),
        steps: 1, parallel: Parallel(threads: 2))
      for _ in 0..<3 { means = means.map(tap.step) }
      #expect(
        ReferenceGradient(gradient.model).largestDifference(from: mean(means.map(tap.moments)))
          <= Self.bound(iterations: 3 * update))
    }
  }

  private func mean(_ moments: [ReferenceGradient]) -> ReferenceGradient {
    let zero = ReferenceGradient.zero(like: Self.pair.reference)
    func sum(_ of: (ReferenceGradient) -> [Double]) -> [Double] {
      moments.reduce(of(zero)) { zip($0, of($1)).map { $0 + $1 / Double(moments.count) } }
    }
    let weights = sum { Array($0.weights.joined()) }
    return ReferenceGradient(
      weights: (0..<23).map { Array(weights[(11 * $0)..<(11 * $0 + 11)]) },
      visibleBias: sum(\.visibleBias), hiddenBias: sum(\.hiddenBias))
  }

  @Test("the data's moments are those of the exact gradient")
  func data() throws {
    let minibatch = Minibatch(samples: Self.samples, indices: ArraySlice(3..<20), epoch: 0)
    var tap = Self.estimator(order: 2)
    var exact = ExactGradient(EstimatorContext(model: Self.pair.engine, settings: Self.settings(order: 2)))
    let parallel = Parallel(threads: 2)
    let first = tap.gradient(of: Self.pair.engine, minibatch: minibatch, steps: 1, parallel: parallel)
    let second = try exact.gradient(of: Self.pair.engine, minibatch: minibatch, steps: 1, parallel: parallel)
    #expect(ReferenceGradient(first.data) == ReferenceGradient(second.data))
  }

  @Test("other units than bernoulli ones are refused")
  func otherUnits() {
    let bias = [Float](repeating: 0, count: 3)
    let machine = RBM(
      visible: SpinUnits(bias: bias), hidden: BernoulliUnits(bias: bias),
      weights: Matrix(rows: 3, columns: 3))
    var settings = TrainingSettings()
    settings.method = "tap"
    let error = #expect(throws: SettingsError.self) {
      try Trainer(model: machine, samples: BitSamples(count: 100, width: 3), settings: settings)
    }
    #expect(error?.description == "tap is for bernoulli units on both sides, not spin")
  }

  /// Where learning ends, the moments of the expansion are the data's, and those of the machine differ from them by
  /// the expansion's error. For weights as weak as the teacher's, 0.3, this is a few thousandths at second order.
  @Test("learns the law of a weak teacher")
  func teacher() throws {
    let teacher = ReferenceRBM.normal(
      visible: 5, hidden: 2, weightDeviation: 0.3, biasDeviation: 0.3, seed: 623)
    let random = ReferenceRandom(seed: 624), law = teacher.visibleProbabilities(), all = binaryStates(5)
    let states = (0..<400).map { all[random.category(law, row: $0)] }
    var settings = Self.settings(order: 2)
    settings.batchSize = 400
    settings.epochs = 300
    settings.learningRate = 0.1
    settings.chains = 2
    settings.l2 = 0
    let samples = BitSamples(states)
    let machine = RBM.initialized(dataMeans: samples.means(), hidden: 2, seed: 625)
    var trainer = try Trainer(model: machine, samples: samples, settings: settings)
    while !trainer.isFinished { try trainer.step(samples: samples, parallel: Parallel(threads: 1)) }
    let trained = ReferenceRBM(trainer.model)
    let gradient = trained.exactPhases(ReferenceMinibatch(states)).gradient(around: .zero(like: trained))
    #expect(gradient.flat.allSatisfy { abs($0) < 0.01 })
    #expect(trained.meanLogLikelihood(of: states) > teacher.meanLogLikelihood(of: states))
  }
}
