internal import Foundation
import Synchronization

/// How many workers share a job. What a job computes never depends on their number.
///
/// Jobs are cut into blocks by the size of the problem alone; workers take the next block until none is
/// left. Results that are reduced over blocks are reduced in the order of the blocks.
public struct Parallel: Sendable {
  public let threads: Int

  public init(threads: Int) { self.threads = max(1, threads) }

  /// As many workers as the process may use cores.
  public static let all = Parallel(threads: ProcessInfo.processInfo.activeProcessorCount)

  /// Calls `body` once for every index below `count`, on up to `threads` threads at once.
  ///
  /// `worker`, below `threads`, names scratch that no other call uses meanwhile.
  public func forEach(_ count: Int, _ body: @Sendable (_ index: Int, _ worker: Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for index in 0..<count { body(index, 0) }
      return
    }
    let next = Atomic<Int>(0)
    Crew.shared.perform(workers: workers) { worker in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index, worker)
      }
    }
  }

  /// Calls `body` once for every index of every stage; no stage begins before the one before it has ended.
  ///
  /// One dispatch for all stages: a worker that finds none of its stage left waits for those that others are at.
  /// They are running already, so that the wait ends however few workers the system lends us.
  public func forEachStage(
    _ stages: Int, count: @Sendable (_ stage: Int) -> Int,
    _ body: @Sendable (_ stage: Int, _ index: Int) -> Void
  ) {
    let workers = min(threads, (0..<stages).reduce(0) { max($0, count($1)) })
    guard workers > 1 else {
      for stage in 0..<stages {
        for index in 0..<count(stage) { body(stage, index) }
      }
      return
    }
    let next = Atomic<Int>(0), done = Atomic<Int>(0)
    Crew.shared.perform(workers: workers) { _ in
      var stage = 0, before = 0
      while true {
        let ticket = next.add(1, ordering: .relaxed).oldValue
        while stage < stages && ticket >= before + count(stage) {
          before += count(stage)
          stage += 1
        }
        guard stage < stages else { return }
        wait(for: done, toReach: before)
        body(stage, ticket - before)
        done.add(1, ordering: .releasing)
      }
    }
  }

  /// Calls `body` with consecutive ranges of at most `size` that cover `0..<count`.
  public func forEachBlock(
    of count: Int, size: Int, _ body: @Sendable (_ range: Range<Int>) -> Void
  ) {
    let blocks = Blocks(count: count, size: size)
    forEach(blocks.count) { block, _ in body(blocks[block]) }
  }

  /// The results of `body` for every block, in the order of the blocks.
  public func mapBlocks<T: Sendable>(
    of count: Int, size: Int, _ body: @Sendable (_ range: Range<Int>) throws -> T
  ) rethrows -> [T] {
    let blocks = Blocks(count: count, size: size)
    return try map(blocks.count) { block, _ in try body(blocks[block]) }
  }

  /// The results of `body` for every index below `count`, in their order; see `forEach` for `worker`.
  public func map<T: Sendable>(
    _ count: Int, _ body: @Sendable (_ index: Int, _ worker: Int) throws -> T
  ) rethrows -> [T] {
    let results = Mutex([Result<T, any Error>?](repeating: nil, count: count))
    forEach(count) { index, worker in
      let result = Result { try body(index, worker) }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { try $0.map { try unwrap($0) } }
  }
}

/// A stage takes less time than putting a thread to sleep, unless its thread was taken off its core.
private func wait(for counter: borrowing Atomic<Int>, toReach count: Int) {
  var looks = 0
  while counter.load(ordering: .acquiring) < count {
    looks += 1
    if looks > 1000 { sched_yield() }
  }
}

private func unwrap<T>(_ result: Result<T, any Error>?) throws -> T {
  guard let result else { preconditionFailure("every block has run") }
  return try result.get()
}

/// Consecutive ranges of `size` (the last one shorter) that cover `0..<count`: a function of the problem.
public struct Blocks: Sendable {
  public let total: Int
  public let size: Int

  public init(count: Int, size: Int) {
    precondition(size > 0, "a block holds at least one row")
    self.total = count
    self.size = size
  }

  public var count: Int { (total + size - 1) / size }

  public subscript(block: Int) -> Range<Int> {
    let begin = block * size
    return begin..<min(begin + size, total)
  }
}
