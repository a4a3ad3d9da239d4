internal import Foundation

/// The values of one observable along several chains of one length, `[chain][draw]`.
public struct ChainTraces: Sendable {
  public let chains: [[Double]]

  /// Draws of a chain.
  public var draws: Int { chains[0].count }

  /// Throws `SettingsError` where there is no chain, fewer than 4 draws, or chains of different lengths.
  public init(_ chains: [[Double]]) throws {
    guard let first = chains.first else { throw SettingsError(message: "there is no chain to judge") }
    guard first.count >= 4 else {
      throw SettingsError(message: "a chain of \(first.count) draws is too short to judge: 4 at least")
    }
    guard chains.allSatisfy({ $0.count == first.count }) else {
      throw SettingsError(message: "the chains are of different lengths")
    }
    self.chains = chains
  }

  private init(unchecked chains: [[Double]]) { self.chains = chains }

  /// Both halves of every chain, without the middle draw of an odd number: a chain that drifts disagrees with itself.
  var halves: [[Double]] {
    let half = draws / 2
    return chains.flatMap { [Array($0.prefix(half)), Array($0.suffix(half))] }
  }

  /// Every value replaced by the normal quantile of its rank among all, equal ones by the mean of their ranks.
  /// ```
  /// z = Φ⁻¹((r − 3/8)/(S + 1/4))
  /// ```
  /// Heavy tails, to which a variance means nothing, become normal ones (Vehtari et al. 2021).
  var rankNormalized: ChainTraces {
    let values = chains.flatMap { $0 }, order = values.indices.sorted { values[$0] < values[$1] }
    var scores = [Double](repeating: 0, count: values.count), begin = 0
    while begin < order.count {
      let end = order[begin...].firstIndex { values[$0] > values[order[begin]] } ?? order.count
      let rank = 0.5 * Double(begin + 1 + end)
      let score = normalQuantile((rank - 0.375) / (Double(order.count) + 0.25))
      for place in begin..<end { scores[order[place]] = score }
      begin = end
    }
    return ChainTraces(
      unchecked: chains.indices.map { Array(scores[$0 * draws..<($0 + 1) * draws]) })
  }

  /// Distances from the median: chains that agree in place but not in width disagree here.
  var folded: ChainTraces {
    let values = chains.flatMap { $0 }.sorted(), middle = values.count / 2
    let median = values.count % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle])
    return ChainTraces(unchecked: chains.map { $0.map { abs($0 - median) } })
  }
}

/// The x with Φ(x) = p for a standard normal law, 0 < p < 1.
///
/// Abramowitz & Stegun's 26.2.23 is good to 4.5·10⁻⁴; one step of Halley's method cubes the error, times a factor of
/// order x²: below 10⁻⁸ for p down to 10⁻¹⁵.
func normalQuantile(_ p: Double) -> Double {
  let tail = min(p, 1 - p), t = (-2 * log(tail)).squareRoot()
  let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
  let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  let x = t - numerator / denominator
  let error = 0.5 * erfc(x / 2.0.squareRoot()) - tail
  let newton = -error * (2 * Double.pi).squareRoot() * exp(x * x / 2)
  // f = 1 − Φ(x) − tail has f' = −φ and f'' = xφ; Newton's step u = f/f' becomes u/(1 − u·f''/(2f')).
  let root = x - newton / (1 + 0.5 * x * newton)
  return p < 0.5 ? -root : root
}
