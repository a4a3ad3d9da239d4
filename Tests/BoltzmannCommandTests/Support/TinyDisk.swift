import Foundation

/// A file system of a few kilobytes, where the tests may mount one.
final class TinyDisk {
  private let scratch: Scratch
  var root: String { scratch.root }

  init(kilobytes: Int) throws {
    scratch = try Scratch()
    guard
      TinyDisk.system("mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", scratch.root])
    else { throw CocoaError(.fileWriteNoPermission) }
  }

  deinit { _ = TinyDisk.system("umount", ["-l", root]) }

  func grow(kilobytes: Int) -> Bool {
    TinyDisk.system("mount", ["-o", "remount,size=\(kilobytes)k", root])
  }

  static let isAvailable: Bool = (try? TinyDisk(kilobytes: 64)) != nil

  private static func system(_ command: String, _ arguments: [String]) -> Bool {
    let process = try? ChildProcess(
      ["/usr/bin/env", command] + arguments, environment: ProcessInfo.processInfo.environment, folder: nil,
      output: "/dev/null", error: "/dev/null")
    guard let process else { return false }
    return poll(timeout: 10) { process.status != nil } && process.status == 0
  }
}
