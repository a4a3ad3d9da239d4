internal import BoltzmannCompute

/// The samples of an epoch in their order, cut into minibatches, and how far a training has come.
package struct MinibatchOrder: Checkpointed, Sendable {
  /// Epochs done.
  package private(set) var epoch = 0
  /// Minibatches done in this epoch.
  package private(set) var minibatch = 0
  private let samples: [Int]
  private let batchSize: Int
  private let shuffles: Bool
  private let seed: UInt64
  private var order: [Int]

  /// `samples`: the numbers of those that are learned from. Shuffled, each epoch has a random order of its own.
  package init(of samples: [Int], batchSize: Int, shuffles: Bool, seed: UInt64) {
    self.samples = samples
    self.batchSize = batchSize
    self.shuffles = shuffles
    self.seed = seed
    order = samples
    begin()
  }

  private mutating func begin() {
    guard shuffles else { return }
    order = RandomStream(seed: seed, purpose: .shuffle)
      .permutation(row: UInt64(epoch), count: samples.count).map { samples[$0] }
  }

  package var minibatchesPerEpoch: Int { blocks.count }

  private var blocks: Blocks { Blocks(count: samples.count, size: batchSize) }

  /// Epochs done, with their fraction.
  package var progress: Double { Double(epoch) + Double(minibatch) / Double(minibatchesPerEpoch) }

  /// The samples of the next minibatch.
  package var indices: ArraySlice<Int> { order[blocks[minibatch]] }

  /// Whether the next minibatch is the last of its epoch.
  package var endsEpoch: Bool { minibatch + 1 == minibatchesPerEpoch }

  /// Takes the next minibatch as done.
  package mutating func advance() {
    if endsEpoch {
      minibatch = 0
      epoch += 1
      begin()
    } else {
      minibatch += 1
    }
  }

  package func save(to snapshot: inout Snapshot) {
    snapshot.numbers["epoch"] = Double(epoch)
    snapshot.numbers["minibatch"] = Double(minibatch)
  }

  package mutating func restore(from snapshot: Snapshot) throws {
    epoch = try snapshot.counter("epoch")
    minibatch = try snapshot.counter("minibatch")
    guard minibatch < minibatchesPerEpoch else {
      throw SnapshotError(name: "minibatch", problem: "lies outside the epoch")
    }
    begin()
  }
}
