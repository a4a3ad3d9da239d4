internal import Boltzmann

/// Five hundred hidden units on binary MNIST by PCD-1, as in PyDeep's example `RBM_MNIST_big` (Melchior,
/// Fischer & Wiskott 2016): the log-likelihood of the test images by forward annealing.
///
/// With the centred gradient, biases begin with the means of the data; plain, they begin at zero. Annealing
/// follows Salakhutdinov & Murray (2008). It underestimates log Z, and the more so the wider its weights
/// spread: the log-likelihood is then too good.
struct LargeMNIST: Experiment {
  var name: String { "mnist-500" }
  var isQuick: Bool { false }
  var needsMNIST: Bool { true }

  func run(in laboratory: Laboratory) throws -> [Finding] {
    let images = try BinaryImages(laboratory.mnist)
    let centered = try laboratory.timed { try likelihood(laboratory, images, isCentered: true) }
    let plain = try laboratory.timed { try likelihood(laboratory, images, isCentered: false) }
    return [
      Finding(
        experiment: "\(name)-centered", published: figure(-84.86), ours: centered.result.mean,
        tolerance: .atLeast(-88), seconds: centered.seconds, note: centered.result.reliability),
      Finding(
        experiment: "\(name)-plain, zero biases", published: figure(-130.81), ours: plain.result.mean,
        tolerance: .comparison, seconds: plain.seconds, note: plain.result.reliability),
      Finding(
        experiment: "\(name)-centered above the published plain", published: figure(45.95),
        ours: centered.result.mean + 130.81, tolerance: .atLeast(30)),
      Finding(
        experiment: "\(name)-centered above our plain", published: figure(45.95),
        ours: centered.result.mean - plain.result.mean, tolerance: .atLeast(30)),
    ]
  }

  /// Mean log P(v) of the test images after 200 epochs.
  private func likelihood(
    _ laboratory: Laboratory, _ images: BinaryImages, isCentered: Bool
  ) throws -> AnnealedLikelihood {
    let start = RBM.initialized(
      dataMeans: images.training.means(parallel: laboratory.parallel), hidden: 500,
      weights: .normal(standardDeviation: 0.01), visibleBiasFromData: isCentered, seed: laboratory.seed)
    let settings = TrainingSettings.bare(
      PersistentContrastiveDivergence.self, epochs: 200, batchSize: 100, learningRate: 0.01,
      isCentered: isCentered, seed: laboratory.seed)
    let model = try laboratory.train(
      start, on: images.training, settings: settings, name: isCentered ? "\(name)-centered" : "\(name)-plain")
    return AnnealedLikelihood(of: model, on: images.test, in: laboratory)
  }
}

private struct BinaryImages {
  let training: any Samples
  let test: any Samples

  init(_ files: MNISTFiles) throws {
    training = try files.binary(.training)
    test = try files.binary(.test)
  }
}

/// A mean log-likelihood whose log Z was estimated by annealing.
private struct AnnealedLikelihood {
  /// In nats.
  let mean: Double
  private let partition: PartitionEstimate

  /// A hundred runs of 14,500 steps from the base-rate machine.
  init(of model: RBM, on samples: any Samples, in laboratory: Laboratory) {
    let annealing = AnnealedImportanceSampling(
      model: model,
      reference: model.referenceVisibleBias ?? [Float](repeating: 0, count: model.visibleCount),
      schedule: .salakhutdinovMurray, seed: laboratory.seed, parallel: laboratory.parallel)
    partition = annealing.estimate(chains: 100)
    mean = laboratory.meanLogLikelihood(of: model, on: samples, logPartition: partition.estimate)
  }

  /// What the spread of the annealing weights says of the figure.
  var reliability: String {
    "relative deviation of the weights \(figure(partition.relativeDeviation)), "
      + (partition.isUnreliable ? "above 0.3: unreliable" : "reliable")
      + "; log Z \(figure(partition.estimate)), three standard errors "
      + "\(figure(partition.lower)) … \(figure(partition.upper))"
  }
}
