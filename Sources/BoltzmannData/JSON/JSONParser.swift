/// A strict parser of JSON (RFC 8259): no duplicate keys, no nesting beyond 100, no numbers beyond `Double`.
struct JSONParser {
  struct Problem: Error {
    /// Counts bytes from the start of the text.
    let offset: Int
    let message: String
  }

  private static let deepest = 100

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var depth = 0

  /// Parses a text that holds one value and nothing else.
  ///
  /// - Throws: `Problem`.
  static func parse(_ bytes: ArraySlice<UInt8>) throws -> JSONValue {
    var parser = JSONParser(bytes)
    let value = try parser.value()
    parser.skipSpaces()
    guard parser.next == nil else { throw parser.problem("text after the value") }
    return value
  }

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  private var next: UInt8? {
    position < bytes.endIndex ? bytes[position] : nil
  }

  private mutating func value() throws -> JSONValue {
    skipSpaces()
    switch next {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"): return try number()
    case let byte? where byte &- 0x30 <= 9: return try number()
    default: return try word()
    }
  }

  /// Recursion must not exhaust the stack.
  private mutating func nested(_ body: (inout JSONParser) throws -> JSONValue) throws -> JSONValue {
    guard depth < Self.deepest else { throw problem("nested too deeply") }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try body(&self)
  }

  private mutating func object() throws -> JSONValue {
    var members: [String: JSONValue] = [:]
    if consume("}") { return .object(members) }
    repeat {
      skipSpaces()
      let start = position
      let key = try string()
      try expect(":")
      guard members.updateValue(try value(), forKey: key) == nil else {
        throw Problem(offset: start - bytes.startIndex, message: "duplicate key \"\(key)\"")
      }
    } while consume(",")
    try expect("}")
    return .object(members)
  }

  private mutating func array() throws -> JSONValue {
    var elements: [JSONValue] = []
    if consume("]") { return .array(elements) }
    repeat {
      elements.append(try value())
    } while consume(",")
    try expect("]")
    return .array(elements)
  }

  private mutating func word() throws -> JSONValue {
    if consume("true") { return .bool(true) }
    if consume("false") { return .bool(false) }
    if consume("null") { return .null }
    throw problem(next == nil ? "the text ends too early" : "a value is expected")
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    let isWhole = try scanNumber()
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, text != "-0", let integer = Int(text) { return .integer(integer) }
    guard let double = Double(text), double.isFinite else { throw problem("the number is too large") }
    return .number(double)
  }

  /// True if there is neither a point nor an exponent.
  private mutating func scanNumber() throws -> Bool {
    _ = skip("-")
    if !skip("0") { try scanDigits() }
    var isWhole = true
    if skip(".") {
      isWhole = false
      try scanDigits()
    }
    if skip("e") || skip("E") {
      isWhole = false
      _ = skip("+") || skip("-")
      try scanDigits()
    }
    return isWhole
  }

  private mutating func scanDigits() throws {
    let start = position
    while let byte = next, byte &- 0x30 <= 9 { position += 1 }
    if position == start { throw problem("a digit is expected") }
  }

  private mutating func string() throws -> String {
    guard skip("\"") else { throw problem("a string is expected") }
    var content: [UInt8] = []
    while true {
      let start = position
      while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        position += 1
      }
      content += bytes[start..<position]
      if skip("\"") { break }
      guard skip("\\") else { throw problem("the string is not closed") }
      content += try escape().utf8
    }
    guard let text = String(validating: content, as: UTF8.self) else { throw problem("not UTF-8") }
    return text
  }

  private mutating func escape() throws -> String {
    guard let mark = next else { throw problem("the string is not closed") }
    position += 1
    switch mark {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "u"): return String(try unicodeEscape())
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(Unicode.Scalar(mark))
    default: throw problem("unknown escape")
    }
  }

  /// Characters beyond 16 bits are a pair of surrogates.
  private mutating func unicodeEscape() throws -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard skip("\\"), skip("u") else { throw problem("lone surrogate") }
    let pair = [first, try codeUnit()].map { UInt16($0) }
    guard let text = String(validating: pair, as: UTF16.self), let scalar = text.unicodeScalars.first else {
      throw problem("lone surrogate")
    }
    return scalar
  }

  private mutating func codeUnit() throws -> UInt32 {
    let digits = bytes[position...].prefix(4)
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, text.utf8.allSatisfy(isHexadecimal), let unit = UInt32(text, radix: 16) else {
      throw problem("four hexadecimal digits are expected")
    }
    position += 4
    return unit
  }

  private func isHexadecimal(_ byte: UInt8) -> Bool {
    byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 <= 5
  }

  private mutating func expect(_ token: String) throws {
    guard consume(token) else { throw problem("'\(token)' is expected") }
  }

  private mutating func consume(_ token: String) -> Bool {
    skipSpaces()
    return skip(token)
  }

  private mutating func skip(_ token: String) -> Bool {
    guard bytes[position...].starts(with: token.utf8) else { return false }
    position += token.utf8.count
    return true
  }

  private mutating func skipSpaces() {
    while let byte = next, byte == 0x20 || (0x09...0x0a).contains(byte) || byte == 0x0d { position += 1 }
  }

  private func problem(_ message: String) -> Problem {
    Problem(offset: position - bytes.startIndex, message: message)
  }
}

extension JSONValue {
  /// Parses the text of one value; `path` is named in errors.
  ///
  /// - Throws: `DataError` with the byte if the text is not JSON, or has duplicate keys.
  public static func parse(_ bytes: [UInt8], path: String) throws -> JSONValue {
    do {
      return try JSONParser.parse(bytes[...])
    } catch let problem as JSONParser.Problem {
      throw DataError(path: path, location: .byte(problem.offset), message: "JSON: \(problem.message)")
    }
  }

  /// Reads a file that holds one value.
  ///
  /// - Throws: `DataError` if the file cannot be read or is not JSON.
  public static func read(_ path: String) throws -> JSONValue {
    try parse(FileBytes.read(path), path: path)
  }

  /// Writes the value as one line, in one step.
  ///
  /// - Throws: `DataError` as `AtomicFile.write` does.
  public func write(to path: String) throws {
    try AtomicFile.write(Array("\(self)\n".utf8), to: path)
  }
}
