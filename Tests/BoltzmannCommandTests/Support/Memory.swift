import Synchronization

/// What takes a process to find out, and several tests of a suite ask for.
final class Memory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let known = Mutex<[Key: Value]>([:])

  /// Tests that ask at the same time may both find it out: nobody waits for another's process.
  func value(for key: Key, otherwise find: () throws -> Value) rethrows -> Value {
    if let value = known.withLock({ $0[key] }) { return value }
    let value = try find()
    known.withLock { $0[key] = value }
    return value
  }
}
