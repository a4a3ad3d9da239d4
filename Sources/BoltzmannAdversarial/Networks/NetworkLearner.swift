internal import Boltzmann
public import BoltzmannCompute

/// A network that learns: itself, how its parameters move, and room for a minibatch.
public struct NetworkLearner: Sendable {
  public private(set) var network: DenseNetwork
  private var descent: Descent
  private var scratch: NetworkScratch

  /// `capacity`: the most rows of a minibatch.
  ///
  /// - Throws: `SettingsError` where the rule's numbers make no sense.
  public init(_ network: DenseNetwork, rule: DescentRule, capacity: Int) throws {
    precondition(capacity >= 1, "a minibatch holds at least one row")
    try rule.validate()
    self.network = network
    descent = Descent(rule, network: network)
    scratch = NetworkScratch(capacity: capacity, network: network)
  }

  mutating func rows(_ count: Int) -> NetworkRows { scratch.rows(count) }

  /// One step down the gradient of a cost; returns Σ of what `cost` returns, in the order of blocks.
  ///
  /// `cost` sees the outputs of a range of rows and leaves ∂C/∂y in their deltas. A sum that is not finite tells
  /// of a learning that diverged.
  public mutating func step(
    _ inputs: MatrixView, parallel: Parallel,
    cost: @Sendable (_ range: Range<Int>, _ outputs: MatrixView, _ deltas: MutableMatrixView) -> Double
  ) -> Double {
    let rows = rows(inputs.rows)
    let sum = runBothWays(rows, inputs, parallel, cost)
    update(inputs: inputs, rows: rows, parallel: parallel)
    return sum
  }

  /// Forward, cost and backward, block by block. Nothing of the network is held afterwards: its parameters would
  /// be copied when they move.
  private func runBothWays(
    _ rows: NetworkRows, _ inputs: MatrixView, _ parallel: Parallel,
    _ cost: @Sendable (Range<Int>, MatrixView, MutableMatrixView) -> Double
  ) -> Double {
    let size = evenBlocks(of: inputs.rows, about: 50)
    return parallel.mapBlocks(of: inputs.rows, size: size) { range in
      let own = rows.rows(range)
      own.forward(network, inputs.rows(range))
      defer { own.backward(network) }
      return cost(range, own.last.outputs, own.last.deltas)
    }.reduce(0, +)
  }

  /// One step, for rows that went forward and backward.
  mutating func update(inputs: MatrixView, rows: NetworkRows, parallel: Parallel) {
    descent.update(&network, inputs: inputs, rows: rows, parallel: parallel)
  }
}
