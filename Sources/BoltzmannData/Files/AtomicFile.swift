import Foundation

/// Files that are replaced whole or not at all.
public enum AtomicFile {
  /// Writes bytes to a file in one step: readers see the old content or the new, never a part.
  ///
  /// The bytes go to a temporary file in the same folder; then fsync, rename, fsync of the folder. Whatever
  /// fails before the rename, the old file stays as it was and no temporary file is left. A symbolic link is
  /// followed; devices and pipes are written directly.
  ///
  /// - Throws: `DataError`: `cannotCreate` if there is no place to write to, `writeFailed` if writing fails.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try write(to: path) { try $0.write(bytes) }
  }

  /// Writes what `body` hands to the writer, in one step like `write(_:to:)`.
  ///
  /// - Throws: `DataError` like `write(_:to:)`, and what `body` throws; the old file then stays.
  public static func write(to path: String, _ body: (borrowing FileWriter) throws -> Void) throws {
    let target = FileStatus.resolvingLink(path)
    switch FileStatus.kind(of: target) {
    case S_IFREG, nil:
      try replace(target, body)
    case S_IFDIR:
      throw DataError(path: path, message: SystemError(EISDIR).message, category: .cannotCreate)
    default:
      // A rename would put a file in the place of the device.
      try body(FileWriter(opening: target, O_WRONLY))
    }
  }

  private static func replace(_ path: String, _ body: (borrowing FileWriter) throws -> Void) throws {
    let temporary = try TemporaryFile.create(replacing: path)
    let temporaryPath = temporary.path
    do {
      try body(temporary.writer)
      try temporary.move(to: path)
    } catch {
      unlink(temporaryPath)
      throw error
    }
    try synchronizeFolder(of: path)
  }

  /// Makes the rename itself survive a crash.
  private static func synchronizeFolder(of path: String) throws {
    do {
      let folder = try FileDescriptor(opening: FileStatus.folder(of: path), O_RDONLY | O_DIRECTORY)
      try folder.synchronize()
    } catch {
      // Some file systems keep their folders in step by themselves and refuse the call; a folder that may be
      // written but not read cannot be opened. Either way the new file is in place.
      if [EINVAL, EACCES].contains(error.number) { return }
      throw DataError(path: path, message: error.message, category: .writeFailed)
    }
  }
}

/// What the file system says of a path, following links.
enum FileStatus {
  static func mode(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode : nil
  }

  static func kind(of path: String) -> mode_t? {
    mode(of: path).map { $0 & S_IFMT }
  }

  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path itself if nothing is there yet.
  static func resolvingLink(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
