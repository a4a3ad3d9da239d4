internal import Boltzmann
public import BoltzmannCompute

/// How a critic learns to tell data from a model's samples.
public struct CriticSettings: Sendable, Hashable {
  /// Hidden layers from the samples to the logit.
  public var widths = [64, 64]
  public var activation = Activation.rectified(slope: 0.2)
  public var rule = DescentRule.adam(rate: 1e-3)
  public var batchSize = 100
  /// Passes over the training rows, at most.
  public var epochs = 100
  /// Epochs without a lower cost on the rows set aside after which the training ends.
  public var patience = 8
  /// The share of the rows that is set aside to end the training and to calibrate.
  public var asideShare = 0.2
  /// Parts that are each judged by a critic which has not seen them.
  public var folds = 3
  /// Cross-fittings, each with other folds and other beginnings of the networks.
  public var repetitions = 3
  public var seed: UInt64 = 0

  public init() {}

  /// - Throws: `SettingsError`, one clear line, where the settings make no sense for so many rows.
  public func validate(data: Int, model: Int) throws {
    try rule.validate()
    try require(widths.allSatisfy { $0 >= 1 }, "a layer's width must be at least 1")
    try require(batchSize >= 1, "the minibatch must hold at least 1 sample, not \(batchSize)")
    try require(epochs >= 1 && patience >= 1, "a critic learns for at least 1 epoch")
    try require(asideShare > 0 && asideShare < 1, "the share set aside must lie between 0 and 1")
    try require(folds >= 2, "cross-fitting needs at least 2 folds, not \(folds)")
    for (count, name) in [(data, "data"), (model, "the model")] {
      try require(
        count >= 5 * folds,
        "\(count) samples of \(name) are too few for \(folds) folds, which need \(5 * folds)")
    }
  }

  /// - Throws: `SettingsError` where the settings make no sense for critics of half the rows.
  func validateRepetitions(data: Int, model: Int) throws {
    try validate(data: data, model: model)
    try require(
      (1...1_000).contains(repetitions),
      "there must be at least 1 repetition and at most 1000, not \(repetitions)")
    for (count, name) in [(data, "data"), (model, "the model")] {
      try require(
        count >= 10 * folds,
        "\(count) samples of \(name) are too few for critics of half of them in \(folds) folds, which need \(10 * folds)"
      )
    }
  }

  /// Those of one of the repetitions.
  func repetition(_ number: Int) -> CriticSettings {
    var settings = self
    // Odd, so that no two of 2⁶⁴ repetitions have one seed; far apart from seeds that users count up.
    settings.seed &+= UInt64(number) &* 0x9E37_79B9_7F4A_7C15
    return settings
  }

  private func require(_ condition: Bool, _ message: String) throws {
    if !condition { throw SettingsError(message: message) }
  }
}
