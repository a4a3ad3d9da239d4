import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Exact gradient")
struct ExactGradientTests {
  static let sizes = [(4, 3), (3, 5), (7, 6)]
  static let count = 12

  /// The engine's gradient of the mean log-likelihood of some samples.
  static func gradient(_ model: RBM, _ states: [[Double]]) throws -> ReferenceGradient {
    var settings = TrainingSettings()
    settings.method = "exact"
    settings.batchSize = states.count
    var estimator = ExactGradient(EstimatorContext(model: model, settings: settings))
    let minibatch = Minibatch(samples: BitSamples(states), indices: ArraySlice(states.indices), epoch: 0)
    return ReferenceGradient(
      try estimator.gradient(of: model, minibatch: minibatch, steps: 1, parallel: Parallel(threads: 2)))
  }

  @Test("is the reference's", arguments: sizes)
  func reference(_ size: (Int, Int)) throws {
    let pair = MachinePair.normal(visible: size.0, hidden: size.1, seed: 300)
    let states = randomStates(Self.count, width: size.0, seed: 301)
    let gradient = try Self.gradient(pair.engine, states)
    let exact = pair.reference.exactGradient(ReferenceMinibatch(states))
    // The model's moments to 5e-6, the data's within bounds.
    let bound = FloatBounds(pair.reference).gradient(rows: Self.count) + 5e-6
    #expect(gradient.largestDifference(from: exact) <= bound)
  }

  /// The third derivative of log Z along a parameter is the third central moment of a 0/1 variable, at most
  /// 0.097; likewise, with the other sign, of the data's softplus. ε²/6 of both is the curve's part.
  private func curve(_ step: Double) -> Double { 2 * 0.097 * step * step / 6 }

  @Test("is the slope of the exact log-likelihood in Double", arguments: sizes)
  func referenceDifferences(_ size: (Int, Int)) throws {
    let pair = MachinePair.normal(visible: size.0, hidden: size.1, seed: 302)
    let states = randomStates(Self.count, width: size.0, seed: 303)
    let differences = pair.reference.finiteDifferences { $0.meanLogLikelihood(of: states) }
    // Beside the gradient's own error: 10⁻¹⁵·20 nats/10⁻⁵ of rounding.
    let bound = FloatBounds(pair.reference).gradient(rows: Self.count) + 5e-6 + curve(1e-5) + 2e-9
    #expect(try Self.gradient(pair.engine, states).largestDifference(from: differences) <= bound)
  }

  @Test("is the slope of the engine's own log-likelihood", arguments: sizes)
  func engineDifferences(_ size: (Int, Int)) throws {
    let pair = MachinePair.normal(visible: size.0, hidden: size.1, seed: 304)
    let states = randomStates(Self.count, width: size.0, seed: 305)
    // A wide step, so that what Float rounds is not blown up.
    let step = 0x1p-4
    let differences = pair.reference.finiteDifferences(step: step) { moved in
      engineLogLikelihood(RBM(moved), states)
    }
    let bounds = FloatBounds(pair.reference)
    let rounding = (bounds.freeEnergy + bounds.mirrored.freeEnergy) / step
    // Moved parameters are rounded once more, each by 2⁻²⁴ of at most 4, one in 2ε.
    let moving = 4 * FloatBounds.roundoff / step
    let bound = bounds.gradient(rows: Self.count) + 5e-6 + curve(step) + rounding + moving
    #expect(try Self.gradient(pair.engine, states).largestDifference(from: differences) <= bound)
  }

  private func engineLogLikelihood(_ model: RBM, _ states: [[Double]]) -> Double {
    let energies = model.freeEnergies(of: BitSamples(states))
    let logPartition = (try? model.exactLogPartition()) ?? .nan
    return -energies.reduce(0, +) / Double(states.count) - logPartition
  }

  @Test("vanishes where the data are the machine's own law")
  func ownLaw() throws {
    // Without couplings and biases all states are equally likely: the data are all states.
    let model = RBM(ReferenceRBM(visibleCount: 4, hiddenCount: 3))
    // Means of halves and quarters: exact.
    #expect(try Self.gradient(model, binaryStates(4)).flat.allSatisfy { $0 == 0 })
  }

  @Test("throws where neither side can be enumerated")
  func tooLarge() {
    let model = RBM.initialized(dataMeans: [Float](repeating: 0.5, count: 30), hidden: 26, seed: 0)
    #expect(throws: EnumerationError.self) {
      try Self.gradient(model, randomStates(3, width: 30, seed: 306))
    }
  }
}
