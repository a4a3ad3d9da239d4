internal import Dispatch
internal import Synchronization

/// A piece of work on a thread of its own, asked for its end later.
///
/// Training does not wait for the disk: an epoch's files are written while the next epoch goes on.
final class BackgroundWork: Sendable {
  // A queue of its own has a thread of its own: one of the pool's, waiting for a disk, would be missing from
  // the training's workers.
  private let queue = DispatchQueue(label: "boltzmann.background")
  private let outcome = Mutex<Result<Void, any Error>?>(nil)

  init(_ body: @escaping @Sendable () throws -> Void) {
    queue.async {
      let result = Result { try body() }
      self.outcome.withLock { $0 = result }
    }
  }

  var isDone: Bool { outcome.withLock { $0 != nil } }

  /// Waits for the end; throws what the work threw.
  func finish() throws {
    queue.sync {}
    try outcome.withLock { try $0?.get() }
  }
}
