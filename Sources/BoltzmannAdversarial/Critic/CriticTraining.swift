internal import Boltzmann
internal import BoltzmannCompute

/// Minibatch training of a critic's network, ended by rows that it does not learn from.
enum CriticTraining {
  /// The network after the epoch whose cost on the rows set aside was lowest.
  static func run(
    on training: LabelledRows, aside: LabelledRows, _ settings: CriticSettings, _ parallel: Parallel
  ) throws -> DenseNetwork {
    let first = try DenseNetwork(
      widths: [training.rows.columns] + settings.widths + [1], hidden: settings.activation, output: .linear,
      seed: settings.seed)
    let batch = min(settings.batchSize, training.labels.count)
    var learner = try NetworkLearner(first, rule: settings.rule, capacity: batch)
    var scratch = Matrix(rows: batch, columns: training.rows.columns)
    var best = (network: first, cost: try aside.cost(first, parallel), epoch: 0)
    for epoch in 1...settings.epochs where epoch - best.epoch <= settings.patience {
      let sum = self.epoch(epoch, &learner, training, settings, &scratch, parallel)
      let cost = try aside.cost(learner.network, parallel)
      guard sum.isFinite && cost.isFinite else {
        throw TrainingDiverged(epoch: epoch, minibatch: 1, learningRate: settings.rule.rate)
      }
      if cost < best.cost { best = (learner.network, cost, epoch) }
    }
    return best.network
  }

  /// One pass over the training rows in a new random order; the sum of their costs.
  private static func epoch(
    _ epoch: Int, _ learner: inout NetworkLearner, _ training: LabelledRows, _ settings: CriticSettings,
    _ scratch: inout Matrix, _ parallel: Parallel
  ) -> Double {
    let order = RandomStream(seed: settings.seed, purpose: .shuffle)
      .permutation(row: UInt64(epoch), count: training.labels.count)
    let blocks = Blocks(count: order.count, size: scratch.rows)
    return (0..<blocks.count).reduce(0.0) { sum, block in
      let numbers = Array(order[blocks[block]]), labels = numbers.map { training.labels[$0] }
      return scratch.withMutableView { scratch in
        let rows = scratch.rows(0..<numbers.count)
        SelectedRows(rows: training.rows.view, numbers: numbers).copy(to: rows)
        return sum
          + learner.step(rows.view, parallel: parallel) { range, logits, deltas in
            CrossEntropy.descend(logits, deltas, count: labels.count) { labels[range.lowerBound + $0] }
          }
      }
    }
  }
}
