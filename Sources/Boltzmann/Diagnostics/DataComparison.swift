public import BoltzmannCompute

/// Samples of a machine beside data: how a stranger could tell them apart.
public struct DataComparison: Sendable {
  public enum Verdict: String, Sendable { case matches, resembles, differs }

  /// Samples of the machine that were compared.
  public let samples: Int
  public let moments: MomentComparison
  /// Nil where there are fewer than two of either.
  public let accuracy: AdversarialAccuracy?
  /// Mean F(v), nats: data that lie far above the machine's own samples are improbable to it, however well it mixes.
  public let dataFreeEnergy: Double
  public let sampleFreeEnergy: Double

  public init(
    of model: RBM, data: any Samples, samples: any Samples, seed: UInt64, parallel: Parallel = .all
  ) {
    self.samples = samples.count
    moments = MomentComparison(data: data, samples: samples, seed: seed, parallel: parallel)
    accuracy = AdversarialAccuracy(data: data, samples: samples, parallel: parallel)
    let some = SelectedSamples(data, numbers: data.evenlySpread(10_000))
    dataFreeEnergy = mean(model.freeEnergies(of: some, parallel: parallel))
    sampleFreeEnergy = mean(model.freeEnergies(of: samples, parallel: parallel))
  }

  /// *Matches*: nothing tells them apart, neighbours within three standard errors of ½ and means and pairs within twice
  /// their sampling error. *Resembles*: neighbours are right in less than three of four cases, and pairs correlate by
  /// 0.9. Otherwise it differs.
  public var verdict: Verdict {
    let distance = accuracy.map { abs($0.value - 0.5) } ?? 0
    let deviations = [moments.means.deviation, moments.pairs.deviation].compactMap { $0 }
    if distance <= 3 * (accuracy?.standardError ?? 0) && deviations.allSatisfy({ $0 < 2 }) { return .matches }
    return distance < 0.25 && (moments.pairs.correlation ?? 1) >= 0.9 ? .resembles : .differs
  }
}
