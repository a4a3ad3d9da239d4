import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

extension TrainingSettings {
  /// Settings of an estimator for a minibatch of so many samples.
  static func estimator(_ method: String, batchSize: Int) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.method = method
    settings.batchSize = batchSize
    return settings
  }
}

extension LayeredCase {
  /// The gradient of one estimator for all states together.
  func gradient(_ method: String, samples: (any Samples)? = nil) throws -> Gradient {
    let samples = samples ?? self.samples
    let settings = TrainingSettings.estimator(method, batchSize: samples.count)
    var estimator = try #require(GradientEstimators.named(method)).init(
      EstimatorContext(model: pair.engine, settings: settings))
    let minibatch = Minibatch(samples: samples, indices: ArraySlice(0..<samples.count), epoch: 0)
    return try estimator.gradient(
      of: pair.engine, minibatch: minibatch, steps: 1, parallel: Parallel(threads: 2))
  }

  /// Of a mean over rows of a product of two values: means of hiddens, and as many sums as there are rows.
  func momentBound(_ moments: ReferenceMoments) -> Double {
    let hidden = states.map { pair.reference.hiddenMeanBound(given: $0) }.max()!
    let largest = states.joined().reduce(1) { max($0, abs($1)) }
    return hidden * largest + Double(states.count + 2) * FloatBounds.roundoff * max(1, moments.largest) * 2
  }
}

@Suite("Gradients of every pairing")
struct LayeredGradientTests {
  @Test("the positive phase is the reference's", arguments: LayeredCase.pairings, ["cd", "pcd"])
  func positivePhase(_ test: LayeredCase, _ method: String) throws {
    let moments = test.pair.reference.moments(of: test.states)
    let gradient = try test.gradient(method)
    let found = EngineMoments(gradient.data, of: test.pair.engine)
    #expect(found.largestDifference(from: moments) <= test.momentBound(moments))
    if test.pair.engine.visible.realColumns.isEmpty { #expect(found.visibleSquare.isEmpty) }
  }

  /// The engine's gradient in the order of the reference's parameters, hidden precisions left out.
  private func flat(_ gradient: Gradient, _ pair: LayeredPair) -> [Double] {
    let machine = pair.engine
    let weights = gradient.weights(visible: machine.visibleCount, hidden: machine.hiddenCount).doubles
    let isReal = pair.reference.visible.isReal
    let precision =
      isReal.contains(true) ? gradient.visiblePrecision.doubles : isReal.map { _ in 0 }
    return weights.joined() + gradient.visibleBias.doubles + gradient.hiddenBias.doubles
      + isReal.indices.map { isReal[$0] ? precision[$0] * pair.reference.visible.precision[$0] : 0 }
  }

  @Test("the exact gradient is the slope of the reference's log-likelihood", arguments: LayeredCase.summable)
  func exactGradient(_ test: LayeredCase) throws {
    let reference = test.pair.reference
    let gradient = flat(try test.gradient("exact"), test.pair)
    let slope = centralDifferences(at: reference.parameters, step: 1e-4) { parameters in
      var moved = reference
      moved.parameters = parameters
      return moved.meanLogLikelihood(of: test.states) ?? .nan
    }
    let moments = try #require(reference.modelMoments())
    // Both phases, and the curve: third derivatives below 100 and rounding of the reference, 2e-7.
    let phases = test.momentBound(reference.moments(of: test.states)) + 5e-6 * max(1, moments.largest)
    #expect(largestDifference(gradient, Array(slope.prefix(gradient.count))) <= 2 * phases + 2e-7)
  }

  @Test("there is no exact gradient where there is no exact sum")
  func noExactGradient() {
    let test = LayeredCase(MachineShape([.gaussian(2)], [.relu(2)]))
    #expect(throws: EnumerationError.self) { try test.gradient("exact") }
  }

  // MARK: - Weights

  /// Weights of 1 to 3: each sample once, twice or three times.
  private func counts(_ test: LayeredCase) -> [Int] { test.states.indices.map { 1 + $0 % 3 } }

  private func weighted(_ test: LayeredCase) throws -> WeightedSamples {
    try WeightedSamples(test.samples, weights: counts(test).map { Float($0) })
  }

  @Test("data moments of weighted samples", arguments: LayeredCase.pairings, ["cd", "pcd"])
  func weightedMoments(_ test: LayeredCase, _ method: String) throws {
    let moments = test.pair.reference.moments(of: test.states, rowWeights: counts(test).map(Double.init))
    let found = EngineMoments(
      try test.gradient(method, samples: weighted(test)).data, of: test.pair.engine)
    // One rounding more of every weight and product.
    #expect(found.largestDifference(from: moments) <= 2 * test.momentBound(moments))
  }

  @Test("exact gradients of weighted and of replicated samples are one", arguments: LayeredCase.summable)
  func replicated(_ test: LayeredCase) throws {
    let copies = zip(test.states, counts(test)).flatMap { [[Double]](repeating: $0, count: $1) }
    let weighted = flat(try test.gradient("exact", samples: weighted(test)), test.pair)
    let replicated = flat(try test.gradient("exact", samples: FloatSamples(copies)), test.pair)
    let moments = test.pair.reference.moments(of: copies)
    #expect(largestDifference(weighted, replicated) <= 4 * test.momentBound(moments))
  }

  /// Standardisation keeps Var h over data; with a rate of 1 it is the last minibatch's.
  @Test("Var h over data is the reference's", arguments: LayeredCase.pairings, [false, true])
  func hiddenVariance(_ test: LayeredCase, _ isWeighted: Bool) throws {
    guard !test.pair.engine.hidden.realColumns.isEmpty else { return }
    var settings = TrainingSettings.estimator("cd", batchSize: test.states.count)
    settings.offsetRate = 1
    settings.isCentered = false
    settings.shuffles = false
    let samples: any Samples = isWeighted ? try weighted(test) : test.samples
    var trainer = try Trainer(model: test.pair.engine, samples: samples, settings: settings)
    try trainer.step(samples: samples)
    let found = try #require(Snapshot(trainer).vectors["scale.hidden_variance"])
    let moments = test.pair.reference.moments(
      of: test.states, rowWeights: isWeighted ? counts(test).map(Double.init) : nil)
    for (column, isReal) in test.pair.reference.hidden.isReal.enumerated() {
      let variance = moments.hiddenSquare[column] - moments.hidden[column] * moments.hidden[column]
      // E[h²] = (1 + tE[h])/γ from inputs and means, then a difference of numbers of its size.
      let inputs = test.states.map { abs(test.pair.reference.hiddenInputs(given: $0)[column]) }.max()!
      let bound = 8 * (1 + inputs) * test.momentBound(moments)
      #expect(abs(Double(found[column]) - (isReal ? max(variance, 0.01) : 1)) <= bound)
    }
  }
}
