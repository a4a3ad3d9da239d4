internal import Boltzmann
public import BoltzmannCompute

/// Everything that decides how a generative adversarial network learns; with the data it fixes every bit.
public struct GANSettings: Sendable, Hashable {
  public var noise = NoisePrior(kind: .normal, width: 16)
  /// Hidden layers from the noise to the samples.
  public var generatorWidths = [128, 128]
  /// Hidden layers from the samples to the logit.
  public var discriminatorWidths = [128, 128]
  public var generatorActivation = Activation.rectified(slope: 0)
  public var discriminatorActivation = Activation.rectified(slope: 0.2)
  /// What the generator's outputs are: any number, or one between 0 and 1, or between −1 and 1.
  public var output = Activation.linear
  public var objective = GANObjective.nonSaturating
  /// λ of the gradient penalty of `wasserstein`.
  public var penaltyWeight = 10.0
  /// k: steps of the discriminator for each of the generator.
  public var discriminatorSteps = 1
  /// m: data, and as many fakes, in a minibatch.
  public var batchSize = 64
  /// Passes over the data: the generator makes samples/m steps in each.
  public var epochs = 20
  public var generatorRule = DescentRule.adam(rate: 2e-4, firstDecay: 0.5)
  public var discriminatorRule = DescentRule.adam(rate: 2e-4, firstDecay: 0.5)
  public var seed: UInt64 = 0

  public init() {}

  /// - Throws: `SettingsError`, one clear line, where the settings make no sense.
  public func validate() throws {
    try require(discriminatorSteps >= 1, "the discriminator makes at least 1 step, not \(discriminatorSteps)")
    try require(batchSize >= 1, "the minibatch must hold at least 1 sample, not \(batchSize)")
    try require(epochs >= 1, "epochs must be at least 1, not \(epochs)")
    for width in generatorWidths + discriminatorWidths {
      try require(width >= 1, "a layer's width must be at least 1, not \(width)")
    }
    if objective == .wasserstein {
      try require(penaltyWeight >= 0 && penaltyWeight.isFinite, "the penalty's weight must not be negative")
      try require(
        discriminatorActivation.isPiecewiseLinear,
        "the gradient penalty needs a discriminator of rectified or linear units")
    }
    try generatorRule.validate()
    try discriminatorRule.validate()
  }

  private func require(_ condition: Bool, _ message: String) throws {
    if !condition { throw SettingsError(message: message) }
  }

  /// Rows that a step of the discriminator takes: data, fakes and, of `wasserstein`, points between.
  var judgedRows: Int { (objective == .wasserstein ? 3 : 2) * batchSize }

  /// The networks to begin with, for samples of so many numbers.
  func initial(visible: Int) throws -> GAN {
    try GAN(
      noise: noise,
      generator: DenseNetwork(
        widths: [noise.width] + generatorWidths + [visible], hidden: generatorActivation, output: output,
        seed: seed),
      discriminator: DenseNetwork(
        widths: [visible] + discriminatorWidths + [1], hidden: discriminatorActivation, output: .linear,
        seed: ~seed))
  }
}

extension Activation {
  /// Whether its slope is constant wherever it has one.
  var isPiecewiseLinear: Bool {
    switch self {
    case .linear, .rectified: true
    case .tanh, .logistic: false
    }
  }
}
