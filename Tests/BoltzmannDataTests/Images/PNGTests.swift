import BoltzmannData
import Testing

@Suite struct PNGTests {
  struct Chunk {
    let type: String
    let content: [UInt8]
    let isIntact: Bool
  }

  private func chunks(_ bytes: [UInt8]) -> [Chunk] {
    var chunks: [Chunk] = []
    var rest = bytes.dropFirst(8)
    while rest.count >= 12 {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      let body = rest.dropFirst(4).prefix(4 + length)
      let check = rest.dropFirst(8 + length).prefix(4)
      chunks.append(
        Chunk(
          type: String(decoding: body.prefix(4), as: UTF8.self), content: Array(body.dropFirst(4)),
          isIntact: check.elementsEqual(bigEndian(crc32(body)))))
      rest = rest.dropFirst(12 + length)
    }
    return chunks
  }

  @Test func structure() {
    let bytes = PNG.encode(GrayImage(width: 3, height: 2, pixels: [0, 1, 2, 3, 4, 255]))
    #expect(bytes.prefix(8).elementsEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    let chunks = chunks(bytes)
    #expect(chunks.map(\.type) == ["IHDR", "IDAT", "IEND"])
    #expect(chunks.allSatisfy { $0.isIntact })
    #expect(chunks[0].content == bigEndian(3) + bigEndian(2) + [8, 0, 0, 0, 0])
  }

  /// The zlib stream without its 2 + 4 bytes is a deflate stream: as a gzip member it can be unpacked and checked.
  @Test func pixels() throws {
    let pixels = (0..<70 * 31).map { UInt8(truncatingIfNeeded: $0 * $0 >> 4) }
    let bytes = PNG.encode(GrayImage(width: 70, height: 31, pixels: pixels))
    let deflate = chunks(bytes)[1].content.dropFirst(2).dropLast(4)
    let rows = (0..<31).flatMap { [0] + pixels[$0 * 70..<($0 + 1) * 70] }
    let member = gzipMember(deflate: deflate, content: rows)
    #expect(try FileBytes.uncompressed(member, path: "file") == rows)
  }

  @Test func filesAreWritten() throws {
    let folder = try TemporaryFolder()
    let image = GrayImage(width: 1, height: 1, pixels: [9])
    try PNG.write(image, to: folder.file("a.png"))
    #expect(try folder.content("a.png") == PNG.encode(image))
  }
}
