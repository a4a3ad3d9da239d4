import BoltzmannData
import Testing

@Suite struct IDXTests {
  private static func file(_ type: UInt8, _ shape: [UInt32], _ data: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(shape.count)] + shape.flatMap(bigEndian) + data
  }

  private func decode(_ bytes: [UInt8]) throws -> NumericTable {
    try NumericTable.decode(bytes, path: "file")
  }

  @Test func imagesStayBytes() throws {
    let table = try decode(Self.file(8, [2, 2, 3], [UInt8](0..<12)))
    #expect(table.values == .bytes([UInt8](0..<12)))
    #expect(table.rows == 2 && table.columns == 6 && table.itemShape == [2, 3])
    #expect(table.format == "IDX u1 (2, 2, 3)")
  }

  @Test func labelsAreOneColumn() throws {
    let table = try decode(Self.file(8, [3], [5, 0, 4]))
    #expect(table.values == .bytes([5, 0, 4]))
    #expect(table.rows == 3 && table.columns == 1 && table.itemShape == nil)
  }

  static let cases: [(UInt8, [UInt8], [Float])] = [
    (0x09, [2, 0xff], [2, -1]),
    (0x0b, bytes(hex: "0100fffe"), [256, -2]),
    (0x0c, bytes(hex: "00010000fffffffe"), [65536, -2]),
    (0x0d, bytes(hex: "3f000000c0000000"), [0.5, -2]),
    (0x0e, bytes(hex: "3fe0000000000000c000000000000000"), [0.5, -2]),
  ]

  @Test(arguments: cases)
  func everyTypeIsBigEndian(type: UInt8, data: [UInt8], expected: [Float]) throws {
    #expect(try decode(Self.file(type, [1, 2], data)).values == .floats(expected))
  }

  @Test(arguments: [
    ([], "IDX with 0 dimensions; 1, 2 or 3 can be read"),
    ([1, 1, 2, 2], "IDX with 4 dimensions"),
    ([2, 3], "IDX u1 (2, 3): needs 6 bytes, the file has 4: truncated"),
    ([3], "IDX u1 (3): needs 3 bytes, the file has 4: other bytes follow the numbers"),
    ([0, 4], "IDX u1 (0, 4): holds no numbers"),
    ([.max, .max, .max], "overflows"),
    ([.max, .max], "overflows"),
    ([.max, 1 << 30], "truncated"),
  ])
  func hostileShapes(shape: [UInt32], expected: String) {
    let error = tableError(Self.file(8, shape, [1, 2, 3, 4]))
    #expect(error?.contains(expected) == true, "\(error ?? "none")")
  }

  @Test func numbersThatAreNotFinite() {
    let error = tableError(Self.file(0x0d, [1, 2], bytes(hex: "3f0000007fc00000")))
    #expect(error == "file: row 1, column 2: nan is not a finite number (32 bits)")
  }

  @Test func unknownTypesAreNoTables() {
    #expect(tableError([0, 0, 7, 1, 0, 0, 0, 1, 1])?.contains("binary data") == true)
  }

  @Test func everyTruncationIsRefused() {
    for cut in HostileBytes.truncations(Self.file(8, [2, 2, 3], [UInt8](1...12))) {
      #expect(tableError(cut) != nil)
    }
  }

  @Test func mutationsNeverTrap() {
    for (type, size) in [(0x08, 1), (0x0b, 2), (0x0e, 8)] as [(UInt8, Int)] {
      let valid = Self.file(type, [2, 2, 2], [UInt8](repeating: 63, count: 8 * size))
      for damaged in HostileBytes.mutations(valid, count: 1000, seed: UInt64(type)) {
        _ = survivingTable(damaged)
      }
    }
  }
}
