extension NumericTable {
  /// Turns the numbers of an array file into a table.
  ///
  /// Unsigned bytes and booleans are moved to the front of `bytes`, not copied.
  ///
  /// - Throws: `DataError` if the shape does not fit the file or a number is not finite.
  init(decoding bytes: consuming [UInt8], _ layout: ArrayLayout, path: String) throws {
    try layout.validate(fileSize: bytes.count, path: path)
    bytes.removeFirst(layout.offset)
    if layout.isFortranOrder { bytes = FortranOrder.rowMajor(bytes, layout) }
    self.init(
      columns: layout.columns, values: try Self.values(bytes, layout, path: path),
      itemShape: layout.itemShape, source: path, format: layout.description)
  }

  private static func values(
    _ bytes: consuming [UInt8], _ layout: ArrayLayout, path: String
  ) throws -> Values {
    switch layout.type {
    case .uint8: return .bytes(bytes)
    case .bool: return .bytes(try booleans(bytes, layout, path: path))
    default:
      let floats = floats(bytes, layout)
      try requireFinite(floats, columns: layout.columns, path: path)
      return Values(compacting: floats)
    }
  }

  private static func booleans(
    _ bytes: consuming [UInt8], _ layout: ArrayLayout, path: String
  ) throws -> [UInt8] {
    guard let index = bytes.firstIndex(where: { $0 > 1 }) else { return bytes }
    throw entryError(index, layout.columns, path, "the boolean is \(bytes[index]), not 0 or 1")
  }

  private static func floats(_ bytes: [UInt8], _ layout: ArrayLayout) -> [Float] {
    let big = layout.isBigEndian
    switch layout.type {
    case .uint8, .bool: return bytes.map { Float($0) }
    case .int8: return bytes.map { Float(Int8(bitPattern: $0)) }
    case .int16: return convert(bytes) { Float(Int16(bigEndian: big, bits: $0)) }
    case .int32: return convert(bytes) { Float(Int32(bigEndian: big, bits: $0)) }
    case .int64: return convert(bytes) { Float(Int64(bigEndian: big, bits: $0)) }
    case .float32: return convert(bytes) { Float(bitPattern: UInt32(bigEndian: big, bits: $0)) }
    case .float64: return convert(bytes) { Float(Double(bitPattern: UInt64(bigEndian: big, bits: $0))) }
    }
  }

  private static func convert<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8], _ number: (Bits) -> Float
  ) -> [Float] {
    let size = MemoryLayout<Bits>.size
    return bytes.withUnsafeBytes { source in
      (0..<bytes.count / size).map {
        number(source.loadUnaligned(fromByteOffset: $0 * size, as: Bits.self))
      }
    }
  }

  private static func requireFinite(_ floats: [Float], columns: Int, path: String) throws {
    guard let index = floats.firstIndex(where: { !$0.isFinite }) else { return }
    throw entryError(index, columns, path, "\(floats[index]) is not a finite number (32 bits)")
  }

  private static func entryError(_ index: Int, _ columns: Int, _ path: String, _ text: String) -> DataError {
    let location = DataError.Location.entry(row: index / columns + 1, column: index % columns + 1)
    return DataError(path: path, location: location, message: text)
  }
}

extension FixedWidthInteger {
  /// Reads raw bits in either byte order.
  init(bigEndian: Bool, bits: Self) {
    self = bigEndian ? Self(bigEndian: bits) : Self(littleEndian: bits)
  }
}
