import Boltzmann
import BoltzmannCompute
import Synchronization

/// Samples of zeros that note who asked for which of them.
final class RecordingSamples: Samples {
  struct Load: Sendable {
    let sample: Int
    let epoch: Int
  }

  let count: Int
  let width: Int
  private let loads = Mutex<[Load]>([])

  init(count: Int, width: Int) {
    self.count = count
    self.width = width
  }

  func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    target.fill(0)
    loads.withLock { $0 += indices.map { Load(sample: $0, epoch: epoch) } }
  }

  /// What was loaded since the last call.
  func take() -> [Load] {
    loads.withLock { loads in
      defer { loads = [] }
      return loads
    }
  }
}
