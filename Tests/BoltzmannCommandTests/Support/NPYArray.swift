/// An NPY file taken apart without the code under test: what NumPy would read.
struct NPYArray {
  let type: String
  let shape: [Int]
  let payload: ArraySlice<UInt8>

  /// Nil where the bytes are no NPY file of version 1 in C order.
  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0]) else { return nil }
    let end = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    let header = String(decoding: bytes[10..<end], as: UTF8.self)
    guard end % 64 == 0, header.contains("'fortran_order': False"),
      let type = NPYArray.text(in: header, after: "'descr': '", before: "'"),
      let shape = NPYArray.text(in: header, after: "'shape': (", before: ")")
    else { return nil }
    self.type = type
    self.shape = shape.split(separator: ",").compactMap { Int($0.filter { $0 != " " }) }
    payload = bytes[end...]
  }

  private static func text(in header: String, after begin: String, before end: Character) -> String? {
    header.firstRange(of: begin).map { String(header[$0.upperBound...].prefix { $0 != end }) }
  }

  func numbers<Number: BitwiseCopyable>(_: Number.Type) -> [Number] {
    payload.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<Number>.size)
        .map { bytes.loadUnaligned(fromByteOffset: $0, as: Number.self) }
    }
  }
}
