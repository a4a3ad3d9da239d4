internal import CBoltzmannZlib

/// The checksum by which data are known again.
package enum CRC32 {
  /// CRC-32 of bytes as they lie in memory, in hexadecimal digits.
  package static func digits(of bytes: UnsafeRawBufferPointer) -> String {
    let chunk = 1 << 30
    let sum = stride(from: 0, to: bytes.count, by: chunk).reduce(UInt(crc32(0, nil, 0))) { sum, begin in
      let part = UnsafeRawBufferPointer(rebasing: bytes[begin..<min(begin + chunk, bytes.count)])
      return UInt(crc32(uLong(sum), part.bindMemory(to: UInt8.self).baseAddress, uInt(part.count)))
    }
    return String(sum, radix: 16)
  }
}
