internal import BoltzmannData
internal import Foundation

/// Where the tool's words go: results to standard output, all else to standard error.
enum Console {
  static func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

  static func result(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  static func result(_ json: JSONValue) { result("\(json)") }

  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Two columns, the first as wide as its widest entry.
func table(_ rows: [(String, String)]) -> String {
  let width = rows.map(\.0.count).max() ?? 0
  return rows.map { name, value in
    name + String(repeating: " ", count: width - name.count + 2) + value
  }.joined(separator: "\n")
}

/// A number for people: `digits` after the point; `–` where there is none.
func formatted(_ value: Double?, _ digits: Int = 3) -> String {
  guard let value else { return "–" }
  return value.isFinite ? String(format: "%.\(digits)f", value) : (value < 0 ? "−∞" : "∞")
}
