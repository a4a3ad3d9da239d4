import BoltzmannData
import Testing

@Suite struct NPYHostileTests {
  @Test(arguments: [
    ("(2, 3)", "NPY u1 (2, 3): needs 6 bytes, the file has 4: truncated"),
    ("(1, 2)", "NPY u1 (1, 2): needs 2 bytes, the file has 4: other bytes follow the numbers"),
    ("(0, 4)", "NPY u1 (0, 4): holds no numbers"),
    ("(4, 0)", "NPY u1 (4, 0): holds no numbers"),
    ("(-2, -2)", "NPY u1 (-2, -2): has a negative extent"),
    ("(4294967296, 4294967296)", "NPY u1 (4294967296, 4294967296): overflows"),
    ("(9223372036854775807, 1)", "truncated"),
    ("(99999999999999999999, 1)", "NPY: an extent of the shape overflows"),
    ("(4,)", "NPY: 1 dimensions; a matrix or a list of images is expected"),
    ("()", "NPY: 0 dimensions"),
    ("(1, 2, 2, 1)", "NPY: 4 dimensions"),
    ("4", "NPY: malformed header"),
    ("(2; 2)", "NPY: malformed header"),
    ("(2.0, 2)", "NPY: malformed header"),
    ("(, )", "NPY: malformed header"),
    ("(2, 2", "NPY: malformed header"),
    ("True", "NPY: the shape must be a tuple"),
  ])
  func shapes(shape: String, expected: String) {
    let error = tableError(NPYTests.file("|u1", shape, [1, 2, 3, 4]))
    #expect(error?.hasPrefix("file: ") == true && error?.contains(expected) == true, "\(error ?? "none")")
  }

  @Test func sizesOverflowWithTheElementToo() {
    #expect(tableError(NPYTests.file("<f8", "(2305843009213693952, 1)", []))?.contains("overflows") == true)
  }

  @Test(arguments: ["|O", "<U3", "<c8", "<u2", "|f4", "", "f4", "<M8[s]", "!f4"])
  func types(type: String) {
    #expect(tableError(NPYTests.file(type, "(1, 1)", [1, 2, 3, 4]))?.hasPrefix("file: NPY: ") == true)
  }

  @Test(arguments: [
    "", "{", "{}", "[]", "{'descr': '|u1'}", "{'descr': '|u1', 'fortran_order': False}",
    "{'descr': '|u1', 'descr': '|u1', 'shape': (1, 1)}",
    "{'descr': '|u1', 'fortran_order': 1, 'shape': (1, 1)}",
    "{'descr': '|u1', 'fortran_order': '', 'shape': (1, 1)}",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 1)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1), 'more': True}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1)} rest",
    "{'descr': '|u1, 'fortran_order': False, 'shape': (1, 1)}",
    "{'descr' '|u1', 'fortran_order': False, 'shape': (1, 1)}",
    "{'descr': True, 'fortran_order': False, 'shape': (1, 1)}",
  ])
  func headers(text: String) {
    #expect(tableError(NPYTests.file(text + "\n", [1]))?.hasPrefix("file: NPY: ") == true)
  }

  @Test func versionsAndLengths() {
    let data: [UInt8] = [1, 2, 3, 4]
    #expect(tableError(NPYTests.file("|u1", "(2, 2)", version: 4, data))?.contains("version 4") == true)
    #expect(tableError(NPYTests.file("|u1", "(2, 2)", version: 0, data))?.contains("version 0") == true)
    var long = NPYTests.file("|u1", "(2, 2)", version: 2, data)
    long.replaceSubrange(8..<12, with: [0xff, 0xff, 0xff, 0xff])
    #expect(tableError(long) == "file: NPY: truncated header")
  }

  @Test(arguments: [
    ("<f4", bytes(hex: "0000803f0000c07f"), "nan"), ("<f4", bytes(hex: "0000803f000080ff"), "-inf"),
    (">f4", bytes(hex: "3f8000007f800000"), "inf"),
    ("<f8", [1, 1e300].flatMap { littleEndian($0.bitPattern) }, "inf"),
  ])
  func numbersThatAreNotFinite(type: String, data: [UInt8], shown: String) {
    let expected = "file: row 2, column 1: \(shown) is not a finite number (32 bits)"
    #expect(tableError(NPYTests.file(type, "(2, 1)", data)) == expected)
  }

  @Test func booleansOtherThanZeroAndOne() {
    let error = tableError(NPYTests.file("|b1", "(2, 2)", [0, 1, 0, 2]))
    #expect(error == "file: row 2, column 2: the boolean is 2, not 0 or 1")
  }

  @Test func everyTruncationIsRefused() {
    for cut in HostileBytes.truncations(NPYTests.golden) { #expect(tableError(cut) != nil) }
    #expect(tableError(NPYTests.golden + [0]) != nil)
  }

  @Test func mutationsNeverTrap() {
    let fortran = NPYTests.file(">i2", "(2, 2, 1)", fortran: true, version: 3, [1, 2, 3, 4, 5, 6, 7, 8])
    for (seed, valid) in [NPYTests.golden, fortran].enumerated() {
      for damaged in HostileBytes.mutations(valid, count: 2000, seed: UInt64(seed)) {
        _ = survivingTable(damaged)
      }
    }
  }
}
