internal import Boltzmann

/// Sixteen hidden units on binary MNIST by PCD-1 with the centred gradient, as in PyDeep's example
/// `RBM_MNIST_small` (Melchior, Fischer & Wiskott 2016): the exact log-likelihood of the test images.
///
/// The centred gradient learns images and their negatives (1 − x) alike.
struct CenteredMNIST: Experiment {
  let isFlipped: Bool

  var name: String { isFlipped ? "mnist-16-centered-flipped" : "mnist-16-centered" }
  var isQuick: Bool { true }
  var needsMNIST: Bool { true }

  func run(in laboratory: Laboratory) throws -> [Finding] {
    let likelihoods = try FiveLikelihoods(laboratory, isCentered: true, isFlipped: isFlipped)
    return [likelihoods.finding(name, published: isFlipped ? -142.09 : -142.56, tolerance: 1.5)]
  }
}

/// The same with the plain gradient, which does much worse on the negatives: five seeds of each.
struct PlainMNIST: Experiment {
  var name: String { "mnist-16-plain" }
  var isQuick: Bool { false }
  var needsMNIST: Bool { true }

  func run(in laboratory: Laboratory) throws -> [Finding] {
    let upright = try FiveLikelihoods(laboratory, isCentered: false, isFlipped: false)
    let flipped = try FiveLikelihoods(laboratory, isCentered: false, isFlipped: true)
    let gaps = zip(upright.values, flipped.values).map { $0 - $1 }
    return [
      upright.finding(name, published: -149.05, tolerance: 6),
      flipped.finding("\(name)-flipped", published: -183.36, tolerance: 6),
      Finding(
        experiment: "\(name) above flipped, least of 5 seeds", published: figure(34.31),
        ours: gaps.min() ?? .nan, tolerance: .atLeast(20), note: listed(gaps)),
    ]
  }
}

/// The exact test log-likelihoods of five machines.
///
/// 784 × 16, 100 chains, minibatches of 100 in the order of the data, rate 0.01, 50 epochs; weights uniform in ±4√(6/(m + n)), visible
/// biases from the means of the data, hidden biases zero. The published figures are of one machine each; one
/// seed scatters by 1 to 2 nats, on flipped data without centring by 5 to 10.
private struct FiveLikelihoods {
  /// Mean log P(v) of the 10,000 test images, in nats, seed by seed.
  let values: [Double]
  private let seconds: Double

  init(_ laboratory: Laboratory, isCentered: Bool, isFlipped: Bool) throws {
    let training = try laboratory.mnist.binary(.training, isFlipped: isFlipped)
    let test = try laboratory.mnist.binary(.test, isFlipped: isFlipped)
    let means = training.means(parallel: laboratory.parallel)
    (values, seconds) = try laboratory.timed {
      try laboratory.figures(5) { laboratory, seed in
        let start = RBM.initialized(dataMeans: means, hidden: 16, weights: .glorot, seed: seed)
        var settings = TrainingSettings.bare(
          PersistentContrastiveDivergence.self, epochs: 50, batchSize: 100, learningRate: 0.01,
          isCentered: isCentered, seed: seed)
        settings.shuffles = false
        let model = try laboratory.train(
          start, on: training, settings: settings, name: "784 × 16, seed \(seed)")
        return try laboratory.exactMeanLogLikelihood(of: model, on: test)
      }
    }
  }

  func finding(_ name: String, published: Double, tolerance: Double) -> Finding {
    Finding(
      experiment: "\(name), mean of 5 seeds", published: figure(published), ours: mean(values),
      tolerance: .within(tolerance, of: published), seconds: seconds, note: listed(values))
  }
}

private func listed(_ values: [Double]) -> String { values.map { figure($0) }.joined(separator: ", ") }
