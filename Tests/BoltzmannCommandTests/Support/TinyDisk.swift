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
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [command] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
