/// The format of the MNIST files (LeCun, Cortes & Burges, yann.lecun.com/exdb/mnist).
///
/// Two zero bytes, a type byte, the number of dimensions, each extent as 32 big-endian bits, then the numbers,
/// big-endian, last index fastest.
enum IDX {
  private static let types: [UInt8: ArrayLayout.ElementType] = [
    0x08: .uint8, 0x09: .int8, 0x0b: .int16, 0x0c: .int32, 0x0d: .float32, 0x0e: .float64,
  ]

  static func isRecognised(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && types[bytes[2]] != nil
  }

  /// Reads a list (as one column), a matrix, or images flattened to rows.
  ///
  /// - Throws: `DataError` if there are other dimensions or the sizes do not fit the file.
  static func decode(_ bytes: consuming [UInt8], path: String) throws -> NumericTable {
    let layout = try layout(bytes, path: path)
    return try NumericTable(decoding: bytes, layout, path: path)
  }

  static func layout(_ bytes: [UInt8], path: String) throws -> ArrayLayout {
    let dimensions = Int(bytes[3])
    guard (1...3).contains(dimensions), let type = types[bytes[2]] else {
      throw DataError(path: path, message: "IDX with \(dimensions) dimensions; 1, 2 or 3 can be read")
    }
    let offset = 4 + 4 * dimensions
    guard bytes.count >= offset else { throw DataError(path: path, message: "IDX: truncated header") }
    let shape = stride(from: 4, to: offset, by: 4).map { start in
      bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    return ArrayLayout(format: "IDX", type: type, isBigEndian: true, shape: shape, offset: offset)
  }
}
