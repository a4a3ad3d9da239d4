/// Whether chains that started apart have come to sample one law, by all that is followed of them.
public struct MixingReport: Sendable {
  /// One observable and what the chains say of it.
  public struct Observed: Sendable {
    public let name: String
    public let statistics: SeriesStatistics
  }

  public enum Verdict: String, Sendable {
    case mixes
    case tooShort = "too_short"
    case doesNotMix = "does_not_mix"
  }

  public let chains: Int
  /// Recorded steps of each chain.
  public let steps: Int
  public let observables: [Observed]

  /// Throws `SettingsError` where the record is too short to judge.
  public init(_ record: ChainRecord) throws {
    observables = try zip(record.observables.names, record.traces).map { name, traces in
      Observed(name: name, statistics: SeriesStatistics(try ChainTraces(traces)))
    }
    chains = record.traces[0].count
    steps = record.traces[0][0].count
  }

  /// Rank R̂ above which chains disagree, and below which they agree (Vehtari et al. 2021).
  public static let disagreement = 1.1
  public static let agreement = 1.01

  /// The one with the longest autocorrelation time; one that never changes is slower than all.
  public var slowest: Observed {
    observables.max {
      ($0.statistics.autocorrelationTime ?? .infinity)
        < ($1.statistics.autocorrelationTime ?? .infinity)
    } ?? observables[0]
  }

  /// The largest rank R̂; nil where an observable has none.
  public var rankRHat: Double? {
    let all = observables.map(\.statistics.rankRHat)
    return all.contains(nil) ? nil : all.compactMap { $0 }.max()
  }

  /// The most chains that stand still in one of the observables.
  public var frozenChains: Int { observables.map(\.statistics.frozenChains).max() ?? 0 }

  /// *Does not mix*: a trace is constant, a chain stands still, or R̂ > 1.1. *Mixes*: several chains, and R̂ < 1.01,
  /// which takes some 50 autocorrelation times a half-chain. Otherwise the chains are too short to say.
  public var verdict: Verdict {
    guard let rankRHat, frozenChains == 0, rankRHat <= MixingReport.disagreement else { return .doesNotMix }
    return chains > 1 && rankRHat < MixingReport.agreement ? .mixes : .tooShort
  }
}
