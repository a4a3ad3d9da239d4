import Foundation

/// Files with one JSON value a line.
public enum JSONLines {
  /// The text of all values, each ended by a line feed.
  public static func encode(_ values: [JSONValue]) -> [UInt8] {
    values.flatMap { Array("\($0)\n".utf8) }
  }

  /// Replaces a file in one step.
  ///
  /// - Throws: `DataError` as `AtomicFile.write` does.
  public static func write(_ values: [JSONValue], to path: String) throws {
    try AtomicFile.write(encode(values), to: path)
  }

  /// Adds a line to a file, which is created if need be, and waits until it is on the disk.
  ///
  /// - Throws: `DataError`: `cannotCreate` if the file cannot be opened, `writeFailed` if writing fails.
  public static func append(_ value: JSONValue, to path: String) throws {
    let file = try FileWriter(opening: path, O_WRONLY | O_CREAT | O_APPEND)
    try file.write(encode([value]))
    try file.synchronize()
    try file.close()
  }

  /// Reads all values.
  ///
  /// - Parameter allowsTornEnd: leaves out a last line without a line feed, as an interrupted `append` leaves it.
  /// - Throws: `DataError` with the line that is not JSON.
  public static func read(_ path: String, allowsTornEnd: Bool = false) throws -> [JSONValue] {
    var lines = try FileBytes.read(path).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let rest = lines.removeLast()
    if !rest.isEmpty && !allowsTornEnd { lines.append(rest) }
    return try lines.enumerated().map { try parse($1, line: $0 + 1, path: path) }
  }

  private static func parse(_ line: ArraySlice<UInt8>, line number: Int, path: String) throws -> JSONValue {
    do {
      return try JSONParser.parse(line)
    } catch let problem as JSONParser.Problem {
      throw DataError(path: path, location: .line(number), message: "JSON: \(problem.message)")
    }
  }
}
