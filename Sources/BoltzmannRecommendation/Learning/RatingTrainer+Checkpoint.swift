public import Boltzmann
internal import BoltzmannCompute

extension RatingTrainer: Checkpointed {
  public func save(to snapshot: inout Snapshot) {
    order.save(to: &snapshot)
    model.save(to: &snapshot, prefix: "")
    descent.save(to: &snapshot)
    snapshot.numbers["gibbs_steps"] = Double(gibbsSteps)
    // Levels, not rows: those may be more than Float tells apart.
    let levels = UInt32(lists.levelCount)
    snapshot.vectors["states"] = states.map { $0.map { Float($0 % levels) } }
  }

  /// Goes on from a saved state, or stays as it is where that does not fit.
  public mutating func restore(from snapshot: Snapshot) throws {
    var restored = self
    try restored.order.restore(from: snapshot)
    guard restored.epoch <= settings.epochs else {
      throw SnapshotError(name: "epoch", problem: "lies behind the last one")
    }
    try restored.model.restore(from: snapshot, prefix: "")
    try restored.descent.restore(from: snapshot)
    restored.gibbsSteps = UInt64(try snapshot.counter("gibbs_steps"))
    if states != nil {
      restored.states = try lists.rows(levels: snapshot.vector("states", count: lists.count))
    }
    self = restored
  }
}

extension RatingLists {
  /// The rows of other levels at the same sites.
  fileprivate func rows(levels: [Float]) throws -> [UInt32] {
    let count = UInt32(levelCount)
    return try zip(rows, levels).map { row, level in
      guard level >= 0, level < Float(count), level == level.rounded() else {
        throw SnapshotError(name: "states", problem: "holds \(level), which is no level")
      }
      return row - row % count + UInt32(level)
    }
  }
}

extension RatingRBM {
  func save(to snapshot: inout Snapshot, prefix: String) {
    snapshot.matrices["\(prefix)weights"] = weights
    snapshot.matrices["\(prefix)visible_bias"] = visibleBias
    snapshot.vectors["\(prefix)hidden_bias"] = hiddenBias
    snapshot.matrices["\(prefix)mixing"] = mixing
    snapshot.matrices["\(prefix)conditional"] = conditional
  }

  mutating func restore(from snapshot: Snapshot, prefix: String) throws {
    weights = try snapshot.matrix("\(prefix)weights", like: weights)
    visibleBias = try snapshot.matrix("\(prefix)visible_bias", like: visibleBias)
    hiddenBias = try snapshot.vector("\(prefix)hidden_bias", count: hiddenCount)
    mixing = try mixing.map { try snapshot.matrix("\(prefix)mixing", like: $0) }
    conditional = try conditional.map { try snapshot.matrix("\(prefix)conditional", like: $0) }
  }
}
