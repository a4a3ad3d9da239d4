public import BoltzmannCompute

/// A training: the machine, its optimiser and its estimator, and how far it has come.
///
/// A value: a copy goes on by itself. One `step` is one minibatch. With the same data, settings and first
/// machine the bits of every machine on the way are the same, whatever the number of threads and however
/// often the training was saved and restored.
public struct Trainer: Checkpointed, Sendable {
  public private(set) var model: RBM
  public let settings: TrainingSettings
  /// Where the training ends: `settings.epochs`, or later where it was prolonged. Schedules keep to the former.
  public var epochs: Int
  /// Epochs done.
  public var epoch: Int { order.epoch }
  /// Minibatches done in this epoch.
  public var minibatch: Int { order.minibatch }
  private let sampleCount: Int
  private var estimator: any GradientEstimator
  private var descent: MomentumDescent
  private var order: MinibatchOrder

  /// Throws `SettingsError` where settings and data do not go together.
  ///
  /// With centring the biases of `model` are those of the centred energy: the plain ones follow.
  public init(model: RBM, samples: any Samples, settings: TrainingSettings, parallel: Parallel = .all) throws
  {
    try settings.validate(samples: samples.count)
    guard let method = GradientEstimators.named(settings.method) else { preconditionFailure("validated") }
    guard samples.width == model.visibleCount else {
      throw SettingsError(
        message: "the data have \(samples.width) columns, the machine \(model.visibleCount) visible units")
    }
    try method.validate(EstimatorContext(model: model, settings: settings))
    self.settings = settings
    epochs = settings.epochs
    sampleCount = samples.count
    descent = MomentumDescent(
      model: model, data: samples.statistics(parallel: parallel), settings: settings)
    self.model = descent.centering(model).withTrainingCopy
    estimator = try method.init(
      EstimatorContext(model: self.model, settings: settings, parallel: parallel))
    order = MinibatchOrder(
      of: Array(0..<samples.count), batchSize: settings.batchSize,
      shuffles: settings.shuffles, seed: settings.seed)
  }

  public var minibatchesPerEpoch: Int { order.minibatchesPerEpoch }

  /// Where the persistent chains stand, `[chains, visible]`; nil where the method keeps none.
  public var persistentVisibles: Matrix? { estimator.persistentVisibles }

  public var isFinished: Bool { epoch >= epochs }

  /// The learning rate of the next minibatch.
  public var learningRate: Double {
    settings.learningRate * settings.schedule.factor(progress: order.progress, epochs: settings.epochs)
      * estimator.rateFactor
  }

  /// log Z of the machine, where the method of learning has it at hand.
  public func partition(parallel: Parallel = .all) -> PartitionEstimate? {
    estimator.partition(of: model, parallel: parallel)
  }

  /// What a person wants to see of an update.
  public struct Info: Sendable {
    /// The epoch of the minibatch, counted from 0.
    public let epoch: Int
    public let learningRate: Double
    /// ‖ΔW‖, Frobenius.
    public let stepNorm: Double
    /// Whether it was the last minibatch of the epoch.
    public let endsEpoch: Bool
  }

  /// Learns from the next minibatch.
  ///
  /// Throws `TrainingDiverged` where a parameter is no finite number any more; the trainer is then of no use.
  @discardableResult
  public mutating func step(samples: any Samples, parallel: Parallel = .all) throws -> Info {
    precondition(samples.count == sampleCount, "a training goes on with the data it began with")
    if let earlier = try estimator.review(model, parallel: parallel) {
      model = earlier.withTrainingCopy
      descent.rest()
    }
    let rate = learningRate
    let batch = Minibatch(samples: samples, indices: order.indices, epoch: epoch)
    var gradient = try estimator.gradient(
      of: model, minibatch: batch, steps: settings.steps.value(epoch: epoch), parallel: parallel)
    gradient.products = model.products
    let squaredStep = descent.update(
      &model, with: gradient, rate: Float(rate), momentum: Float(settings.momentum.value(epoch: epoch)),
      parallel: parallel)
    guard squaredStep.isFinite else {
      throw TrainingDiverged(epoch: epoch + 1, minibatch: minibatch + 1, learningRate: rate)
    }
    let info = Info(
      epoch: epoch, learningRate: rate, stepNorm: squaredStep.squareRoot(),
      endsEpoch: order.endsEpoch)
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
    restored.model = restored.model.withTrainingCopy
    try restored.descent.restore(from: snapshot)
    try restored.estimator.restore(from: snapshot)
    self = restored
  }
}

extension RBM: Checkpointed {
  public func save(to snapshot: inout Snapshot) {
    snapshot.matrices["weights"] = weights
    snapshot.vectors["visible_bias"] = visible.bias
    snapshot.vectors["hidden_bias"] = hidden.bias
    if !visible.precision.isEmpty { snapshot.vectors["visible_precision"] = visible.precision }
  }

  public mutating func restore(from snapshot: Snapshot) throws {
    weights = try snapshot.matrix("weights", like: weights)
    visible.bias = try snapshot.vector("visible_bias", count: visibleCount)
    hidden.bias = try snapshot.vector("hidden_bias", count: hiddenCount)
    if !visible.precision.isEmpty {
      visible.precision = try snapshot.positives("visible_precision", visibleCount)
    }
  }
}

/// An update that left a parameter not finite.
public struct TrainingDiverged: Error, CustomStringConvertible {
  /// Counted from 1.
  public let epoch: Int
  public let minibatch: Int
  public let learningRate: Double

  public init(epoch: Int, minibatch: Int, learningRate: Double) {
    self.epoch = epoch
    self.minibatch = minibatch
    self.learningRate = learningRate
  }

  public var description: String {
    "training diverged in epoch \(epoch), minibatch \(minibatch): a parameter is no finite number any more; "
      + "the learning rate \(learningRate) is probably too large"
  }
}
