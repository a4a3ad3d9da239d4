import BoltzmannData
import Testing

@Suite struct NPYTests {
  /// `numpy.save` of [[1, 2.5], [-3, 0.1]] as float32.
  static let golden =
    bytes(hex: "934e554d505901007600")
    + Array(("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }" + spaces(58) + "\n").utf8)
    + bytes(hex: "0000803f00002040000040c0cdcccc3d")

  static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

  /// A file with this header text, however wrong.
  static func file(_ header: String, version: UInt8 = 1, _ data: [UInt8]) -> [UInt8] {
    let length =
      version == 1 ? littleEndian(UInt16(header.utf8.count)) : littleEndian(UInt32(header.utf8.count))
    return bytes(hex: "934e554d5059") + [version, 0] + length + Array(header.utf8) + data
  }

  static func file(
    _ type: String, _ shape: String, fortran: Bool = false, version: UInt8 = 1, _ data: [UInt8]
  ) -> [UInt8] {
    let order = fortran ? "True" : "False"
    let header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
    return file(header, version: version, data)
  }

  private func decode(_ bytes: [UInt8]) throws -> NumericTable {
    try NumericTable.decode(bytes, path: "file")
  }

  @Test func readsWhatNumPyWrote() throws {
    let table = try decode(Self.golden)
    #expect(table.values == .floats([1, 2.5, -3, 0.1]))
    #expect(table.rows == 2 && table.columns == 2 && table.itemShape == nil && table.names == nil)
    #expect(table.format == "NPY f4 (2, 2)" && table.source == "file")
  }

  @Test func writesWhatNumPyWrites() {
    #expect(NPY.encode([1, 2.5, -3, 0.1] as [Float], shape: [2, 2]) == Self.golden)
  }

  static let cases: [(String, [UInt8], [Float])] = [
    ("|i1", [1, 0xff, 0x80, 0x7f], [1, -1, -128, 127]),
    ("<i2", bytes(hex: "0100ffff0080ff7f"), [1, -1, -32768, 32767]),
    (">i2", bytes(hex: "0001ffff80007fff"), [1, -1, -32768, 32767]),
    ("<i4", bytes(hex: "01000000ffffffff0000008000010000"), [1, -1, -2_147_483_648, 256]),
    (">i4", bytes(hex: "00000001ffffffff8000000000000100"), [1, -1, -2_147_483_648, 256]),
    ("<i8", [1, -1, .min, 256].flatMap { littleEndian(Int64($0)) }, [1, -1, -0x1p63, 256]),
    (">i8", [1, -1, .min, 256].flatMap { littleEndian(Int64($0).byteSwapped) }, [1, -1, -0x1p63, 256]),
    ("<f4", bytes(hex: "0000803f000000bf0000000001000000"), [1, -0.5, 0, 0x1p-149]),
    (">f4", bytes(hex: "3f800000bf0000000000000000000001"), [1, -0.5, 0, 0x1p-149]),
    ("=f4", bytes(hex: "0000803f000000bf0000000001000000"), [1, -0.5, 0, 0x1p-149]),
    ("<f8", [1, -0.5, 0, 0.1].flatMap { littleEndian($0.bitPattern) }, [1, -0.5, 0, 0.1]),
    (">f8", [1, -0.5, 0, 0.1].flatMap { littleEndian($0.bitPattern.byteSwapped) }, [1, -0.5, 0, 0.1]),
  ]

  @Test(arguments: cases)
  func readsEveryTypeInBothByteOrders(type: String, data: [UInt8], expected: [Float]) throws {
    for version in 1...3 as ClosedRange<UInt8> {
      #expect(try decode(Self.file(type, "(2, 2)", version: version, data)).values == .floats(expected))
    }
  }

  @Test func bytesAndBooleansStayBytes() throws {
    #expect(try decode(Self.file("|u1", "(2, 2)", [0, 1, 2, 255])).values == .bytes([0, 1, 2, 255]))
    #expect(try decode(Self.file("|b1", "(1, 3)", [0, 1, 1])).values == .bytes([0, 1, 1]))
  }

  @Test func zerosAndOnesOfAnyTypeBecomeBytes() throws {
    #expect(try decode(NPY.encode([0, 1, 1, 0] as [Double], shape: [2, 2])).values == .bytes([0, 1, 1, 0]))
  }

  @Test func fortranOrderIsTurned() throws {
    // [[0, 1, 2], [3, 4, 5]] column by column.
    let matrix = try decode(Self.file("|u1", "(2, 3)", fortran: true, [0, 3, 1, 4, 2, 5]))
    #expect(matrix.values == .bytes([0, 1, 2, 3, 4, 5]))
  }

  @Test(arguments: [(1, 1, 1), (2, 3, 4), (65, 2, 3), (130, 4, 1), (3, 1, 5)])
  func fortranOrderOfImagesIsTurned(count: Int, height: Int, width: Int) throws {
    // The number at [i, y, x] is its place in C order.
    let places = (0..<width).flatMap { x in
      (0..<height).flatMap { y in (0..<count).map { i in (i * height + y) * width + x } }
    }
    let data = places.flatMap { littleEndian(Int32($0 - 1)) }
    let table = try decode(Self.file("<i4", "(\(count), \(height), \(width))", fortran: true, data))
    #expect((0..<table.values.count).allSatisfy { table.values[$0] == Float($0 - 1) })
  }

  @Test func imagesAreFlattenedAndKeepTheirShape() throws {
    let table = try decode(NPY.encode([UInt8](0..<24), shape: [2, 3, 4]))
    #expect(table.rows == 2 && table.columns == 12 && table.itemShape == [3, 4])
    #expect(table[1, 2] == 14)
  }

  @Test func headersInOtherStyles() throws {
    let header = "{ \"shape\" : (2L,1L) ,'fortran_order':False,'descr':\"|u1\"}   \n"
    #expect(try decode(Self.file(header, [8, 9])).values == .bytes([8, 9]))
  }

  @Test func vectorsAndScalarsCanBeWritten() {
    let vector = String(decoding: NPY.encode([1.5] as [Double], shape: [1])[10..<80], as: UTF8.self)
    #expect(vector.hasPrefix("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }"))
  }

  @Test func writtenFilesAreReadAgain() throws {
    let folder = try TemporaryFolder()
    let values = (0..<60).map { Float($0) / 7 }
    try NPY.write(values, shape: [5, 12], to: folder.file("a"))
    #expect(try NumericTable.read(folder.file("a")).values == .floats(values))
    #expect(try folder.content("a") == NPY.encode(values, shape: [5, 12]))
  }

  @Test func numbersStartAtAMultipleOf64() {
    for digits in 0..<18 {
      let count = Int("1" + String(repeating: "0", count: digits)) ?? 1
      let empty = NPY.encode([UInt8](), shape: [0, count])
      #expect(empty.count % 64 == 0)
    }
  }
}
