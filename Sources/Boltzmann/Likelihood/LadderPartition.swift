internal import BoltzmannCompute

/// log Z along a ladder, by Bennett's ratio between neighbours, from what rounds of tempering saw.
/// ```
/// log Ẑ_k = log Z₀ + Σ_{l<k} BAR_l
/// ```
/// The columns of a ladder, chain r of every rung, are independent of one another; times and rungs of a column are
/// not. So the error is that of the columns' sums: with I_r the sum of all first-order influences of column r's
/// works, over all rounds and links,
/// ```
/// se² = R/(R − 1)·Σ_r I_r²
/// ```
/// which has the autocorrelation of the chains and what neighbouring links share in it, whatever they are.
public struct LadderPartition: Sendable {
  private let logBase: Double
  private let chains: Int
  /// Of every link, F_{k+1} − F_k of the states of rung k and of rung k + 1, round by round.
  private var lower: [[Double]]
  private var upper: [[Double]]

  /// `logBase`: log Z₀ of rung 0, in nats.
  public init(logBase: Double, rungs: Int, chains: Int) {
    self.logBase = logBase
    self.chains = chains
    lower = [[Double]](repeating: [], count: rungs - 1)
    upper = lower
  }

  /// Takes in the states of a round.
  public mutating func add(_ round: TemperingRound) {
    precondition(round.chains == chains && round.rungs == lower.count + 1, "rounds of one ladder")
    for pair in lower.indices {
      lower[pair] += round.lowerWorks(pair: pair)
      upper[pair] += round.upperWorks(pair: pair)
    }
  }

  /// log Z of every rung, in nats, with its standard error; that of rung 0 is known.
  public func estimates() -> [PartitionEstimate] {
    var sum = logBase, columns = [Double](repeating: 0, count: chains)
    var result = [
      PartitionEstimate(method: "trajectory", estimate: sum, standardError: 0, effectiveSampleSize: nil)
    ]
    for (lower, upper) in zip(lower, upper) {
      let ratio = BennettRatio(lower: lower, upper: upper)
      sum += ratio.logRatio
      for influences in [ratio.lowerInfluences, ratio.upperInfluences] {
        for (index, influence) in influences.enumerated() { columns[index % chains] += influence }
      }
      result.append(
        PartitionEstimate(
          method: "trajectory", estimate: sum, standardError: error(columns), effectiveSampleSize: nil))
    }
    return result
  }

  /// log Z of the last rung.
  public func estimate() -> PartitionEstimate { estimates()[lower.count] }

  private func error(_ columns: [Double]) -> Double {
    let squares = columns.reduce(0) { $0 + $1 * $1 }
    return chains > 1 ? (squares * Double(chains) / Double(chains - 1)).squareRoot() : .infinity
  }
}
