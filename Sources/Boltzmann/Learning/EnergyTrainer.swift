public import BoltzmannCompute

/// A training of any energy by gradient ascent: θ ← θ + η ∂L/∂θ. A value: a copy goes on by itself.
public struct EnergyTrainer<Kernel: Transition>: Sendable {
  public private(set) var model: Kernel.Model
  public private(set) var estimator: EnergyContrastiveDivergence<Kernel>
  /// η.
  public var learningRate: Double
  /// Updates made so far.
  public private(set) var updates = 0
  private var averageGradient: [Double]

  public init(
    model: Kernel.Model, estimator: EnergyContrastiveDivergence<Kernel>, learningRate: Double
  ) {
    self.model = model
    self.estimator = estimator
    self.learningRate = learningRate
    averageGradient = [Double](repeating: 0, count: model.parameters.count)
  }

  /// What a person wants to see of an update.
  public struct Info: Sendable {
    /// Updates made, this one included.
    public let updates: Int
    /// ‖∂L/∂θ‖ of this update, with the noise of its chains.
    public let gradientNorm: Double
    /// The norm of the gradient's running mean: the noise of ten updates cancels in part.
    public let averageGradientNorm: Double
    /// The part of the chains' moves that was accepted.
    public let acceptanceRate: Double
  }

  /// Learns from a minibatch.
  ///
  /// Throws `SettingsError` where it does not fit the model, `TrainingDiverged` where a parameter would no longer
  /// be a finite number; the model is then as it was.
  @discardableResult
  public mutating func step(_ minibatch: Minibatch, parallel: Parallel = .all) throws -> Info {
    try check(minibatch)
    let gradient = estimator.gradient(of: model, minibatch: minibatch, parallel: parallel)
    let values = gradient.values
    let moved = zip(model.parameters, values).map { $0 + learningRate * $1 }
    guard moved.allSatisfy(\.isFinite) else {
      throw TrainingDiverged(epoch: minibatch.epoch + 1, minibatch: updates + 1, learningRate: learningRate)
    }
    model.parameters = moved
    updates += 1
    // A mean over all updates at first, over about the last ten later on.
    let share = max(1 / Double(updates), 0.1)
    averageGradient = zip(averageGradient, values).map { $0 + share * ($1 - $0) }
    return Info(
      updates: updates, gradientNorm: gradient.norm, averageGradientNorm: euclideanNorm(averageGradient),
      acceptanceRate: gradient.acceptanceRate)
  }

  /// Learns from all samples at once, until the gradient's running mean is below `tolerance` or the updates are done.
  ///
  /// Returns the last update's `Info`: its `averageGradientNorm` says whether the tolerance was met. Throws as
  /// `step` does.
  @discardableResult
  public mutating func run(
    on samples: any Samples, updates limit: Int, tolerance: Double = 0, parallel: Parallel = .all
  ) throws -> Info {
    precondition(limit >= 1, "a training takes at least one update")
    let all = Minibatch(samples: samples, indices: ArraySlice(0..<samples.count), epoch: 0)
    var info = try step(all, parallel: parallel)
    for _ in 1..<limit where info.averageGradientNorm > tolerance {
      info = try step(all, parallel: parallel)
    }
    return info
  }

  private func check(_ minibatch: Minibatch) throws {
    guard minibatch.count > 0 else { throw SettingsError(message: "there are no samples to learn from") }
    guard minibatch.samples.width == model.stateWidth else {
      throw SettingsError(
        message: "the data have \(minibatch.samples.width) columns, the model states of \(model.stateWidth)")
    }
  }
}
