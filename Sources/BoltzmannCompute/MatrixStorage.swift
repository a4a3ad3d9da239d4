internal import Foundation
import Synchronization

/// 64-byte aligned floats, zero at first. The one place that allocates them.
///
/// Much memory comes from the system as pages of zeros that take their place when they are first touched: by the
/// workers that write them, not all by the thread that asks.
final class MatrixStorage: @unchecked Sendable {
  let count: Int
  let base: UnsafeMutablePointer<Float>
  private let memory: UnsafeMutableRawPointer

  init(count: Int) {
    self.count = count
    guard let memory = calloc(count * MemoryLayout<Float>.stride + 64, 1) else {
      fatalError("no memory for \(count) floats")
    }
    self.memory = memory
    base = memory.alignedUp(toMultipleOf: 64).bindMemory(to: Float.self, capacity: max(count, 1))
    MatrixAllocations.counter.add(1, ordering: .relaxed)
  }

  func copy() -> MatrixStorage {
    let other = MatrixStorage(count: count)
    other.base.update(from: base, count: count)
    return other
  }

  deinit { free(memory) }
}

/// How many matrices were allocated or copied so far: tests show that steady states allocate none.
public enum MatrixAllocations {
  static let counter = Atomic<Int>(0)

  public static var count: Int { counter.load(ordering: .relaxed) }
}
