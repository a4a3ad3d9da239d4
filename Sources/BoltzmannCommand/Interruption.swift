internal import Foundation
internal import Synchronization

/// The first SIGINT or SIGTERM asks the work to stop at the next safe place; a second one stops at once.
enum Interruption {
  private static let received = Atomic<Int32>(0)

  static func watch() {
    unblock([SIGINT, SIGTERM])
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        let (isFirst, _) = Interruption.received.compareExchange(
          expected: 0, desired: number, ordering: .relaxed)
        if !isFirst { _exit(128 + number) }
      }
    }
  }

  /// A child inherits the mask of the thread that starts it, and threads of a pool often block all signals.
  private static func unblock(_ numbers: [Int32]) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The signal, once it came.
  static var current: Interrupted? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : Interrupted(signal: number)
  }
}

/// Thrown after a checkpoint when a signal asked to stop.
struct Interrupted: Error {
  let signal: Int32
  /// 130 for SIGINT, 143 for SIGTERM.
  var exitStatus: Int32 { 128 + signal }
}
