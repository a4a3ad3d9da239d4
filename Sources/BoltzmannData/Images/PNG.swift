import CBoltzmannZlib

/// A grey picture, one byte a pixel (0 black, 255 white), row by row from the top.
public struct GrayImage: Equatable, Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// The grey values: `[height × width]`.
  public var pixels: [UInt8]

  /// A picture of `width · height` pixels.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture must have pixels")
    precondition(Checked.product([width, height]) == pixels.count, "there must be width × height pixels")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}

/// Portable Network Graphics (W3C, ISO/IEC 15948), 8-bit grey.
public enum PNG {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// The bytes of a PNG file.
  public static func encode(_ image: GrayImage) -> [UInt8] {
    let grey8Bits: [UInt8] = [8, 0, 0, 0, 0]
    let header = bigEndian(image.width) + bigEndian(image.height) + grey8Bits
    return signature + chunk("IHDR", header) + imageData(image) + chunk("IEND", [])
  }

  /// Writes a picture in one step.
  ///
  /// - Throws: `DataError` as `AtomicFile.write` does.
  public static func write(_ image: GrayImage, to path: String) throws {
    try AtomicFile.write(encode(image), to: path)
  }

  /// Parts of at most 2³⁰ bytes: a chunk counts in 31 bits.
  private static func imageData(_ image: GrayImage) -> [UInt8] {
    let packed = deflated(filteredRows(image))
    return stride(from: 0, to: packed.count, by: 1 << 30).flatMap { start in
      chunk("IDAT", Array(packed[start..<min(start + 1 << 30, packed.count)]))
    }
  }

  /// Each row starts with the number of its filter; 0 leaves the pixels as they are.
  private static func filteredRows(_ image: GrayImage) -> [UInt8] {
    (0..<image.height).flatMap { row in
      [0] + image.pixels[row * image.width..<(row + 1) * image.width]
    }
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    return bigEndian(content.count) + body + bigEndian(Int(crc32_z(0, body, body.count)))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(value).bigEndian, Array.init)
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    let bound = compressBound(uLong(bytes.count))
    return [UInt8](unsafeUninitializedCapacity: Int(bound)) { buffer, count in
      var size = bound
      let status = compress2(buffer.baseAddress, &size, bytes, uLong(bytes.count), Z_BEST_COMPRESSION)
      precondition(status == Z_OK, "zlib failed within its own bound")
      count = Int(size)
    }
  }
}
