extension JSONValue: CustomStringConvertible {
  /// The value as JSON in one line, keys sorted by their UTF-8 bytes.
  ///
  /// Numbers have the fewest digits that read back as the same `Double`; numbers that are not finite are null.
  public var description: String {
    var text = ""
    append(to: &text)
    return text
  }

  private func append(to text: inout String) {
    switch self {
    case .object(let members): Self.append(members, to: &text)
    case .array(let elements): Self.append(elements, to: &text)
    case .string(let string): Self.append(string, to: &text)
    case .integer(let number): text += String(number)
    case .number(let number): text += number.isFinite ? number.description : "null"
    case .bool(let value): text += value ? "true" : "false"
    case .null: text += "null"
    }
  }

  private static func append(_ members: [String: JSONValue], to text: inout String) {
    text += "{"
    for (index, key) in members.keys.sortedByBytes().enumerated() {
      if index > 0 { text += "," }
      append(key, to: &text)
      text += ":"
      members[key]?.append(to: &text)
    }
    text += "}"
  }

  private static func append(_ elements: [JSONValue], to text: inout String) {
    text += "["
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      element.append(to: &text)
    }
    text += "]"
  }

  private static func append(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars { append(scalar, to: &text) }
    text += "\""
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    case "\r": text += "\\r"
    case "\0"..<" ", "\u{7f}": text += "\\u" + hexadecimal(scalar.value)
    default: text.unicodeScalars.append(scalar)
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}

extension Sequence<String> {
  /// An order that does not depend on the Unicode version, unlike `<` of strings.
  func sortedByBytes() -> [String] {
    sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
