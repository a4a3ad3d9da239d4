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
    let machine = try SmallMachine(laboratory, isCentered: true, isFlipped: isFlipped)
    let (likelihood, seconds) = try laboratory.timed { try machine.testLogLikelihood(seed: laboratory.seed) }
    let published = isFlipped ? -142.09 : -142.56
    return [
      Finding(
        experiment: name, published: figure(published), ours: likelihood,
        tolerance: .within(1.5, of: published), seconds: seconds)
    ]
  }
}

/// The same with the plain gradient, which does much worse on the negatives: five seeds of each.
struct PlainMNIST: Experiment {
  var name: String { "mnist-16-plain" }
  var isQuick: Bool { false }
  var needsMNIST: Bool { true }

  func run(in laboratory: Laboratory) throws -> [Finding] {
    let upright = try likelihoods(laboratory, isFlipped: false)
    let flipped = try likelihoods(laboratory, isFlipped: true)
    let gaps = zip(upright.values, flipped.values).map { $0 - $1 }
    return [
      Finding(
        experiment: "\(name), mean of 5 seeds", published: figure(-149.05), ours: mean(upright.values),
        tolerance: .within(6, of: -149.05), seconds: upright.seconds, note: listed(upright.values)),
      Finding(
        experiment: "\(name)-flipped, mean of 5 seeds", published: figure(-183.36),
        ours: mean(flipped.values), tolerance: .within(6, of: -183.36), seconds: flipped.seconds,
        note: listed(flipped.values)),
      Finding(
        experiment: "\(name) above flipped, least of 5 seeds", published: figure(34.31),
        ours: gaps.min() ?? .nan, tolerance: .atLeast(20)),
    ]
  }

  private func likelihoods(
    _ laboratory: Laboratory, isFlipped: Bool
  ) throws -> (values: [Double], seconds: Double) {
    let machine = try SmallMachine(laboratory, isCentered: false, isFlipped: isFlipped)
    let (values, seconds) = try laboratory.timed {
      try laboratory.seeds(5).map { try machine.testLogLikelihood(seed: $0) }
    }
    return (values, seconds)
  }

  private func listed(_ values: [Double]) -> String { values.map { figure($0) }.joined(separator: ", ") }
}

/// The conditions all of these share.
///
/// 784 × 16, 100 chains, minibatches of 100, rate 0.01, 50 epochs; weights uniform in ±4√(6/(m + n)), visible
/// biases from the means of the data, hidden biases zero.
private struct SmallMachine {
  private let laboratory: Laboratory
  private let isCentered: Bool
  private let training: any Samples
  private let test: any Samples
  private let means: [Float]

  init(_ laboratory: Laboratory, isCentered: Bool, isFlipped: Bool) throws {
    self.laboratory = laboratory
    self.isCentered = isCentered
    training = try laboratory.mnist.binary(.training, isFlipped: isFlipped)
    test = try laboratory.mnist.binary(.test, isFlipped: isFlipped)
    means = training.means(parallel: laboratory.parallel)
  }

  /// Mean log P(v) of the 10,000 test images after the training, exact.
  func testLogLikelihood(seed: UInt64) throws -> Double {
    let start = RBM.initialized(dataMeans: means, hidden: 16, weights: .glorot, seed: seed)
    let settings = TrainingSettings.bare(
      PersistentContrastiveDivergence.self, epochs: 50, batchSize: 100, learningRate: 0.01,
      isCentered: isCentered, seed: seed)
    let model = try laboratory.train(start, on: training, settings: settings, name: "784 × 16, seed \(seed)")
    return try laboratory.exactMeanLogLikelihood(of: model, on: test)
  }
}
