import Foundation

/// An open file to which bytes are appended.
public struct FileWriter: ~Copyable {
  private let file: FileDescriptor
  private let path: String

  /// `path` is named in errors: the file itself may have a temporary name.
  init(_ file: consuming FileDescriptor, path: String) {
    self.file = file
    self.path = path
  }

  /// Opens a file or device.
  init(opening path: String, _ flags: Int32) throws(DataError) {
    do {
      self.init(try FileDescriptor(opening: path, flags, mode: 0o666), path: path)
    } catch {
      throw error.whenCreating(path)
    }
  }

  /// Appends the memory of an array as it is, for numbers in the machine's byte order.
  ///
  /// - Throws: `DataError`, category `writeFailed`.
  public func write<Element: BitwiseCopyable>(_ elements: [Element]) throws {
    try elements.withUnsafeBytes { bytes in
      try reporting { () throws(SystemError) in try file.write(bytes) }
    }
  }

  func synchronize() throws(DataError) {
    try reporting { () throws(SystemError) in try file.synchronize() }
  }

  func setPermissions(_ permissions: mode_t) throws(DataError) {
    try reporting { () throws(SystemError) in try file.setMode(permissions) }
  }

  consuming func close() throws(DataError) {
    let path = self.path
    do {
      try file.close()
    } catch {
      throw DataError(path: path, message: error.message, category: .writeFailed)
    }
  }

  private func reporting(_ body: () throws(SystemError) -> Void) throws(DataError) {
    do {
      try body()
    } catch {
      throw DataError(path: path, message: error.message, category: .writeFailed)
    }
  }
}

/// A new file beside the one that it shall replace.
struct TemporaryFile: ~Copyable {
  let path: String
  let writer: FileWriter

  /// Creates the file, with the permissions of the one it replaces.
  static func create(replacing target: String) throws(DataError) -> TemporaryFile {
    let file = try unusedName(besides: target)
    if let mode = FileStatus.mode(of: target) { try file.writer.setPermissions(mode & 0o777) }
    return file
  }

  /// Tries names until one is free: two writers never share a file, and a stale one is not reused.
  private static func unusedName(besides target: String) throws(DataError) -> TemporaryFile {
    let prefix = "\(FileStatus.folder(of: target))/.boltzmann-\(getpid())-"
    var number = 0
    while true {
      let path = "\(prefix)\(number).tmp"
      do {
        let file = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        return TemporaryFile(path: path, writer: FileWriter(file, path: target))
      } catch {
        guard error.number == EEXIST else { throw error.whenCreating(target) }
        number += 1
      }
    }
  }

  consuming func move(to target: String) throws(DataError) {
    let path = self.path
    try writer.synchronize()
    try writer.close()
    guard rename(path, target) == 0 else {
      throw DataError(path: target, message: SystemError().message, category: .cannotCreate)
    }
  }
}

extension SystemError {
  /// A full or broken disk is a failure to write; all else means that the place is wrong.
  func whenCreating(_ path: String) -> DataError {
    let isDiskFailure = [ENOSPC, EDQUOT, EIO].contains(number)
    return DataError(path: path, message: message, category: isDiskFailure ? .writeFailed : .cannotCreate)
  }
}
