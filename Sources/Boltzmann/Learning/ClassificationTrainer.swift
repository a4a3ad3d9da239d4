public import BoltzmannCompute

/// A training of a classification machine: the machine, its optimiser, and how far it has come.
///
/// A value: a copy goes on by itself. One `step` is one minibatch. With the same data, settings and first
/// machine the bits of every machine on the way are the same, whatever the number of threads and however
/// often the training was saved and restored.
public struct ClassificationTrainer: Checkpointed, Sendable {
  public private(set) var model: ClassificationRBM
  public let settings: ClassificationSettings
  /// Epochs done.
  public var epoch: Int { order.epoch }
  /// Minibatches done in this epoch.
  public var minibatch: Int { order.minibatch }
  private let classes: [Int?]
  private var estimator: ClassificationEstimator
  private var descent: ClassificationDescent
  private var order: MinibatchOrder

  /// `classes`: of every sample, from 0 on, nil where it has no label; such samples are left out unless the
  /// objective has an unsupervised part.
  ///
  /// Throws `SettingsError` where settings and data do not go together.
  public init(
    model: ClassificationRBM, samples: any Samples, classes: [Int?], settings: ClassificationSettings
  ) throws {
    guard samples.width == model.visibleCount else {
      throw SettingsError(
        message: "the data have \(samples.width) columns, the machine \(model.visibleCount) visible units")
    }
    precondition(classes.count == samples.count, "one class a sample, nil where it is unknown")
    precondition(
      classes.allSatisfy { $0.map { (0..<model.classCount).contains($0) } ?? true }, "no such class")
    let used = classes.indices.filter { classes[$0] != nil || settings.objective.unsupervised > 0 }
    try settings.validate(samples: used.count)
    self.model = model
    self.settings = settings
    self.classes = classes
    estimator = ClassificationEstimator(model: model, settings: settings)
    descent = ClassificationDescent(model: model, settings: settings)
    order = MinibatchOrder(
      of: used, batchSize: settings.batchSize,
      shuffles: settings.shuffles, seed: settings.seed)
  }

  public var minibatchesPerEpoch: Int { order.minibatchesPerEpoch }

  public var isFinished: Bool { epoch >= settings.epochs }

  /// The learning rate of the next minibatch.
  public var learningRate: Double {
    settings.learningRate * settings.schedule.factor(progress: order.progress, epochs: settings.epochs)
  }

  /// What a person wants to see of an update.
  public struct Info: Sendable {
    /// The epoch of the minibatch, counted from 0.
    public let epoch: Int
    public let learningRate: Double
    /// ‖Δθ‖ over all parameters.
    public let stepNorm: Double
    /// Σ −log P(y | v) over the minibatch's samples with a label, before the update, in nats.
    public let lossSum: Double
    /// How many samples of the minibatch have a label.
    public let labelled: Int
    /// How many samples the minibatch has.
    public let samples: Int
    /// Whether it was the last minibatch of the epoch.
    public let endsEpoch: Bool
  }

  /// Learns from the next minibatch.
  ///
  /// Throws `TrainingDiverged` where a parameter is no finite number any more; the trainer is then of no use.
  @discardableResult
  public mutating func step(samples: any Samples, parallel: Parallel = .all) throws -> Info {
    precondition(samples.count == classes.count, "a training goes on with the data it began with")
    let rate = learningRate
    let batch = Minibatch(samples: samples, indices: order.indices, epoch: epoch)
    let (gradient, loss) = estimator.gradient(
      of: model, minibatch: batch, classes: order.indices.map { classes[$0] },
      steps: settings.steps.value(epoch: epoch), parallel: parallel)
    let squaredStep = descent.update(
      &model, with: gradient, rate: Float(rate), momentum: Float(settings.momentum.value(epoch: epoch)),
      parallel: parallel)
    guard squaredStep.isFinite else {
      throw TrainingDiverged(epoch: epoch + 1, minibatch: minibatch + 1, learningRate: rate)
    }
    let info = Info(
      epoch: epoch, learningRate: rate, stepNorm: squaredStep.squareRoot(), lossSum: loss.sum,
      labelled: loss.labelled, samples: batch.count, endsEpoch: order.endsEpoch)
    order.advance()
    return info
  }

  public func save(to snapshot: inout Snapshot) {
    order.save(to: &snapshot)
    model.save(to: &snapshot)
    descent.save(to: &snapshot)
    estimator.save(to: &snapshot)
  }

  /// Goes on from a saved state, or stays as it is where that does not fit.
  public mutating func restore(from snapshot: Snapshot) throws {
    var restored = self
    try restored.order.restore(from: snapshot)
    try restored.model.restore(from: snapshot)
    try restored.descent.restore(from: snapshot)
    try restored.estimator.restore(from: snapshot)
    self = restored
  }
}
