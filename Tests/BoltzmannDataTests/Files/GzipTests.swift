import BoltzmannData
import Testing

@Suite struct GzipTests {
  /// Python's gzip of "1,2\n3,4\n".
  let packed = bytes(hex: "1f8b08000000000002ff33d431e232d631e1020047936caf08000000")
  let content = Array("1,2\n3,4\n".utf8)
  /// Python's gzip of a thousand "0".
  let thousand = bytes(hex: "1f8b08000000000002ff33301805a360140c77000083995fa8e8030000")

  private func unpack(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [UInt8] {
    try FileBytes.uncompressed(bytes, limit: limit, path: "file")
  }

  @Test func unpacksByContent() throws {
    #expect(try unpack(packed) == content)
    #expect(try unpack(thousand) == [UInt8](repeating: 0x30, count: 1000))
    #expect(try unpack(content) == content)
    #expect(try unpack([]) == [])
  }

  @Test func unpacksFilesWhateverTheirName() throws {
    let folder = try TemporaryFolder()
    #expect(try FileBytes.readUncompressed(folder.file("table.txt", packed)) == content)
    #expect(try NumericTable.read(folder.file("table", packed)).values == .bytes([1, 2, 3, 4]))
  }

  @Test func unpacksManyMembersAndPadding() throws {
    #expect(
      try unpack(packed + thousand + packed) == content + [UInt8](repeating: 0x30, count: 1000) + content)
    #expect(try unpack(packed + [0, 0, 0]) == content)
    #expect(try unpack(gzipMember(storing: content) + gzipMember(storing: [])) == content)
  }

  @Test func unpacksMoreThanOneChunk() throws {
    let block = (0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let members = [[UInt8]](repeating: gzipMember(storing: block), count: 12)
    let blocks = [[UInt8]](repeating: block, count: 12)
    #expect(try unpack(Array(members.joined())) == Array(blocks.joined()))
  }

  @Test(arguments: [27, 19, 12, 10, 5, 2])
  func truncationIsNamed(length: Int) {
    let line = message { _ = try unpack(Array(packed[..<length])) }
    #expect(line == "file: byte \(length): gzip: truncated")
  }

  @Test func everyTruncationIsRefused() {
    for cut in HostileBytes.truncations(packed + thousand) where cut.count > 1 && cut.count != packed.count {
      #expect(message { _ = try unpack(cut) } != nil)
    }
  }

  @Test func everyFlippedBitOfTheDataIsRefused() {
    for place in 10..<packed.count {
      var damaged = packed
      damaged[place] ^= 1
      #expect(message { _ = try unpack(damaged) } != nil)
    }
  }

  @Test func otherBytesAfterTheDataAreRefused() {
    for rest in [[1], [0x1f], [0, 0, 7], Array("more".utf8)] as [[UInt8]] {
      #expect(message { _ = try unpack(packed + rest) } != nil)
    }
  }

  @Test func growthIsBounded() {
    #expect(message { _ = try unpack(thousand, limit: 1000) } == nil)
    #expect(message { _ = try unpack(thousand, limit: 999) }?.contains("more than 999 bytes") == true)
  }

  /// The trailer promises 4 GB; only as much memory is used as there are data.
  @Test func aLyingSizeIsRefused() {
    let lying = Array(packed.dropLast(4)) + [0xff, 0xff, 0xff, 0xff]
    #expect(message { _ = try unpack(lying) }?.contains("damaged") == true)
  }

  @Test func mutationsNeverTrap() {
    let valid = packed + gzipMember(storing: content) + thousand
    for damaged in HostileBytes.mutations(valid, count: 2000, seed: 1) {
      _ = surviving("file") { try unpack(damaged) }
    }
  }
}
