public import BoltzmannCompute
internal import Foundation

/// What a run of parallel tempering leaves behind: the works between neighbours, and states of the model.
public struct TemperedSamples: Sendable {
  /// log Z₀ of the base-rate machine, in nats.
  public let logBase: Double
  /// Chains of a rung, which are independent of one another; the k-th of all rungs make a ladder of their own.
  public let chains: Int
  public let rounds: Int
  /// Of each pair of rungs, W = F_{k+1} − F_k of the chains of rung k, round by round, `[pair][round · chains + chain]`.
  public private(set) var lowerWorks: [[Double]]
  /// The same W of the chains of rung k + 1.
  public private(set) var upperWorks: [[Double]]
  /// States of the model, evenly spaced over the rounds, `[count, visible]`; of a general machine those of all units.
  public private(set) var states: Matrix
  public let acceptances: [Double]
  /// Round trips made while these were recorded.
  public let roundTrips: Int
  public let inverseTemperatures: [Double]

  /// Records `rounds` rounds, and keeps `states` states of the model.
  init(
    recording tempering: some TemperedSampler, _ state: inout TemperingState, rounds: Int, steps: Int,
    states count: Int
  ) {
    let chains = state.travels.chains, pairs = tempering.ladder.count - 1
    logBase = tempering.logBase
    inverseTemperatures = tempering.ladder.inverseTemperatures
    self.chains = chains
    self.rounds = rounds
    let before = state.travels.roundTrips
    var works = [[[Double]]](repeating: [[Double]](repeating: [], count: pairs), count: 2)
    var kept = Matrix(rows: count, columns: state.visibles.columns)
    let first = state.round
    let info = tempering.run(&state, rounds: rounds, steps: steps) { round in
      for pair in 0..<pairs {
        works[0][pair] += round.lowerWorks(pair: pair)
        works[1][pair] += round.upperWorks(pair: pair)
      }
      let own = TemperedSamples.places(round: Int(round.round - first), of: rounds, count: count)
      kept.withMutableView { kept in
        for place in own {
          let row = round.rows(of: pairs).lowerBound + place % chains
          kept.rows(place..<(place + 1)).copy(round.visibles.rows(row..<(row + 1)))
        }
      }
    }
    lowerWorks = works[0]
    upperWorks = works[1]
    states = kept
    acceptances = info.acceptances
    roundTrips = info.roundTrips - before
  }

  /// The states that are kept in a round: number i in round ⌊(i + 1)·rounds/count⌋ − 1, or the first one.
  private static func places(round: Int, of rounds: Int, count: Int) -> Range<Int> {
    func first(_ round: Int) -> Int { round <= 0 ? 0 : (round * count + rounds - 1) / rounds }
    return first(round)..<(round + 1 == rounds ? count : first(round + 1))
  }

  /// W of the last pair along each chain of the model: an energy, as far as tempering knows one.
  public var traces: [[Double]] {
    guard let works = upperWorks.last else { return [] }
    return (0..<chains).map { chain in (0..<rounds).map { works[$0 * chains + chain] } }
  }

  /// Statistics of `traces`; nil where there are fewer than four rounds.
  public var mixing: SeriesStatistics? { (try? ChainTraces(traces)).map(SeriesStatistics.init) }

  /// What reverse runs from `states` may claim.
  public var reverseStart: ReverseStart { reverseStart(mixing) }

  func reverseStart(_ mixing: SeriesStatistics?) -> ReverseStart {
    ReverseStart(
      roundTrips: roundTrips, splitRHat: mixing?.rankRHat ?? .nan,
      effectiveSampleSize: mixing?.effectiveSampleSize ?? 0)
  }
}
