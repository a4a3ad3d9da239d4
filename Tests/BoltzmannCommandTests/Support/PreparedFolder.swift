import Foundation

/// The files of a folder, kept in memory: to prepare them takes a process or two, and many tests begin with the same.
struct PreparedFolder: Sendable {
  private let root: String
  private let files: [String: [UInt8]]

  init(_ scratch: Scratch) throws {
    root = scratch.root
    files = try scratch.tree()
  }

  /// A folder of its own for a test, with these files.
  func copy() throws -> Scratch {
    let scratch = try Scratch()
    for (name, content) in files {
      let folder = URL(fileURLWithPath: scratch.path(name)).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try scratch.write(name, moved(name, content, to: scratch.root))
    }
    return scratch
  }

  /// The settings of a run name its data by the path from the root: by that of the copy.
  private func moved(_ name: String, _ content: [UInt8], to newRoot: String) -> [UInt8] {
    guard name.hasSuffix("run.json") else { return content }
    return Array(String(decoding: content, as: UTF8.self).replacingOccurrences(of: root, with: newRoot).utf8)
  }
}

extension Scratch {
  /// Prepares a folder once for all tests of a suite, the first of which waits for it.
  static func prepared(_ prepare: (Scratch) throws -> Void) -> Result<PreparedFolder, any Error> {
    Result {
      let scratch = try Scratch()
      try prepare(scratch)
      return try PreparedFolder(scratch)
    }
  }
}
