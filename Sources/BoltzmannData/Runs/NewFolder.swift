import Foundation

/// A folder that is filled under a temporary name beside its place, then takes that place in one step.
struct NewFolder {
  let path: String
  private let target: String

  init(replacing target: String) throws {
    self.target = target.count > 1 && target.hasSuffix("/") ? String(target.dropLast()) : target
    path = "\(self.target).new-\(getpid())"
    try? FileManager.default.removeItem(atPath: path)
    try makeFolder(path, for: target)
  }

  /// What was there before steps aside, and is deleted when the new folder stands.
  func takePlace() throws {
    let aside = "\(target).old-\(getpid())"
    let replaces = FileManager.default.fileExists(atPath: target)
    if replaces { try move(target, to: aside) }
    do {
      try move(path, to: target)
    } catch {
      if replaces { try move(aside, to: target) }
      throw error
    }
    if replaces { try? FileManager.default.removeItem(atPath: aside) }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  private func move(_ from: String, to: String) throws {
    guard rename(from, to) == 0 else {
      throw DataError(path: target, message: String(cString: strerror(errno)), category: .cannotCreate)
    }
  }
}

/// Makes a folder and those above it; `name` is how errors call it.
func makeFolder(_ path: String, for name: String? = nil) throws {
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    let reason = String(cString: strerror(errno))
    throw DataError(
      path: name ?? path, message: "cannot make this folder: \(reason)", category: .cannotCreate)
  }
}

/// Keeps a second process out of a run folder for as long as it lives; the system lets go if the process dies.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  package init(_ path: String) throws {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw DataError(path: path, message: String(cString: strerror(errno)), category: .missingInput)
    }
    // Where this throws, the destructor closes: all properties have their values.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isTaken = errno == EWOULDBLOCK
      throw DataError(
        path: path,
        message: isTaken ? "another process works in this folder" : String(cString: strerror(errno)),
        category: .cannotCreate)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
