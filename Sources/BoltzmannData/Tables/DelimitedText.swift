/// Numbers in text: one sample a line, separated by commas, tabs or semicolons.
struct DelimitedText {
  private var text: TextCursor
  private let path: String
  private var values: DelimitedValues
  private var columns: Int?

  /// Reads a CSV or TSV file.
  ///
  /// The separator is what the first line holds: a tab, else a semicolon, else a comma. A first line in which
  /// nothing is a number is a header. Byte order mark, CRLF, spaces and quotes around numbers, and blank lines at
  /// the end are tolerated.
  ///
  /// - Throws: `DataError` with the line if a row has another number of columns or a field is not a finite number.
  static func decode(_ bytes: consuming [UInt8], path: String) throws -> NumericTable {
    var reader = DelimitedText(bytes, path: path)
    let names = try reader.readHeader()
    try reader.readRows()
    return try reader.table(names)
  }

  private init(_ bytes: consuming [UInt8], path: String) {
    self.path = path
    text = TextCursor(bytes)
    values = DelimitedValues()
  }

  private mutating func readHeader() throws -> [String]? {
    let start = text
    let names = try readNames()
    let isHeader = Self.isHeader(names)
    if isHeader { columns = names.count } else { text = start }
    values.reserve(text.largestCount(columns: names.count))
    return isHeader ? names : nil
  }

  private static func isHeader(_ fields: [String]) -> Bool {
    fields.contains { !$0.isEmpty }
      && fields.allSatisfy { DecimalNumber(parsing: Array($0.utf8)[...]) == .notANumber }
  }

  private mutating func readNames() throws -> [String] {
    var names: [String] = []
    repeat {
      names.append(String(decoding: try readField(names.count), as: UTF8.self))
    } while text.skipDelimiter()
    text.skipLineEnd()
    return names
  }

  private mutating func readRows() throws {
    while !text.isAtEnd {
      if text.isAtBlankLine { return try requireBlankRest() }
      try readRow()
    }
  }

  private mutating func readRow() throws {
    var count = 0
    repeat {
      if let byte = text.scanByte() {
        values.append(byte)
      } else {
        values.append(try readNumber(count))
      }
      count += 1
    } while text.skipDelimiter()
    try checkWidth(count)
    text.skipLineEnd()
  }

  private mutating func checkWidth(_ count: Int) throws {
    if let columns, columns != count {
      throw problem("expected \(columns) columns, found \(count)", .line(text.line))
    }
    columns = count
  }

  private mutating func readNumber(_ column: Int) throws -> Float {
    let field = try readField(column)
    switch DecimalNumber(parsing: field) {
    case .finite(let value): return value
    case .notFinite: throw problem("\(excerpt(field)) is not a finite number (32 bits)", location(column))
    case .notANumber where field.isEmpty: throw problem("a number is missing", location(column))
    case .notANumber: throw problem("\(excerpt(field)) is not a number", location(column))
    }
  }

  private mutating func readField(_ column: Int) throws -> ArraySlice<UInt8> {
    guard let field = text.scanField() else { throw problem("misplaced quote", location(column)) }
    return field
  }

  private mutating func requireBlankRest() throws {
    let line = text.line
    while text.isAtBlankLine && !text.isAtEnd { text.skipBlankLine() }
    if !text.isAtEnd { throw problem("the line is blank", .line(line)) }
  }

  private func table(_ names: [String]?) throws -> NumericTable {
    guard let columns, values.count > 0 else {
      throw DataError(path: path, message: "no numbers separated by commas, tabs or semicolons")
    }
    return NumericTable(
      columns: columns, values: values.compacted, names: names, source: path,
      format: "\(text.formatName) (\(values.count / columns), \(columns))")
  }

  private func location(_ column: Int) -> DataError.Location {
    .field(line: text.line, column: column + 1)
  }

  private func problem(_ message: String, _ location: DataError.Location) -> DataError {
    DataError(path: path, location: location, message: message)
  }

  private func excerpt(_ field: ArraySlice<UInt8>) -> String {
    "'\(String(decoding: field.prefix(40), as: UTF8.self))'\(field.count > 40 ? "…" : "")"
  }
}

/// Bytes for as long as all numbers are whole and at most 255, floats from the first other one on.
private struct DelimitedValues {
  private var bytes: [UInt8] = []
  private var floats: [Float] = []
  private var isBytes = true
  private var capacity = 0

  var count: Int { isBytes ? bytes.count : floats.count }

  var compacted: NumericTable.Values {
    isBytes ? .bytes(bytes) : NumericTable.Values(compacting: floats)
  }

  mutating func reserve(_ capacity: Int) {
    self.capacity = capacity
    bytes.reserveCapacity(capacity)
  }

  mutating func append(_ byte: UInt8) {
    if isBytes { bytes.append(byte) } else { floats.append(Float(byte)) }
  }

  mutating func append(_ value: Float) {
    if isBytes { widen() }
    floats.append(value)
  }

  private mutating func widen() {
    floats.reserveCapacity(capacity)
    floats.append(contentsOf: bytes.lazy.map { Float($0) })
    bytes = []
    isBytes = false
  }
}
