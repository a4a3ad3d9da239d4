import Foundation

/// Whole files in memory.
public enum FileBytes {
  /// The most that is read or unpacked into memory: half of what the machine has.
  public static var defaultLimit: Int {
    Int(clamping: ProcessInfo.processInfo.physicalMemory / 2)
  }

  /// Reads a whole file, pipe or device as it is.
  ///
  /// - Throws: `DataError`: `missingInput` if it is missing, a folder or unreadable; `content` if it holds more
  ///   than `limit` bytes.
  public static func read(_ path: String, limit: Int = defaultLimit) throws -> [UInt8] {
    do {
      let file = try FileDescriptor(opening: path, O_RDONLY)
      let status = try file.status()
      if status.st_mode & S_IFMT == S_IFDIR { throw SystemError(EISDIR) }
      let expected = Int(status.st_size)
      if expected > limit { throw tooLarge(path, limit) }
      return try readToEnd(file, expected: expected, limit: limit, path: path)
    } catch let error as SystemError {
      throw DataError(path: path, message: error.message, category: .missingInput)
    }
  }

  /// Reads a whole file and unpacks it if its content is gzip, whatever its name.
  ///
  /// - Throws: as `read`; also `content` if the compressed data are damaged or unpack to more than `limit` bytes.
  public static func readUncompressed(_ path: String, limit: Int = defaultLimit) throws -> [UInt8] {
    try uncompressed(read(path, limit: limit), limit: limit, path: path)
  }

  /// Unpacks bytes if they are gzip; `path` is named in errors.
  ///
  /// - Throws: `DataError`, category `content`, if the compressed data are damaged or unpack to more than `limit`.
  public static func uncompressed(
    _ bytes: [UInt8], limit: Int = defaultLimit, path: String
  ) throws -> [UInt8] {
    Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, limit: limit, path: path) : bytes
  }

  /// `expected` is a hint only: it is 0 for pipes, and a file may grow or shrink while it is read.
  private static func readToEnd(
    _ file: borrowing FileDescriptor, expected: Int, limit: Int, path: String
  ) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expected)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 1)
    defer { chunk.deallocate() }
    while case let count = try file.read(into: chunk), count > 0 {
      if count > limit - bytes.count { throw tooLarge(path, limit) }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  private static func tooLarge(_ path: String, _ limit: Int) -> DataError {
    DataError(path: path, message: "holds more than the \(limit) bytes that are read into memory")
  }
}
