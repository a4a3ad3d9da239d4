import BoltzmannData
import Testing

@Suite struct LabelsTests {
  private func numbers(_ bytes: [UInt8]) throws -> [Int?] { try Labels.decode(bytes, path: "file").numbers }

  private func numbers(_ text: String) throws -> [Int?] { try numbers(Array(text.utf8)) }

  private func error(_ bytes: [UInt8]) -> String? { message { _ = try Labels.decode(bytes, path: "file") } }

  private func error(_ text: String) -> String? { error(Array(text.utf8)) }

  private static func npy(_ type: String, _ shape: String, _ payload: [UInt8]) -> [UInt8] {
    let header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }".utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + payload
  }

  @Test func arraysOfAnyType() throws {
    let idx: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 255]
    #expect(try numbers(idx) == [7, 0, 255])
    #expect(try numbers(Self.npy("|u1", "(3,)", [7, 0, 9])) == [7, 0, 9])
    #expect(try numbers(Self.npy("|i1", "(3, 1)", [7, 0xff, 9])) == [7, nil, 9])
    #expect(try numbers(Self.npy(">i4", "(2,)", [0, 0, 1, 2, 255, 255, 255, 255])) == [258, nil])
    let large: [Int64] = [1 << 53, 16_777_217]
    #expect(try numbers(Self.npy("<i8", "(2,)", large.flatMap(littleEndian))) == [1 << 53, 16_777_217])
    let floats: [Double] = [3, .nan, -1, -0.0]
    #expect(
      try numbers(Self.npy("<f8", "(4,)", floats.flatMap { littleEndian($0.bitPattern) })) == [
        3, nil, nil, 0,
      ])
    #expect(try numbers(NPY.encode([Float(2), .nan], shape: [2, 1])) == [2, nil])
    #expect(try numbers(gunzipped: NPY.encode([Float(2), 5], shape: [2])) == [2, 5])
  }

  private func numbers(gunzipped content: [UInt8]) throws -> [Int?] {
    let folder = try TemporaryFolder()
    return try Labels.read(folder.file("labels", gzipMember(storing: content))).numbers
  }

  @Test(
    arguments: [
      ("1\n0\n2\n", [1, 0, 2]), ("1\r\n0\r\n2", [1, 0, 2]), ("label\n4\n\n5\n", [4, nil, 5]),
      ("\"3\"\n\"\"\n-1\nNaN\n", [3, nil, nil, nil]), ("\u{FEFF} 7 \n3.0\n1e2\n", [7, 3, 100]),
      ("\n1\n", [nil, 1]), ("9007199254740992\n16777217\n", [9_007_199_254_740_992, 16_777_217]),
    ] as [(String, [Int?])])
  func text(content: String, expected: [Int?]) throws {
    #expect(try numbers(content) == expected)
  }

  @Test func digits() throws {
    let labels = try Labels.read("digits")
    #expect(labels.numbers.count == 1797 && labels.classes == Array(0...9) && labels.source == "digits")
  }

  @Test func whatIsNoLabel() {
    #expect(error("") == "file: the file is empty")
    #expect(
      error("1\n2.5\n")
        == "file: row 2, column 1: 2.5 is no class: a whole number from 0 on, −1 where it is missing")
    #expect(
      error("1\n-2\n")
        == "file: row 2, column 1: -2.0 is no class: a whole number from 0 on, −1 where it is missing")
    #expect(error("1\ncat\n") == "file: row 2, column 1: 'cat' is no whole number")
    #expect(error("label\ncat\n") == "file: row 1, column 1: 'cat' is no whole number")
    #expect(error("1\n1e300\n")?.hasPrefix("file: row 2, column 1: 1e+300 is no class") == true)
    #expect(error("1\ninf\n")?.hasPrefix("file: row 2, column 1: inf is no class") == true)
    #expect(error("1,2\n3,4\n") == "file: row 1, column 1: expected one label a line")
    #expect(error("1\n\"2\n") == "file: row 2, column 1: expected one label a line")
    #expect(error("label\n") == "file: holds no labels")
    #expect(error([1, 0, 0, 7]) == "file: binary data, not NPY, IDX, CSV or TSV")
    #expect(
      error(NPY.encode([Float(1), 2, 3, 4], shape: [2, 2])) == "file: NPY f4 (2, 2): labels are one column")
    #expect(
      error(NPY.encode([Float(1), 0.5], shape: [2]))?.contains("row 2, column 1: 0.5 is no class") == true)
    #expect(error(Self.npy("<f4", "()", [0, 0, 0, 0])) == "file: NPY: 0 dimensions; a list is expected")
    #expect(error([0, 0, 8, 1, 0, 0, 0, 9, 1, 2])?.contains("truncated") == true)
  }

  @Test func placesAmongClasses() throws {
    let labels = Labels(numbers: [7, nil, 2, 7], source: "file")
    #expect(labels.classes == [2, 7])
    #expect(try labels.places(in: [2, 5, 7]) == [2, nil, 0, 2])
    #expect(
      message { _ = try labels.places(in: [5, 7]) }
        == "file: row 3, column 1: 2 is none of the model's classes: 5, 7")
    #expect(
      message { _ = try labels.knownPlaces(in: [2, 7]) } == "file: row 2, column 1: the label is missing")
    #expect(try Labels(numbers: [7, 2], source: "file").knownPlaces(in: [2, 7]) == [1, 0])
    #expect(
      message { _ = try labels.requiring(count: 5, of: "data") }
        == "file: holds 4 labels, but data has 5 samples")
  }

  @Test(arguments: ["labels.npy", "labels.csv"])
  func roundTrip(name: String) throws {
    let folder = try TemporaryFolder()
    let labels = Labels(numbers: [3, nil, 0, 1 << 53], source: folder.file(name))
    try labels.write(to: folder.file(name))
    #expect(try Labels.read(folder.file(name)) == labels)
  }

  /// No file makes the reader trap.
  @Test func mutationsNeverTrap() throws {
    let valid: [[UInt8]] = [
      Array("label\n4\n\"\"\n-1\n5.0\n".utf8), NPY.encode([Float(2), .nan, 5], shape: [3]),
      [0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 255], Self.npy("<i8", "(2,)", [Int64(5), -1].flatMap(littleEndian)),
    ]
    for (seed, bytes) in valid.enumerated() {
      for damaged in HostileBytes.truncations(bytes)
        + HostileBytes.mutations(bytes, count: 500, seed: UInt64(seed))
      {
        let labels = surviving("file") { try Labels.decode(damaged, path: "file") }
        #expect(labels?.numbers.allSatisfy { ($0 ?? 0) >= 0 } ?? true)
      }
    }
  }
}
