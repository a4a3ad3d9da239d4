public import BoltzmannCompute

/// Whether persistent chains forget, from one epoch to the next, where they stood.
///
/// The machine changes meanwhile, and so does the level of the free energies, of all chains alike: what tells chains
/// apart is by how many standard deviations over the chains each lies off their mean,
/// ```
/// z_m(e) = (F_m(e) − F̄(e)) / sd_m F_m(e)
/// ```
/// An epoch has many Gibbs steps. Chains that mix come back with a z of no relation to the one before.
public struct ChainMemory: Sendable {
  /// Epochs that are looked at together.
  public static let window = 10
  /// R̂ above which chains no longer mix.
  public static let bound = 1.1

  /// z of the last epochs, `[epoch][chain]`.
  private var scores: [[Double]] = []

  public init() {}

  /// Takes note of the free energies of all chains at the end of an epoch.
  public mutating func observe(_ freeEnergies: [Double]) {
    let center = mean(freeEnergies)
    let deviation = mean(freeEnergies.map { ($0 - center) * ($0 - center) }).squareRoot()
    guard deviation > 0 && deviation.isFinite else { return scores.removeAll() }
    scores.append(freeEnergies.map { ($0 - center) / deviation })
    if scores.count > ChainMemory.window { scores.removeFirst() }
  }

  /// The correlation over the chains between the last two epochs.
  public var correlation: Double? {
    scores.count < 2 ? nil : pearsonCorrelation(scores[scores.count - 2], scores[scores.count - 1])
  }

  /// The split R̂ over the chains' last epochs, once there are enough of them.
  public var rHat: Double? {
    guard scores.count == ChainMemory.window else { return nil }
    let chains = scores[0].indices.map { chain in scores.map { $0[chain] } }
    return (try? ChainTraces(chains)).flatMap { SeriesStatistics($0).splitRHat }
  }

  /// Whether the chains remember.
  public var isLong: Bool { rHat.map { $0 > ChainMemory.bound } ?? false }
}

extension Trainer {
  /// F(v) of every persistent chain, in nats; nil where the method keeps none.
  public func chainFreeEnergies(parallel: Parallel = .all) -> [Double]? {
    persistentVisibles.map { model.freeEnergies(of: FloatSamples($0), parallel: parallel) }
  }
}
