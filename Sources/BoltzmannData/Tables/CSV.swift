/// Tables as text, comma-separated, one row a line.
public enum CSV {
  /// The text of a table, with a header if there are names.
  ///
  /// Numbers are written in the shortest form that reads back as the same `Float`; whole numbers without a point.
  public static func encode(_ values: NumericTable.Values, columns: Int, names: [String]? = nil) -> [UInt8] {
    precondition(columns > 0 && values.count % columns == 0, "the values must fill whole rows")
    precondition(names == nil || names?.count == columns, "there must be a name for each column")
    var text: [UInt8] = []
    if let names { append(line: names.map(quotedIfNeeded), to: &text) }
    for start in stride(from: 0, to: values.count, by: columns) {
      append(line: (start..<start + columns).map { number(values[$0]) }, to: &text)
    }
    return text
  }

  /// Writes a table in one step.
  ///
  /// - Throws: `DataError` as `AtomicFile.write` does.
  public static func write(
    _ values: NumericTable.Values, columns: Int, names: [String]? = nil, to path: String
  ) throws {
    try AtomicFile.write(encode(values, columns: columns, names: names), to: path)
  }

  private static func append(line fields: [String], to text: inout [UInt8]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text.append(contentsOf: field.utf8)
    }
    text.append(UInt8(ascii: "\n"))
  }

  /// Below 2²⁴ a whole `Float` is exactly the integer; zero keeps its sign as `-0.0`.
  private static func number(_ value: Float) -> String {
    let isWhole = value.rounded() == value && value.magnitude < 0x1p24
    return isWhole && !(value == 0 && value.sign == .minus) ? String(Int(value)) : value.description
  }

  private static func quotedIfNeeded(_ name: String) -> String {
    let line = String(name.map { $0.isNewline ? " " : $0 })
    let needsQuotes = line.contains { ",;\t\"".contains($0) }
    return needsQuotes ? "\"" + line.flatMap { $0 == "\"" ? "\"\"" : String($0) } + "\"" : line
  }
}
