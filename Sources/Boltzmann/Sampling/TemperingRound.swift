public import BoltzmannCompute
internal import Foundation

/// A round of tempering, as it stands before its swaps.
public struct TemperingRound: Sendable {
  /// The states of all chains, rung by rung, `[rungs · chains, visible]`; good until the round ends.
  public let visibles: MatrixView
  let works: TemperedWorks
  public let chains: Int
  public let rungs: Int
  public let round: UInt64

  /// W = F_{k+1}(v) − F_k(v) of the chains of rung k, in nats.
  public func lowerWorks(pair: Int) -> ArraySlice<Double> { works.up[rows(of: pair)] }

  /// The same W of the chains of rung k + 1.
  public func upperWorks(pair: Int) -> ArraySlice<Double> { works.down[rows(of: pair + 1)] }

  /// The rows of a rung.
  public func rows(of rung: Int) -> Range<Int> { (rung * chains)..<((rung + 1) * chains) }

  /// The logs of the ratios at which the chains of rungs k and k + 1 change places: W(y) − W(x).
  func logRatios(_ pair: Int) -> [Double] {
    zip(lowerWorks(pair: pair), upperWorks(pair: pair)).map { $1 - $0 }
  }

  /// The rows that change places in this round: log U below the ratio's log; one that is no number rejects.
  func accepted(random: RandomStream) -> [(Int, Int)] {
    (0..<(rungs - 1)).filter { UInt64($0) % 2 == round % 2 }.flatMap { pair in
      let uniforms = random.uniforms(row: UInt64(pair), count: chains)
      let ratios = logRatios(pair)
      return (0..<chains).filter { log(uniforms[$0]) < ratios[$0] }.map {
        (rows(of: pair).lowerBound + $0, rows(of: pair + 1).lowerBound + $0)
      }
    }
  }
}

/// F_{k+1}(v) − F_k(v) of rows, seen from rung k (`up`) and from rung k + 1 (`down`), in nats.
struct TemperedWorks: Sendable {
  /// Which pairs of neighbours are worked out.
  enum Pairs: Sendable {
    case all
    case swapped(inRound: UInt64)

    func contains(_ pair: Int) -> Bool {
      switch self {
      case .all: true
      case .swapped(let round): UInt64(pair) % 2 == round % 2
      }
    }
  }

  let pairs: Pairs
  /// One a row; not a number for rows without such a neighbour.
  var up: [Double]
  var down: [Double]

  func isKnown(_ pair: Int) -> Bool { pairs.contains(pair) }
}

/// The replicas' ways along the ladder.
///
/// A replica that was at the model since it last left the base-rate machine and comes back there has made a round
/// trip: what stands at the model later is then new.
public struct ReplicaTravels: Sendable, Equatable {
  public let rungs: Int
  public let chains: Int
  /// The replica that stands at each row.
  public var replicas: [Int]
  /// Of each replica, whether it has been at the last rung since it was at rung 0.
  public var hasArrived: [Bool]
  public var roundTrips = 0

  public init(rungs: Int, chains: Int) {
    self.rungs = rungs
    self.chains = chains
    replicas = Array(0..<(rungs * chains))
    hasArrived = [Bool](repeating: false, count: rungs * chains)
  }

  mutating func swap(_ row: Int, _ other: Int) { replicas.swapAt(row, other) }

  /// After the swaps of a round.
  mutating func mark() {
    for row in ((rungs - 1) * chains)..<(rungs * chains) { hasArrived[replicas[row]] = true }
    for row in 0..<chains where hasArrived[replicas[row]] {
      hasArrived[replicas[row]] = false
      roundTrips += 1
    }
  }
}
