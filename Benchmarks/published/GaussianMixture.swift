internal import Boltzmann
internal import BoltzmannCompute
internal import Foundation

/// Three Gaussians of unit variance at (−5, −5), (5, −5) and (0, 5), of weights 0.33, 0.33 and 0.34, learned by
/// Gaussian visibles and four binary hiddens from the exact gradient: the log-likelihood of fresh points, in nats.
///
/// The law itself has −3.935, minus its entropy: log 2πe of a Gaussian and 1.099 of the choice. 10,000 points each
/// to train and to test with; minibatches of 100, 200 epochs, momentum 0.5 and 0.9 from the sixth on.
struct GaussianMixture: Experiment {
  var name: String { "gaussian-mixture" }
  var isQuick: Bool { true }
  var needsMNIST: Bool { false }

  func run(in laboratory: Laboratory) throws -> [Finding] {
    let training = points(laboratory.seed, step: 1), test = points(laboratory.seed, step: 2)
    let (likelihood, seconds) = try laboratory.timed {
      try logLikelihood(of: test, after: training, laboratory)
    }
    return [
      Finding(
        experiment: name, published: figure(-3.935, digits: 3), ours: likelihood,
        tolerance: .within(0.1, of: -3.935), seconds: seconds,
        note: "of the law itself \(figure(law(test), digits: 3)) on the same points", digits: 3)
    ]
  }

  private func logLikelihood(
    of test: FloatSamples, after training: FloatSamples, _ laboratory: Laboratory
  ) throws -> Double {
    var settings = TrainingSettings.bare(
      ExactGradient.self, epochs: 200, batchSize: 100, learningRate: 0.1, isCentered: true,
      seed: laboratory.seed)
    settings.schedule = .linear
    settings.momentum = TrainingSettings().momentum
    let model = try laboratory.train(
      .wide(for: training, hidden: 4, seed: laboratory.seed), on: training, settings: settings, name: name)
    return try laboratory.exactMeanLogLikelihood(of: model, on: test)
  }

  private static let components: [(weight: Double, mean: [Double])] = [
    (0.33, [-5, -5]), (0.33, [5, -5]), (0.34, [0, 5]),
  ]

  private func points(_ seed: UInt64, step: UInt64) -> FloatSamples {
    let choices = RandomStream(seed: seed, purpose: .selection, step: step)
    let noise = RandomStream(seed: seed, purpose: .test, step: step)
    let values = (0..<UInt64(10_000)).flatMap { point in
      let uniform = choices.uniforms(row: point, count: 1)[0]
      let component = GaussianMixture.components[uniform < 0.33 ? 0 : uniform < 0.66 ? 1 : 2]
      return zip(component.mean, noise.normals(row: point, count: 2)).map { Float($0 + $1) }
    }
    return FloatSamples(width: 2, values: values)
  }

  /// Mean log p of points under the mixture.
  private func law(_ points: FloatSamples) -> Double {
    let rows = points.matrix(0..<points.count)
    return mean(
      (0..<points.count).map { row in
        let density = GaussianMixture.components.reduce(0.0) { sum, component in
          let squares = component.mean.enumerated().reduce(0.0) {
            $0 + (Double(rows[row, $1.offset]) - $1.element) * (Double(rows[row, $1.offset]) - $1.element)
          }
          return sum + component.weight * exp(-squares / 2) / (2 * Double.pi)
        }
        return log(density)
      })
  }
}
