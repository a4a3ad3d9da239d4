import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite struct AdversarialGradientTests {
  /// So many that no state occurs twice: neighbours that are equally near may come in either order.
  private static let width = 24
  private static let pair = machine((width, 5), seed: 330)
  private static let states = randomStates(40, width: width, seed: 331)

  private func settings(_ weight: Double?) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.batchSize = 40
    settings.chains = 60
    settings.seed = 332
    settings.adversarialWeight = weight
    return settings
  }

  private func gradient<Estimator: GradientEstimator>(
    _ kind: Estimator.Type, _ weight: Double?, samples: any Samples = BitSamples(states), threads: Int = 2
  ) throws -> Gradient {
    var estimator = try Estimator(EstimatorContext(model: Self.pair.engine, settings: settings(weight)))
    return try estimator.gradient(
      of: Self.pair.engine, minibatch: Minibatch(samples: samples, indices: ArraySlice(0..<40), epoch: 0),
      steps: 2, parallel: Parallel(threads: threads))
  }

  private func parts(_ gradient: Gradient) -> [[Double]] {
    [
      gradient.weights(visible: Self.width, hidden: 5).values.doubles, gradient.visibleBias.doubles,
      gradient.hiddenBias.doubles,
    ]
  }

  /// γ = 0 leaves the likelihood's gradient as it is: the same chains, all weights 1. Their sums are grouped
  /// otherwise: 60 numbers up to 1, 60·2⁻²⁴.
  @Test func withoutWeightItIsThatOfPCD() throws {
    let plain = try gradient(PersistentContrastiveDivergence.self, nil)
    #expect(largestDifference(parts(try gradient(AdversarialGradient.self, 0)), parts(plain)) <= 4e-6)
    #expect(largestDifference(parts(try gradient(AdversarialGradient.self, 0.5)), parts(plain)) > 1e-3)
  }

  /// The model's rows weighted by 1 − κ(T − mean T), by plain loops; distances of Floats are good to 10⁻³ near the
  /// ε of 0.01 and better elsewhere, so that T moves by far less than 10⁻³ where no order of neighbours changes.
  @Test(arguments: [0.2, 0.5, 0.8])
  func modelRowsAreWeightedByTheCritic(_ weight: Double) throws {
    let plain = try gradient(PersistentContrastiveDivergence.self, nil)
    guard case .rows(_, let data, _) = plain.data, case .rows(let visibles, let chains, _) = plain.model
    else {
      Issue.record("PCD gives rows")
      return
    }
    let scores = critic(data.doubles, chains.doubles)
    let mean = scores.reduce(0, +) / 60, factor = weight / (1 - weight)
    let weights = scores.map { 1 - factor * ($0 - mean) }
    #expect(Set(scores.map { ($0 * 100).rounded() }).count > 10)
    let model = moments(visibles.doubles, chains.doubles, weights)
    let real = moments(Self.states, data.doubles, Self.states.map { _ in 1 })
    let expected = zip(real, model).map { zip($0, $1).map { $0 - $1 } }
    #expect(
      largestDifference(parts(try gradient(AdversarialGradient.self, weight)), expected) <= 2e-3 * factor)
  }

  private func critic(_ data: [[Double]], _ model: [[Double]]) -> [Double] {
    model.indices.map { row in
      var all: [(distance: Double, sign: Double)] = []
      for (rows, sign) in [(data, 1.0), (model, -1)] {
        for (index, other) in rows.enumerated() where sign > 0 || index != row {
          let square = zip(model[row], other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
          all.append((square.squareRoot(), sign))
        }
      }
      let nearest = all.sorted { $0.distance < $1.distance }.prefix(5)
      let total = nearest.reduce(0) { $0 + 1 / ($1.distance + 0.01) }
      return nearest.reduce(0) { $0 + $1.sign / ($1.distance + 0.01) } / total
    }
  }

  private func moments(
    _ visibles: [[Double]], _ hiddens: [[Double]], _ weights: [Double]
  ) -> [[Double]] {
    var (products, v, h) = (
      [Double](repeating: 0, count: 5 * Self.width), [Double](repeating: 0, count: Self.width),
      [0.0, 0, 0, 0, 0]
    )
    let n = Double(weights.count)
    for (row, weight) in weights.enumerated() {
      for i in 0..<Self.width {
        v[i] += weight * visibles[row][i] / n
        for j in 0..<5 { products[5 * i + j] += weight * visibles[row][i] * hiddens[row][j] / n }
      }
      for j in 0..<5 { h[j] += weight * hiddens[row][j] / n }
    }
    return [products, v, h]
  }

  @Test func bitsDoNotDependOnTheThreads() throws {
    let found = try [1, 2, 3].map { parts(try gradient(AdversarialGradient.self, 0.4, threads: $0)) }
    #expect(found[0] == found[1] && found[0] == found[2])
  }

  /// Data of weight 1 each and of weight 3 each are the same data.
  @Test func weightsOfSamplesAreNoPartOfTheirHiddens() throws {
    let samples = BitSamples(Self.states)
    let plain = try gradient(AdversarialGradient.self, 0.4)
    let weights = (0..<40).map { $0 % 2 == 0 ? Float(1) : 2 }
    let weighted = try gradient(
      AdversarialGradient.self, 0.4, samples: WeightedSamples(samples, weights: weights))
    // The model's side sees hiddens only; w and then 1/w round twice, T by far less than 10⁻³.
    let moved = [weighted, plain].map { modelHiddenMeans($0) }
    #expect(largestDifference(moved[0], moved[1]) <= 1e-3)
  }

  private func modelHiddenMeans(_ gradient: Gradient) -> [Double] {
    guard case .rows(_, let rows, _) = gradient.model else { return [] }
    return (0..<5).map { column in rows.doubles.reduce(0) { $0 + $1[column] } / Double(rows.rows) }
  }

  @Test(arguments: [-0.1, 1, 2, .nan])
  func weightsThatMakeNoSenseAreRefused(_ weight: Double) {
    #expect(throws: SettingsError.self) { try settings(weight).validate(samples: 100) }
  }
}
