import CBoltzmannZlib

/// Gzip files (RFC 1952), of one member or many.
enum Gzip {
  private static let magic: [UInt8] = [0x1f, 0x8b]

  static func isCompressed(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: magic)
  }

  /// Unpacks all members, stopping before the result exceeds `limit` bytes.
  ///
  /// Zeros after the last member are padding, as for `gzip` itself; anything else is refused.
  ///
  /// - Throws: `DataError` if the stream is truncated, damaged, followed by other bytes or too large.
  static func decompress(_ bytes: [UInt8], limit: Int, path: String) throws -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(min(expectedSize(bytes), limit))
    do {
      try bytes.withUnsafeBytes { input in
        var stream = try InflateStream(input)
        repeat {
          try stream.inflateMember(into: &output, limit: limit)
        } while try stream.nextMember(magic)
      }
    } catch let problem as InflateStream.Problem {
      throw DataError(
        path: path, location: .byte(problem.offset), message: "gzip: \(problem.message)")
    }
    return output
  }

  /// The size in the trailer, unless deflate's highest ratio (1032) shows it to be a lie.
  private static func expectedSize(_ bytes: [UInt8]) -> Int {
    let size = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    return size <= bytes.count.multipliedReportingOverflow(by: 1032).partialValue ? size : 0
  }
}

/// A zlib stream over gzip members that lie one after another in memory.
private struct InflateStream: ~Copyable {
  struct Problem: Error {
    let offset: Int
    let message: String
  }

  // zlib's state points back to the z_stream, which must therefore never move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
  private let input: UnsafeRawBufferPointer
  /// How much of `input` has been handed to zlib; `avail_in` of it is unused so far.
  private var handed = 0

  init(_ input: UnsafeRawBufferPointer) throws {
    self.input = input
    stream.initialize(to: z_stream())
    let gzipOnly = MAX_WBITS + 16
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, gzipOnly, ZLIB_VERSION, size) == Z_OK else {
      throw Problem(offset: 0, message: "zlib cannot start")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    chunk.deallocate()
  }

  private var position: Int { handed - Int(stream.pointee.avail_in) }

  mutating func inflateMember(into output: inout [UInt8], limit: Int) throws {
    var status = Z_OK
    while status != Z_STREAM_END {
      refill()
      stream.pointee.next_out = chunk.baseAddress
      stream.pointee.avail_out = UInt32(chunk.count)
      status = inflate(stream, Z_NO_FLUSH)
      try check(status)
      let produced = chunk.count - Int(stream.pointee.avail_out)
      guard produced <= limit - output.count else {
        throw Problem(offset: position, message: "unpacks to more than \(limit) bytes")
      }
      output.append(contentsOf: chunk[..<produced])
    }
  }

  /// True if another member follows; zeros to the end are padding.
  mutating func nextMember(_ magic: [UInt8]) throws -> Bool {
    let rest = input[position...]
    if rest.allSatisfy({ $0 == 0 }) { return false }
    guard rest.starts(with: magic), inflateReset(stream) == Z_OK else {
      throw Problem(offset: position, message: "other bytes follow the compressed data")
    }
    return true
  }

  /// zlib counts in 32 bits, so large inputs are handed over in parts.
  private mutating func refill() {
    guard stream.pointee.avail_in == 0, handed < input.count else { return }
    let part = input[handed...].prefix(1 << 30)
    let start = UnsafeRawBufferPointer(rebasing: part).bindMemory(to: UInt8.self).baseAddress
    stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
    stream.pointee.avail_in = UInt32(part.count)
    handed += part.count
  }

  private func check(_ status: Int32) throws {
    switch status {
    case Z_OK, Z_STREAM_END: return
    case Z_BUF_ERROR: throw Problem(offset: position, message: "truncated")
    case Z_MEM_ERROR: throw Problem(offset: position, message: "not enough memory")
    default: throw Problem(offset: position, message: "damaged" + detail)
    }
  }

  private var detail: String {
    stream.pointee.msg.map { " (\(String(cString: $0)))" } ?? ""
  }
}
