public import BoltzmannCompute
internal import Foundation

/// Annealing between independent units and a machine, forward and in reverse.
public protocol Annealing: Sendable {
  /// log Z₀ of the independent units, in nats.
  var logBase: Double { get }

  /// ω of every forward run, in nats: E e^ω = Z/Z₀.
  func logWeights(chains: Int) -> [Double]

  /// ω of every reverse run, in nats: E e^−ω = Z₀/Z where the rows of `starts` are samples of the machine.
  func reverseLogWeights(from starts: Matrix) -> [Double]

  /// What each step of forward runs adds to ω: its standard deviation over the runs, `[steps]`.
  func stepDeviations(chains: Int) -> [Double]
}

extension Annealing {
  /// log Z from `chains` annealing runs.
  public func estimate(chains: Int) -> PartitionEstimate {
    PartitionEstimate(annealing: logWeights(chains: chains), logBase: logBase)
  }
}

/// Annealing runs: what their steps added up to, and how much each step's gain varied.
struct AnnealingRuns: Sendable {
  var logWeights: [Double]
  /// Of each step, the sum of its gains and of their squares.
  private var sums: [(Double, Double)] = []

  init(count: Int) { logWeights = [Double](repeating: 0, count: count) }

  init(blocks: [AnnealingRuns]) {
    logWeights = blocks.flatMap(\.logWeights)
    sums = (blocks.first?.sums.indices ?? 0..<0).map { step in
      blocks.reduce((0, 0)) { ($0.0 + $1.sums[step].0, $0.1 + $1.sums[step].1) }
    }
  }

  mutating func add(_ gains: [Double]) {
    for row in logWeights.indices { logWeights[row] += gains[row] }
    sums.append(gains.reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) })
  }

  var deviations: [Double] {
    let count = Double(max(logWeights.count, 1))
    return sums.map { max($0.1 / count - $0.0 * $0.0 / (count * count), 0).squareRoot() }
  }
}
