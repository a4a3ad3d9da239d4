internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// The machine of the Theano deep-learning tutorial (LISA lab, `rbm.py`): 784 × 500 by PCD-15 on grey MNIST, and
/// the pseudo-likelihood that its log shows.
///
/// Twenty chains, minibatches of 20, rate 0.1; biases start at zero, weights uniform in ±4√(6/(m + n)). The first
/// 50,000 images come in their order, and the positive phase takes their grey values. Before update t the
/// monitor takes
/// ```
/// 784·log P(v_i | v_−i)      i = t mod 784
/// ```
/// on the minibatch rounded to 0 and 1; an epoch's figure is the mean over its updates. The tutorial's chains
/// start from hidden units that are off, so that the first visibles are fair coins: here they start as those.
struct DeepLearningTutorial: Experiment {
  var name: String { "tutorial" }
  var isQuick: Bool { true }
  var needsMNIST: Bool { true }

  func run(in laboratory: Laboratory) throws -> [Finding] {
    let (costs, seconds) = try monitoringCosts(laboratory, epochs: laboratory.isQuick ? 1 : 15)
    let first = Finding(
      experiment: "\(name), epoch 1", published: figure(-90.65), ours: costs[0],
      tolerance: .within(3, of: -90.65), seconds: seconds[0])
    guard costs.count == 15 else { return [first] }
    return [
      first,
      Finding(
        experiment: "\(name), mean of epochs 11 – 15", published: figure(-62.6),
        ours: mean(Array(costs[10...])), tolerance: .within(4, of: -62.6), seconds: seconds.reduce(0, +),
        note: "epoch by epoch \(costs.map { figure($0) }.joined(separator: ", "))"),
    ]
  }

  /// The monitor's mean in every epoch, and how long each took.
  private func monitoringCosts(
    _ laboratory: Laboratory, epochs: Int
  ) throws -> (costs: [Double], seconds: [Double]) {
    let grey = try laboratory.mnist.grey(first: 50_000).samples
    var monitor = Monitor(grey, laboratory)
    var trainer = try trainer(grey, epochs: epochs, laboratory)
    var result: (costs: [Double], seconds: [Double]) = ([], [])
    for epoch in 1...epochs {
      let (cost, seconds) = try laboratory.timed { try monitor.epoch(of: &trainer) }
      laboratory.note("\(name): epoch \(epoch), \(figure(cost))")
      result.costs.append(cost)
      result.seconds.append(seconds)
    }
    return result
  }

  private func trainer(_ grey: any Samples, epochs: Int, _ laboratory: Laboratory) throws -> Trainer {
    let model = RBM(
      visibleBias: [Float](repeating: 0, count: 784), hiddenBias: [Float](repeating: 0, count: 500),
      weights: WeightInitialization.glorot(visible: 784, hidden: 500, seed: laboratory.seed))
    var settings = TrainingSettings.bare(
      PersistentContrastiveDivergence.self, epochs: epochs, batchSize: 20, learningRate: 0.1,
      seed: laboratory.seed)
    settings.steps = StepSchedule(15)
    settings.shuffles = false
    return try Trainer(model: model, samples: grey, settings: settings, parallel: laboratory.parallel)
  }
}

/// Follows a training with the tutorial's stochastic pseudo-likelihood.
private struct Monitor {
  private let grey: any Samples
  private let rounded: any Samples
  private let laboratory: Laboratory
  /// The visible whose turn it is.
  private var visible = 0

  init(_ grey: any Samples, _ laboratory: Laboratory) {
    self.grey = grey
    self.laboratory = laboratory
    rounded = Binarization.threshold(0.5)(grey, seed: 0)
  }

  /// Trains for an epoch; the mean of the figures before each update, in nats.
  mutating func epoch(of trainer: inout Trainer) throws -> Double {
    var costs: [Double] = []
    for minibatch in 0..<trainer.minibatchesPerEpoch {
      let size = trainer.settings.batchSize
      costs.append(try cost(of: trainer.model, (minibatch * size)..<((minibatch + 1) * size)))
      visible = (visible + 1) % grey.width
      try trainer.step(samples: grey, parallel: laboratory.parallel)
    }
    return mean(costs)
  }

  private func cost(of model: RBM, _ minibatch: Range<Int>) throws -> Double {
    try PseudoLikelihood(of: model).mean(
      ofRows: rounded.matrix(minibatch), flipping: minibatch.map { _ in visible },
      parallel: laboratory.parallel)
  }
}
