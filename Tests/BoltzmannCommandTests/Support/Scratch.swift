import Foundation

/// A folder of its own for a test, removed with everything in it.
final class Scratch {
  let root: String

  /// In memory where the system has such a place: the tool waits for the disk several times an epoch.
  private static let base: String = {
    let memory = "/dev/shm"
    return FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
  }()

  init() throws {
    root = URL(fileURLWithPath: Scratch.base).appending(path: "boltzmann-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// All files below a folder and their content.
  func tree(_ name: String = "") throws -> [String: [UInt8]] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: path(name))
    let pairs = try files.compactMap { file -> (String, [UInt8])? in
      var isFolder: ObjCBool = false
      let full = "\(path(name))/\(file)"
      _ = FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
      return isFolder.boolValue ? nil : (file, Array(try Data(contentsOf: URL(fileURLWithPath: full))))
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  func names(_ name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }
}
