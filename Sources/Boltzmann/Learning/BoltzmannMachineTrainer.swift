public import BoltzmannCompute

/// A training of a general Boltzmann machine: one `step` is one minibatch.
/// ```
/// ΔJ ← momentum·ΔJ + rate·(∂L/∂J − l2·J)      J += ΔJ      likewise Δa without decay
/// ```
/// J stays symmetric with zero diagonal bit for bit, since gradients are. A value: a copy goes on by itself, and the
/// bits do not depend on the number of threads.
public struct BoltzmannMachineTrainer: Sendable {
  public private(set) var model: BoltzmannMachine
  public let settings: BoltzmannMachineSettings
  /// Epochs done.
  public var epoch: Int { order.epoch }
  /// Minibatches done in this epoch.
  public var minibatch: Int { order.minibatch }
  private let sampleCount: Int
  private var gradient: BoltzmannMachineGradient
  private var velocity: PairMoments
  private var order: MinibatchOrder

  /// What a person wants to see of an update.
  public struct Info: Sendable {
    /// The epoch of the minibatch, counted from 0.
    public let epoch: Int
    public let learningRate: Double
    /// ‖ΔJ‖, Frobenius.
    public let stepNorm: Double
    /// How mean-field ended, where it was asked for.
    public let meanField: MeanField.Info?
    /// Whether it was the last minibatch of the epoch.
    public let endsEpoch: Bool
  }

  /// Throws `SettingsError` where settings, data and machine do not go together.
  public init(model: BoltzmannMachine, samples: any Samples, settings: BoltzmannMachineSettings) throws {
    try settings.validate(samples: samples, model: model)
    self.model = model
    self.settings = settings
    sampleCount = samples.count
    gradient = BoltzmannMachineGradient(settings)
    velocity = PairMoments(units: model.unitCount)
    order = MinibatchOrder(
      of: Array(0..<samples.count), batchSize: settings.batchSize,
      shuffles: true, seed: settings.seed)
  }

  public var minibatchesPerEpoch: Int { order.minibatchesPerEpoch }

  public var isFinished: Bool { epoch >= settings.epochs }

  /// The learning rate of the next minibatch.
  public var learningRate: Double {
    settings.learningRate * settings.schedule.factor(progress: order.progress, epochs: settings.epochs)
  }

  /// Learns from the next minibatch; samples come in a new random order each epoch.
  ///
  /// Throws `TrainingDiverged` where a parameter is no finite number any more; the trainer is then of no use.
  @discardableResult
  public mutating func step(samples: any Samples, parallel: Parallel = .all) throws -> Info {
    precondition(samples.count == sampleCount, "a training goes on with the data it began with")
    let rate = learningRate
    let visibles = samples.matrix(order.indices, epoch: epoch)
    let gradient = try gradient(of: model, visibles: visibles, parallel: parallel)
    update(with: gradient, rate: Float(rate))
    guard model.isFinite else {
      throw TrainingDiverged(epoch: epoch + 1, minibatch: minibatch + 1, learningRate: rate)
    }
    let info = Info(
      epoch: epoch, learningRate: rate, stepNorm: velocity.pairs.view.squaredNorm.squareRoot(),
      meanField: self.gradient.meanField, endsEpoch: order.endsEpoch)
    order.advance()
    return info
  }

  private mutating func update(with gradient: PairMoments, rate: Float) {
    let momentum = Float(settings.momentum), decay = -rate * Float(settings.l2)
    velocity.pairs.withMutableView {
      $0.add(gradient.pairs.view, scale: rate, beta: momentum)
      if decay != 0 { $0.add(model.couplings.view, scale: decay) }
    }
    model.couplings.withMutableView { $0.add(velocity.pairs.view, scale: 1) }
    for unit in model.bias.indices {
      velocity.means[unit] = momentum * velocity.means[unit] + rate * gradient.means[unit]
      model.bias[unit] += velocity.means[unit]
    }
  }
}

extension BoltzmannMachine {
  /// A new machine for data with these means of the visibles.
  ///
  /// The visible bias reproduces the means, clipped to [0.001, 0.999] of the way from low to high; weights and
  /// hidden couplings are drawn from N(0, σ²), since hiddens that begin alike would stay alike.
  public static func initialized(
    dataMeans: [Float], hidden: Int, visibleKind: TwoStateKind = .bernoulli,
    hiddenKind: TwoStateKind = .bernoulli, lateral: LateralCouplings = [.visible, .hidden],
    standardDeviation: Double = 0.01, seed: UInt64
  ) -> BoltzmannMachine {
    var machine = BoltzmannMachine(
      visible: dataMeans.count, hidden: hidden, visibleKind: visibleKind, hiddenKind: hiddenKind)
    for unit in machine.visibleUnits {
      let share = (dataMeans[unit] - visibleKind.low) / visibleKind.step
      machine.bias[unit] = BernoulliUnits.bias(ofMean: share) / visibleKind.step
    }
    let draws = WeightInitialization.normal(standardDeviation: standardDeviation)(
      visible: machine.unitCount, hidden: machine.unitCount, seed: seed)
    for unit in machine.hiddenUnits {
      let others = lateral.contains(.hidden) ? 0..<unit : machine.visibleUnits
      for other in others {
        machine.couplings[unit, other] = draws[unit, other]
        machine.couplings[other, unit] = draws[unit, other]
      }
    }
    return machine
  }
}
