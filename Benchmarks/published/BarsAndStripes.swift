internal import Boltzmann
internal import Foundation

/// Bars and stripes, 4 × 4, as in the tutorial and the tests of the Shark library (Igel, Heidrich-Meisner &
/// Glasmachers 2008): the exact negative log-likelihood in nats, summed over the 32 patterns.
///
/// Weights start uniform in ±0.1, biases at zero; bare gradient ascent, here with ten seeds. The patterns
/// with all and with no pixel on are there twice, so that no machine goes below
/// ```
/// 32·log 32 − 2·2·log 2 = 108.131
/// ```
struct BarsAndStripes: Experiment {
  let name: String
  private let method: any GradientEstimator.Type
  private let hidden: Int
  private let learningRate: Double
  private let batchSize: Int
  private let updates: Int
  private let published: Published

  /// What the library says of its ten trials, or requires of its one.
  private enum Published { case mean(String, Tolerance), each(Tolerance) }

  static let all = [
    BarsAndStripes(
      name: "bars-and-stripes-cd-32", method: ContrastiveDivergence.self, hidden: 32, learningRate: 0.1,
      batchSize: 32, updates: 1000, published: .mean("192.54", .between(180, 205))),
    BarsAndStripes(
      name: "bars-and-stripes-cd-8", method: ContrastiveDivergence.self, hidden: 8, learningRate: 0.05,
      batchSize: 32, updates: 8001, published: .each(.below(200))),
    BarsAndStripes(
      name: "bars-and-stripes-pcd-8", method: PersistentContrastiveDivergence.self, hidden: 8,
      learningRate: 0.05, batchSize: 16, updates: 5001, published: .each(.below(200))),
  ]

  var isQuick: Bool { true }
  var needsMNIST: Bool { false }

  func run(in laboratory: Laboratory) throws -> [Finding] {
    let (losses, seconds) = try laboratory.timed {
      try laboratory.figures(10) { try negativeLogLikelihood($0, seed: $1) }
    }
    let best = Finding(
      experiment: "\(name), best seed", published: "≥ 108.131", ours: losses.min() ?? .nan,
      tolerance: .atLeast(108.131))
    return [finding(losses, seconds), best]
  }

  private func finding(_ losses: [Double], _ seconds: Double) -> Finding {
    switch published {
    case .mean(let figure, let tolerance):
      Finding(
        experiment: "\(name), mean of 10 seeds", published: figure, ours: mean(losses), tolerance: tolerance,
        seconds: seconds)
    case .each(let tolerance):
      Finding(
        experiment: "\(name), worst of 10 seeds", published: tolerance.description,
        ours: losses.max() ?? .nan, tolerance: tolerance, seconds: seconds)
    }
  }

  /// −Σ log P(v) over the patterns after the training.
  private func negativeLogLikelihood(_ laboratory: Laboratory, seed: UInt64) throws -> Double {
    let patterns = BitSamples.barsAndStripes(side: 4)
    let start = RBM(
      visibleBias: [Float](repeating: 0, count: 16), hiddenBias: [Float](repeating: 0, count: hidden),
      weights: WeightInitialization.uniform(bound: 0.1)(visible: 16, hidden: hidden, seed: seed))
    let epochs = (updates * batchSize + patterns.count - 1) / patterns.count
    var settings = TrainingSettings.bare(
      method, epochs: epochs, batchSize: batchSize, learningRate: learningRate, seed: seed)
    settings.chains = patterns.count
    let model = try laboratory.train(
      start, on: patterns, settings: settings, updates: updates, name: name)
    return -32 * (try laboratory.exactMeanLogLikelihood(of: model, on: patterns))
  }
}
