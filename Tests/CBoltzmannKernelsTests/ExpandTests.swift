import CBoltzmannKernels
import Testing

@Suite struct ExpandTests {
  @Test(arguments: InstructionSet.available, 0...70)
  func bitsComeLeastSignificantFirst(_ set: InstructionSet, _ count: Int) {
    let bytes: [UInt8] = [0xA7, 0x00, 0xFF, 0x01, 0x80, 0x5C, 0x36, 0xC9, 0x2D]
    var out = [Float](repeating: PaddedRows.margin, count: count + 9)
    set.kernels.expand_bits(bytes, &out, count)
    let expected: [Float] = (0..<count).map { bytes[$0 / 8] & 1 << ($0 % 8) == 0 ? 0 : 1 }
    #expect(Array(out[..<count]) == expected)
    #expect(out[count...].allSatisfy { $0 == PaddedRows.margin })
  }

  /// One rounded product each: the same Float as here.
  @Test(arguments: InstructionSet.available, [0, 1, 15, 16, 17, 33, 256])
  func bytesAreScaled(_ set: InstructionSet, _ count: Int) {
    let bytes = (0..<count).map { UInt8(255 - $0) }
    for scale in [1, Float(1) / 255, Float(1) / 16] {
      var out = [Float](repeating: PaddedRows.margin, count: count + 9)
      set.kernels.expand_bytes(bytes, scale, &out, count)
      #expect(Array(out[..<count]) == bytes.map { Float($0) * scale })
      #expect(out[count...].allSatisfy { $0 == PaddedRows.margin })
    }
  }
}
