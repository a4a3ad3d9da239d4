/// The header of an NPY file: a Python dictionary literal of exactly three entries.
///
/// ```
/// {'descr': '<f4', 'fortran_order': False, 'shape': (60000, 784), }
/// ```
struct NPYHeader {
  struct Problem: Error {
    let message: String
    init(_ message: String) { self.message = message }
  }

  let type: ArrayLayout.ElementType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]

  init(parsing text: ArraySlice<UInt8>) throws {
    var literal = PythonLiteral(text)
    let entries = try literal.dictionary()
    guard entries.count == 3 else { throw Problem("the header must have descr, fortran_order and shape") }
    (type, isBigEndian) = try Self.elementType(entries["descr"])
    guard case .boolean(let order) = entries["fortran_order"] else {
      throw Problem("fortran_order must be True or False")
    }
    guard case .tuple(let extents) = entries["shape"] else {
      throw Problem("the shape must be a tuple of whole numbers")
    }
    (isFortranOrder, shape) = (order, extents)
  }

  /// `<f4` is little-endian, `>f4` big-endian, `=f4` the machine's order; `|u1` has no order.
  private static func elementType(
    _ value: PythonLiteral.Value?
  ) throws -> (ArrayLayout.ElementType, isBigEndian: Bool) {
    guard case .string(let description) = value, let order = description.first else {
      throw Problem("descr must be one type of number, such as '<f4'")
    }
    let type = ArrayLayout.ElementType(rawValue: String(description.dropFirst()))
    guard let type, "<>=".contains(order) || (order == "|" && type.size == 1) else {
      throw Problem("numbers of type '\(description)'; u1, b1, i1, i2, i4, i8, f4 and f8 can be read")
    }
    return (type, order == ">")
  }
}

/// The few Python literals that occur in NPY headers.
struct PythonLiteral {
  enum Value: Equatable {
    case string(String)
    case boolean(Bool)
    case tuple([Int])
  }

  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  /// Reads `{'key': value, ...}` up to the end of the text.
  mutating func dictionary() throws -> [String: Value] {
    var entries: [String: Value] = [:]
    try expect("{")
    while !consume("}") {
      let key = try string()
      try expect(":")
      guard entries.updateValue(try value(), forKey: key) == nil else { throw malformed }
      if !consume(",") {
        try expect("}")
        break
      }
    }
    skipSpaces()
    guard rest.isEmpty else { throw malformed }
    return entries
  }

  private mutating func value() throws -> Value {
    if consume("True") { return .boolean(true) }
    if consume("False") { return .boolean(false) }
    if consume("(") { return .tuple(try extents()) }
    return .string(try string())
  }

  private mutating func extents() throws -> [Int] {
    var extents: [Int] = []
    while !consume(")") {
      extents.append(try integer())
      if !consume(",") {
        try expect(")")
        break
      }
    }
    return extents
  }

  /// Python 2 marked long integers by an L.
  private mutating func integer() throws -> Int {
    skipSpaces()
    let digits = rest.prefix { $0 == UInt8(ascii: "-") || isDigit($0) }
    rest = rest.dropFirst(digits.count)
    guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
      throw digits.isEmpty ? malformed : NPYHeader.Problem("an extent of the shape overflows")
    }
    _ = consume("L")
    return number
  }

  private mutating func string() throws -> String {
    skipSpaces()
    guard let quote = rest.popFirst(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw malformed
    }
    let content = rest.prefix { $0 != quote }
    rest = rest.dropFirst(content.count)
    guard rest.popFirst() == quote else { throw malformed }
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func expect(_ token: String) throws {
    if !consume(token) { throw malformed }
  }

  private mutating func consume(_ token: String) -> Bool {
    skipSpaces()
    guard rest.starts(with: token.utf8) else { return false }
    rest = rest.dropFirst(token.utf8.count)
    return true
  }

  private mutating func skipSpaces() {
    rest = rest.drop { $0 == 0x20 || (0x09...0x0d).contains($0) }
  }

  private var malformed: NPYHeader.Problem { NPYHeader.Problem("malformed header") }
}

private func isDigit(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte)
}
