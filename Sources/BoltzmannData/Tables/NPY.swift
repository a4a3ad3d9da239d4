/// The array format of NumPy (NEP 1; numpy.lib.format), versions 1, 2 and 3.
public enum NPY {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  static func isRecognised(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: magic)
  }

  /// Reads a matrix, or images flattened to rows.
  ///
  /// - Throws: `DataError` if there are other dimensions or the sizes do not fit the file.
  static func decode(_ bytes: consuming [UInt8], path: String) throws -> NumericTable {
    let layout = try layout(bytes, path: path)
    return try NumericTable(decoding: bytes, layout, path: path)
  }

  static func layout(
    _ bytes: [UInt8], path: String, dimensions: ClosedRange<Int> = 2...3
  ) throws -> ArrayLayout {
    do {
      let extent = try headerExtent(bytes)
      let header = try NPYHeader(parsing: bytes[extent])
      guard dimensions.contains(header.shape.count) else {
        let expected = dimensions.contains(1) ? "a list" : "a matrix or a list of images"
        throw NPYHeader.Problem("\(header.shape.count) dimensions; \(expected) is expected")
      }
      return ArrayLayout(
        format: "NPY", type: header.type, isBigEndian: header.isBigEndian,
        isFortranOrder: header.isFortranOrder, shape: header.shape, offset: extent.upperBound)
    } catch let problem as NPYHeader.Problem {
      throw DataError(path: path, message: "NPY: \(problem.message)")
    }
  }

  /// Version 1 counts the header's bytes in 16 bits, versions 2 and 3 in 32, little-endian.
  private static func headerExtent(_ bytes: [UInt8]) throws -> Range<Int> {
    guard bytes.count >= 12 else { throw NPYHeader.Problem("truncated header") }
    guard (1...3).contains(bytes[6]) else { throw NPYHeader.Problem("unknown version \(bytes[6])") }
    let start = bytes[6] == 1 ? 10 : 12
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start else { throw NPYHeader.Problem("truncated header") }
    return start..<start + length
  }
}

/// A type of number that can be written to NPY files.
public protocol NPYElement: BitwiseCopyable, Sendable {
  /// NumPy's name of the type in this machine's byte order, for example `<f4`.
  static var npyDescription: String { get }
}

extension Float: NPYElement {
  /// Little-endian, 32 bits.
  public static var npyDescription: String { "<f4" }
}

extension Double: NPYElement {
  /// Little-endian, 64 bits.
  public static var npyDescription: String { "<f8" }
}

extension UInt8: NPYElement {
  /// Unsigned bytes.
  public static var npyDescription: String { "|u1" }
}

extension NPY {
  /// The bytes that `numpy.save` writes for a C-ordered array of this shape.
  public static func encode<Element: NPYElement>(_ values: [Element], shape: [Int]) -> [UInt8] {
    header(Element.self, shape, count: values.count) + values.withUnsafeBytes(Array.init)
  }

  /// Writes an array of this shape, last index fastest, in one step.
  ///
  /// - Throws: `DataError` as `AtomicFile.write` does.
  public static func write<Element: NPYElement>(_ values: [Element], shape: [Int], to path: String) throws {
    let header = header(Element.self, shape, count: values.count)
    try AtomicFile.write(to: path) { file in
      try file.write(header)
      try file.write(values)
    }
  }

  /// Padded with spaces so that the numbers start at a multiple of 64 bytes.
  private static func header<Element: NPYElement>(_: Element.Type, _ shape: [Int], count: Int) -> [UInt8] {
    precondition(Checked.product(shape) == count, "the shape must multiply up to the number of values")
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text =
      "{'descr': '\(Element.npyDescription)', 'fortran_order': False, 'shape': (\(extents)), }"
    let size = (magic.count + 4 + text.utf8.count + 1 + 63) / 64 * 64
    let length = size - magic.count - 4
    let padding = String(repeating: " ", count: length - text.utf8.count - 1)
    let prefix = magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)]
    return prefix + Array((text + padding + "\n").utf8)
  }
}
