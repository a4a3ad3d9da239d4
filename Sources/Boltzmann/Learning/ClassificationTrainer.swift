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
  public private(set) var epoch = 0
  /// Minibatches done in this epoch.
  public private(set) var minibatch = 0
  private let classes: [Int?]
  /// The samples that the objective uses.
  private let used: [Int]
  private var estimator: ClassificationEstimator
  private var descent: ClassificationDescent
  private var order: [Int]

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
    used = classes.indices.filter { classes[$0] != nil || settings.objective.unsupervised > 0 }
    try settings.validate(samples: used.count)
    self.model = model
    self.settings = settings
    self.classes = classes
    estimator = ClassificationEstimator(model: model, settings: settings)
    descent = ClassificationDescent(model: model, settings: settings)
    order = ClassificationTrainer.order(of: used, epoch: 0, settings)
  }

  private static func order(of used: [Int], epoch: Int, _ settings: ClassificationSettings) -> [Int] {
    guard settings.shuffles else { return used }
    return RandomStream(seed: settings.seed, purpose: .shuffle)
      .permutation(row: UInt64(epoch), count: used.count).map { used[$0] }
  }

  public var minibatchesPerEpoch: Int { Blocks(count: used.count, size: settings.batchSize).count }

  public var isFinished: Bool { epoch >= settings.epochs }

  /// The learning rate of the next minibatch.
  public var learningRate: Double {
    let progress = Double(epoch) + Double(minibatch) / Double(minibatchesPerEpoch)
    return settings.learningRate * settings.schedule.factor(progress: progress, epochs: settings.epochs)
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
    let range = Blocks(count: used.count, size: settings.batchSize)[minibatch]
    let batch = Minibatch(samples: samples, indices: order[range], epoch: epoch)
    let (gradient, loss) = estimator.gradient(
      of: model, minibatch: batch, classes: order[range].map { classes[$0] },
      steps: settings.steps.value(epoch: epoch), parallel: parallel)
    let squaredStep = descent.update(
      &model, with: gradient, rate: Float(rate), momentum: Float(settings.momentum.value(epoch: epoch)),
      parallel: parallel)
    guard squaredStep.isFinite else {
      throw TrainingDiverged(epoch: epoch + 1, minibatch: minibatch + 1, learningRate: rate)
    }
    let info = Info(
      epoch: epoch, learningRate: rate, stepNorm: squaredStep.squareRoot(), lossSum: loss.sum,
      labelled: loss.labelled, samples: batch.count, endsEpoch: minibatch + 1 == minibatchesPerEpoch)
    advance(endsEpoch: info.endsEpoch)
    return info
  }

  private mutating func advance(endsEpoch: Bool) {
    minibatch += 1
    guard endsEpoch else { return }
    minibatch = 0
    epoch += 1
    order = ClassificationTrainer.order(of: used, epoch: epoch, settings)
  }

  public func save(to snapshot: inout Snapshot) {
    snapshot.numbers["epoch"] = Double(epoch)
    snapshot.numbers["minibatch"] = Double(minibatch)
    model.save(to: &snapshot)
    descent.save(to: &snapshot)
    estimator.save(to: &snapshot)
  }

  /// Goes on from a saved state, or stays as it is where that does not fit.
  public mutating func restore(from snapshot: Snapshot) throws {
    var restored = self
    restored.epoch = try snapshot.counter("epoch")
    restored.minibatch = try snapshot.counter("minibatch")
    guard restored.minibatch < minibatchesPerEpoch else {
      throw SnapshotError(name: "minibatch", problem: "lies outside the epoch")
    }
    try restored.model.restore(from: snapshot)
    try restored.descent.restore(from: snapshot)
    try restored.estimator.restore(from: snapshot)
    restored.order = ClassificationTrainer.order(of: used, epoch: restored.epoch, settings)
    self = restored
  }
}
