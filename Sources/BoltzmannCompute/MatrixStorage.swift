import Synchronization

/// 64-byte aligned floats, zero at first. The one place that allocates them.
final class MatrixStorage: @unchecked Sendable {
  let count: Int
  let base: UnsafeMutablePointer<Float>

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    base.initialize(repeating: 0, count: max(count, 1))
    MatrixAllocations.counter.add(1, ordering: .relaxed)
  }

  func copy() -> MatrixStorage {
    let other = MatrixStorage(count: count)
    other.base.update(from: base, count: count)
    return other
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}

/// How many matrices were allocated or copied so far: tests show that steady states allocate none.
public enum MatrixAllocations {
  static let counter = Atomic<Int>(0)

  public static var count: Int { counter.load(ordering: .relaxed) }
}
