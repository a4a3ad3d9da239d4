internal import BoltzmannCompute

/// The samples of an epoch in their order, cut into minibatches, and how far a training has come.
struct MinibatchOrder: Checkpointed, Sendable {
  /// Epochs done.
  private(set) var epoch = 0
  /// Minibatches done in this epoch.
  private(set) var minibatch = 0
  private let samples: [Int]
  private let batchSize: Int
  private let shuffles: Bool
  private let seed: UInt64
  private var order: [Int]

  /// `samples`: the numbers of those that are learned from. Shuffled, each epoch has a random order of its own.
  init(of samples: [Int], batchSize: Int, shuffles: Bool, seed: UInt64) {
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

  var minibatchesPerEpoch: Int { blocks.count }

  private var blocks: Blocks { Blocks(count: samples.count, size: batchSize) }

  /// Epochs done, with their fraction.
  var progress: Double { Double(epoch) + Double(minibatch) / Double(minibatchesPerEpoch) }

  /// The samples of the next minibatch.
  var indices: ArraySlice<Int> { order[blocks[minibatch]] }

  /// Whether the next minibatch is the last of its epoch.
  var endsEpoch: Bool { minibatch + 1 == minibatchesPerEpoch }

  /// Takes the next minibatch as done.
  mutating func advance() {
    if endsEpoch {
      minibatch = 0
      epoch += 1
      begin()
    } else {
      minibatch += 1
    }
  }

  func save(to snapshot: inout Snapshot) {
    snapshot.numbers["epoch"] = Double(epoch)
    snapshot.numbers["minibatch"] = Double(minibatch)
  }

  mutating func restore(from snapshot: Snapshot) throws {
    epoch = try snapshot.counter("epoch")
    minibatch = try snapshot.counter("minibatch")
    guard minibatch < minibatchesPerEpoch else {
      throw SnapshotError(name: "minibatch", problem: "lies outside the epoch")
    }
    begin()
  }
}
