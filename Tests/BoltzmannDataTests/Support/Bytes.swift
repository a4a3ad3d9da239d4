/// Bytes written as hexadecimal digits.
func bytes(hex text: String) -> [UInt8] {
  let digits = text.compactMap(\.hexDigitValue).map { UInt8($0) }
  return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func bigEndian(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

func littleEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian, Array.init)
}

/// The cyclic redundancy check of PNG and gzip, bit by bit as its definition says (ISO 3309).
func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
  ~bytes.reduce(UInt32.max) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { bits, _ in bits >> 1 ^ (bits & 1 == 1 ? 0xedb8_8320 : 0) }
  }
}

/// A gzip member around a deflate stream that unpacks to `content`.
func gzipMember(deflate: some Sequence<UInt8>, content: [UInt8]) -> [UInt8] {
  bytes(hex: "1f8b0800000000000003") + deflate + littleEndian(crc32(content))
    + littleEndian(UInt32(content.count))
}

/// A gzip member that stores its content as it is.
func gzipMember(storing content: [UInt8]) -> [UInt8] {
  let size = UInt16(content.count)
  return gzipMember(deflate: [1] + littleEndian(size) + littleEndian(~size) + content, content: content)
}
