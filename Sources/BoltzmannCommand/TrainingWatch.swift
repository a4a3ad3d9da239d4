internal import Boltzmann
internal import BoltzmannData

/// Looks at what a training reports of its epochs, and says what goes wrong.
///
/// It sees the objects of `metrics.jsonl` alone, so that a resumed run that reads them again goes on where it stopped.
/// Of persistent chains it sees the free energies too, from where it resumed.
struct TrainingWatch {
  private(set) var overfit: OverfitWatch?
  private var chains = ChainMemory()
  private var chainsAreReported = false
  /// Hidden units without effect when they were last reported.
  private var idleUnits = 0
  /// Epochs in a row in which the ratio of the update was too small (below 0) or too large.
  private var ratios = 0
  private var remarkedSides: Set<Int> = []
  private var weightNorm: Double?
  private let byLikelihood: Bool
  private let learningRate: Double

  /// Epochs in a row before an update ratio is remarked upon.
  private static let remarkable = 5
  private static let usualRatios = 1e-4...1e-2

  /// `patience`: scores of the validation data that may be worse, by log-likelihood or by the free-energy gap; nil: the
  /// training never stops early.
  init(patience: Int?, byLikelihood: Bool, learningRate: Double) {
    overfit = patience.map(OverfitWatch.init)
    self.byLikelihood = byLikelihood
    self.learningRate = learningRate
  }

  /// What there is to say of an epoch; `chains`: the free energies of the persistent chains.
  mutating func observe(_ metrics: JSONValue, chains energies: [Double]? = nil) -> [String] {
    guard let epoch = metrics["epoch"]?.integer else { return [] }
    observeValidation(metrics, epoch)
    let remarks = [remarkOnUnits(metrics), remarkOnRatio(metrics), energies.flatMap { remarkOnChains($0) }]
    return remarks.compactMap { $0 }.map { "warning: epoch \(epoch): \($0)" }
  }

  /// Whether the validation data have been worse for long enough.
  var isOver: Bool { overfit?.isOver ?? false }

  /// Whether the machine of an epoch is the best by validation likelihood; gaps make no machine the best.
  func isBest(epoch: Int) -> Bool { byLikelihood && overfit?.best?.epoch == epoch }

  private mutating func observeValidation(_ metrics: JSONValue, _ epoch: Int) {
    let score =
      byLikelihood
      ? metrics["validation_mean_log_likelihood"]?.double.map { -$0 } : metrics["free_energy_gap"]?.double
    let error =
      byLikelihood
      ? metrics["log_partition"]?["standard_error"]?.double : metrics["free_energy_gap_error"]?.double
    if let score { overfit?.observe(score, margin: 3 * (error ?? 0), epoch: epoch) }
  }
}

// MARK: - Remarks

extension TrainingWatch {
  /// When there are units without effect, and again whenever they are twice as many.
  private mutating func remarkOnUnits(_ metrics: JSONValue) -> String? {
    let dead = metrics["dead_units"]?.integer ?? 0, saturated = metrics["saturated_units"]?.integer ?? 0
    guard dead + saturated > 0, dead + saturated >= 2 * idleUnits else { return nil }
    idleUnits = dead + saturated
    return "\(dead) hidden units are dead and \(saturated) saturated: whatever the data, they do the same"
  }

  /// Once for either side.
  private mutating func remarkOnRatio(_ metrics: JSONValue) -> String? {
    let side = ratioSide(metrics)
    weightNorm = metrics["weight_norm"]?.double
    ratios = ratios.signum() == side ? ratios + side : side
    guard abs(ratios) == TrainingWatch.remarkable, remarkedSides.insert(side).inserted else { return nil }
    let advice =
      side > 0 ? "large; a lower --learning-rate is safer" : "small; a higher --learning-rate is faster"
    return "for \(TrainingWatch.remarkable) epochs ‖ΔW‖/‖W‖ has been \(advice) (usual are 1e-4 to 1e-2)"
  }

  /// 1 where the ratio is too large, −1 where it is too small.
  ///
  /// Weights that still grow by a tenth an epoch, out of their random beginning, take large steps; and a ratio that is
  /// small because the schedule has lowered the rate is as it should be.
  private func ratioSide(_ metrics: JSONValue) -> Int {
    guard let ratio = metrics["update_ratio"]?.double, let rate = metrics["learning_rate"]?.double,
      let norm = metrics["weight_norm"]?.double
    else { return 0 }
    let usual = TrainingWatch.usualRatios
    if ratio > usual.upperBound { return norm < 1.1 * (weightNorm ?? 0) ? 1 : 0 }
    return ratio < usual.lowerBound && rate > learningRate / 2 ? -1 : 0
  }

  /// Once, and again after the chains have mixed in between.
  private mutating func remarkOnChains(_ energies: [Double]) -> String? {
    chains.observe(energies)
    defer { chainsAreReported = chains.isLong }
    guard chains.isLong && !chainsAreReported else { return nil }
    return
      "the persistent chains no longer mix: R̂ \(formatted(chains.rHat, 2)) over \(ChainMemory.window) epochs, "
      + "free energies correlate \(formatted(chains.correlation, 2)) from epoch to epoch; more --steps, or a lower "
      + "--learning-rate"
  }
}

extension TrainingWatch {
  /// The watch over a run.
  init(_ settings: RunSettings, _ data: RunData) {
    self.init(
      patience: settings.patience,
      byLikelihood: settings.logLikelihoodEvery != nil && data.training.hasLikelihood,
      learningRate: settings.training.learningRate)
  }
}
