import Foundation

/// A process of one's own making: spawned, asked whether it has ended, never waited for without an end.
///
/// `Foundation.Process` hands down the signals that the calling thread blocks, and the threads that tests run on
/// block them all: no signal would reach the child as it does from a shell.
final class ChildProcess {
  private let id: pid_t
  private var ended: Int32?

  /// - Parameters:
  ///   - command: The program's path and its arguments.
  ///   - output: The file or device that standard output goes to; `error` likewise.
  ///   - blocked: Signals that the child does not receive unless it asks for them.
  init(
    _ command: [String], environment: [String: String], folder: String?, output: String, error: String,
    blocked: [Int32] = []
  ) throws {
    // There is no portable way to spawn in another folder, but a shell has one.
    let moved = folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + command } ?? command
    id = try spawn(moved, environment, streams: ["/dev/null", output, error], blocked: blocked)
  }

  func signal(_ number: Int32) {
    if status == nil { kill(id, number) }
  }

  /// Nil while it runs; then the exit status, or minus the signal that ended it.
  var status: Int32? {
    if let ended { return ended }
    var word: Int32 = 0
    guard waitpid(id, &word, WNOHANG) == id else { return nil }
    let signal = word & 0x7f
    ended = signal == 0 ? word >> 8 & 0xff : -signal
    return ended
  }

  deinit {
    guard status == nil else { return }
    kill(id, SIGKILL)
    var word: Int32 = 0
    waitpid(id, &word, 0)
  }
}

private func spawn(
  _ command: [String], _ environment: [String: String], streams: [String], blocked: [Int32]
) throws -> pid_t {
  #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
  #else
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
  #endif
  posix_spawn_file_actions_init(&actions)
  posix_spawnattr_init(&attributes)
  defer {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }
  for (descriptor, path) in streams.enumerated() {
    let flags = descriptor == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, Int32(descriptor), path, flags, 0o644)
  }
  var mask = sigset_t()
  sigemptyset(&mask)
  for number in blocked { sigaddset(&mask, number) }
  posix_spawnattr_setsigmask(&attributes, &mask)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
  var id: pid_t = 0
  let failure = withCStrings(command) { arguments in
    withCStrings(environment.map { "\($0)=\($1)" }) { variables in
      posix_spawn(&id, command[0], &actions, &attributes, arguments, variables)
    }
  }
  guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL) }
  return id
}

/// An array of C strings, ended by a null pointer.
private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = strings.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  return body(copies + [nil])
}
