import BoltzmannData
import Testing

/// SplitMix64 (Steele, Lea & Flood 2014), so that every run mutates alike.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Damaged copies of a valid file.
enum HostileBytes {
  /// Every proper prefix.
  static func truncations(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.indices.map { Array(bytes[..<$0]) }
  }

  /// Copies with one to four random edits each.
  static func mutations(_ bytes: [UInt8], count: Int, seed: UInt64) -> [[UInt8]] {
    var random = SplitMix(state: seed)
    return (0..<count).map { _ in
      var copy = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) { edit(&copy, &random) }
      return copy
    }
  }

  /// Bytes that mean something in one of the formats.
  private static let telling: [UInt8] = [0, 1, 0x7f, 0x80, 0xff] + Array("-9.e,;\t\n\r\"'{}[]():".utf8)

  private static func edit(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    guard let place = bytes.indices.randomElement(using: &random) else { return }
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[place] = telling.randomElement(using: &random) ?? 0
    case 2: bytes.removeSubrange(place..<min(place + 9, bytes.count))
    case 3: bytes.insert(contentsOf: bytes[place..<min(place + 9, bytes.count)], at: place)
    default: bytes[place] = UInt8.random(in: 0...255, using: &random)
    }
  }
}

/// Runs a reader that may refuse its input, but only by a `DataError` of one line about `path`.
///
/// Returns nil if the input was refused.
func surviving<Result>(_ path: String, _ read: () throws -> Result) -> Result? {
  do {
    return try read()
  } catch let error as DataError {
    let line = error.description
    if !line.hasPrefix(path) || line.contains(where: \.isNewline) { Issue.record("bad message: \(line)") }
  } catch {
    Issue.record("not a DataError: \(error)")
  }
  return nil
}

/// What `surviving` does, and what every table must satisfy.
func survivingTable(_ bytes: [UInt8]) -> NumericTable? {
  let table = surviving("file") { try NumericTable.decode(bytes, path: "file") }
  guard let table else { return nil }
  let isWhole = table.rows > 0 && table.values.count == table.rows * table.columns
  let isNamed = table.names.map { $0.count == table.columns } ?? true
  let isShaped = table.itemShape.map { $0.reduce(1, *) == table.columns } ?? true
  let isFinite = (0..<table.values.count).allSatisfy { table.values[$0].isFinite }
  if !(isWhole && isNamed && isShaped && isFinite) { Issue.record("inconsistent table from \(bytes)") }
  return table
}

/// The error's line, or nil if nothing was thrown.
func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

/// The line of the error that decoding these bytes as `file` gives.
func tableError(_ bytes: [UInt8]) -> String? {
  message { _ = try NumericTable.decode(bytes, path: "file") }
}

func tableError(_ text: String) -> String? {
  tableError(Array(text.utf8))
}
