import Foundation

/// A folder of its own for a test, removed with everything in it.
final class TemporaryFolder {
  let path: String

  /// - Parameter inMemory: where the system has such a place, for files that are written over and over.
  init(inMemory: Bool = false) throws {
    let memory = URL(fileURLWithPath: "/dev/shm")
    let hasMemory = inMemory && FileManager.default.isWritableFile(atPath: memory.path)
    let base = hasMemory ? memory : FileManager.default.temporaryDirectory
    let url = base.appending(path: "boltzmann-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file without going through the code under test.
  func file(_ name: String, _ content: [UInt8]) throws -> String {
    try Data(content).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func content(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  func names(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file(folder)).sorted()
  }
}
