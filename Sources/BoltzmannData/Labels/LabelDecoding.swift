// Labels are read exactly, not by way of Float as data are: a class may have any number up to 2⁵³.

extension Labels {
  /// From a binary array of one column.
  init(array bytes: [UInt8], _ layout: ArrayLayout, path: String) throws {
    try layout.validate(fileSize: bytes.count, path: path)
    guard layout.columns == 1 else {
      throw DataError(path: path, message: "\(layout.description): labels are one column")
    }
    let numbers = try (0..<layout.rows).map { row in
      try Labels.label(layout.number(row, bytes), row: row, path: path)
    }
    self.init(numbers: numbers, source: path)
  }

  /// From text, one label a line; a first line that is no number is a header.
  init(text bytes: [UInt8], path: String) throws {
    var cursor = TextCursor(bytes), numbers: [Int?] = [], hasHeader = false
    while !cursor.isAtEnd {
      let row = numbers.count
      guard let field = cursor.scanField(), !cursor.skipDelimiter() else {
        throw Labels.problem("expected one label a line", row: row, path: path)
      }
      cursor.skipLineEnd()
      let text = String(decoding: field, as: UTF8.self)
      if row == 0 && !hasHeader && !text.isEmpty && Double(text) == nil {
        hasHeader = true
      } else {
        numbers.append(try Labels.label(text, row: row, path: path))
      }
    }
    guard !numbers.isEmpty else { throw DataError(path: path, message: "holds no labels") }
    self.init(numbers: numbers, source: path)
  }

  private static func label(_ text: String, row: Int, path: String) throws -> Int? {
    if text.isEmpty { return nil }
    guard let number = Double(text) else {
      let excerpt = "'\(text.prefix(40))'\(text.count > 40 ? "…" : "")"
      throw problem("\(excerpt) is no whole number", row: row, path: path)
    }
    return try label(number, row: row, path: path)
  }

  private static func label(_ number: Double, row: Int, path: String) throws -> Int? {
    if number.isNaN || number == -1 { return nil }
    guard number >= 0, number <= 0x1p53, let label = Int(exactly: number) else {
      throw problem(
        "\(number) is no class: a whole number from 0 on, −1 where it is missing", row: row, path: path)
    }
    return label
  }
}

extension ArrayLayout {
  /// One number of an array in `Double`, which is exact up to 2⁵³.
  fileprivate func number(_ index: Int, _ bytes: [UInt8]) -> Double {
    func bits<Bits: FixedWidthInteger & BitwiseCopyable>(_: Bits.Type) -> Bits {
      let raw = bytes.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: offset + index * type.size, as: Bits.self)
      }
      return Bits(bigEndian: isBigEndian, bits: raw)
    }
    return switch type {
    case .uint8, .bool: Double(bits(UInt8.self))
    case .int8: Double(bits(Int8.self))
    case .int16: Double(bits(Int16.self))
    case .int32: Double(bits(Int32.self))
    case .int64: Double(bits(Int64.self))
    case .float32: Double(Float(bitPattern: bits(UInt32.self)))
    case .float64: Double(bitPattern: bits(UInt64.self))
    }
  }
}
