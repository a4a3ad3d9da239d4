internal import BoltzmannData
internal import Foundation

/// Where the tool's words go: results to standard output, all else to standard error.
enum Console {
  /// A note that cannot be written does not stop the work.
  static func note(_ line: String) { noteWithoutNewline(line + "\n") }

  static func noteWithoutNewline(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Throws `DataError` of `writeFailed`, as on a full disk.
  static func result(_ line: String) throws {
    var rest = Array((line + "\n").utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        let reason = String(cString: strerror(errno))
        throw DataError(path: "standard output", message: reason, category: .writeFailed)
      }
    }
  }

  static func result(_ json: JSONValue) throws { try result("\(json)") }

  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Two columns, the first as wide as its widest entry.
func table(_ rows: [(String, String)]) -> String {
  let width = rows.map(\.0.count).max() ?? 0
  return rows.map { name, value in
    name + String(repeating: " ", count: width - name.count + 2) + value
  }.joined(separator: "\n")
}

/// Lines of columns: the first one flush left, the others flush right.
func aligned(_ lines: [[String]]) -> String {
  let widths = (lines.first ?? []).indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
  return lines.map { line in
    line.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - line[column].count)
      return column == 0 ? line[column] + space : space + line[column]
    }.joined(separator: "  ")
  }.joined(separator: "\n")
}

/// A number for people: `digits` after the point, an exponent where it is huge; `–` where there is none.
func formatted(_ value: Double?, _ digits: Int = 3) -> String {
  guard let value, !value.isNaN else { return "–" }
  guard value.isFinite else { return value < 0 ? "−∞" : "∞" }
  return String(format: abs(value) < 1e9 ? "%.\(digits)f" : "%.\(digits)e", value)
}
