internal import Dispatch
internal import Foundation
import Synchronization

/// Workers that stay awake for a moment after a job, since the next one usually comes at once.
///
/// A minibatch is two jobs of some hundred microseconds, and to wake a thread for each would take a tenth of
/// that. Helpers run on Dispatch's threads, look for work for about a tenth of a millisecond, and go. They are
/// never counted on: whoever leads a job finishes it alone if nobody joins.
final class Crew: Sendable {
  static let shared = Crew()

  private let isLed = Atomic<Bool>(false)
  private let current = Mutex<Job?>(nil)
  /// Counts jobs: helpers look at it for news.
  private let generation = Atomic<Int>(0)
  private let helpers = Atomic<Int>(0)

  /// Calls `body` on up to `workers` threads at once, with numbers below `workers`, once each at most and once
  /// at least with 0; returns when all calls have.
  func perform(workers: Int, _ body: @Sendable (_ worker: Int) -> Void) {
    guard isLed.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      // Somebody else leads a job, or it is a job within a job.
      return DispatchQueue.concurrentPerform(iterations: workers, execute: body)
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in lead(Job(pointer, workers: workers)) }
    }
    isLed.store(false, ordering: .releasing)
  }

  private func lead(_ job: Job) {
    current.withLock { $0 = job }
    generation.add(1, ordering: .releasing)
    while helpers.load(ordering: .relaxed) < job.workers - 1 {
      helpers.add(1, ordering: .relaxed)
      DispatchQueue.global().async { self.help() }
    }
    job.run(worker: 0)
    job.close()
    current.withLock { $0 = nil }
  }

  /// Joins one job after the other until none has come for a while.
  private func help() {
    var seen = -1
    while let next = news(since: seen) {
      seen = next
      if let job = current.withLock({ $0 }), let worker = job.join() {
        job.run(worker: worker)
        job.leave()
      }
    }
    helpers.subtract(1, ordering: .relaxed)
  }

  /// The number of the latest job, once it is another than `seen`; nil where none comes.
  private func news(since seen: Int) -> Int? {
    for look in 0..<2_300 {
      let now = generation.load(ordering: .acquiring)
      if now != seen { return now }
      // Others may want the core: from here on this takes a few tenths of a microsecond a look.
      if look > 2_000 { sched_yield() }
    }
    return nil
  }
}

/// A piece of work that workers join and leave until it is closed.
private final class Job: Sendable {
  let workers: Int
  nonisolated(unsafe) private let body: UnsafePointer<@Sendable (Int) -> Void>
  /// Who is at it, besides the leader; −1 when closed.
  private let present = Atomic<Int>(0)
  private let joined = Atomic<Int>(0)

  init(_ body: UnsafePointer<@Sendable (Int) -> Void>, workers: Int) {
    self.body = body
    self.workers = workers
  }

  /// Not inlined: whatever the call retains of the body is released before the worker leaves.
  @inline(never)
  func run(worker: Int) { body.pointee(worker) }

  /// A number for the worker; nil where the job is over or has enough of them.
  func join() -> Int? {
    var count = present.load(ordering: .relaxed)
    while count >= 0 {
      let (exchanged, original) = present.compareExchange(
        expected: count, desired: count + 1, ordering: .acquiringAndReleasing)
      if exchanged { break }
      count = original
    }
    guard count >= 0 else { return nil }
    let worker = joined.add(1, ordering: .relaxed).newValue
    if worker < workers { return worker }
    leave()
    return nil
  }

  func leave() { present.subtract(1, ordering: .releasing) }

  /// Waits until all have left, and lets nobody in any more.
  func close() {
    var looks = 0
    while !present.compareExchange(expected: 0, desired: -1, ordering: .acquiringAndReleasing).exchanged {
      looks += 1
      if looks > 1_000 { sched_yield() }
    }
  }
}
