import BoltzmannData
import Testing

@Suite struct DelimitedTextTests {
  private func decode(_ text: String) throws -> NumericTable {
    try NumericTable.decode(Array(text.utf8), path: "file")
  }

  @Test(arguments: [
    "1,2\n3,255\n", "1,2\n3,255", "1,2\r\n3,255\r\n", "1,2\r\n3,255\r", "1,2\n3,255\n\n \n\r\n",
    "1\t2\n3\t255\n",
    "1;2\n3;255\n", "\u{feff}1,2\n3,255\n", "\"1\",2\n 3 , \"255\" \n", "+1,2\n3,255\n", "01,002\n3,0255\n",
    " 1 , 2 \n 3 , 255 \n",
  ])
  func dialectsOfTheSameTable(text: String) throws {
    let table = try decode(text)
    #expect(table.rows == 2 && table.columns == 2 && table.names == nil)
    #expect((0..<4).map { table.values[$0] } == [1, 2, 3, 255])
  }

  @Test func wholeNumbersUpTo255AreBytes() throws {
    #expect(try decode("0,1,255\n7,10,099\n").values == .bytes([0, 1, 255, 7, 10, 99]))
    #expect(try decode("0,1,256\n").values == .floats([0, 1, 256]))
    #expect(try decode("0,-1\n").values == .floats([0, -1]))
    #expect(try decode("3,0.5\n200,1e2\n").values == .floats([3, 0.5, 200, 100]))
    #expect(try decode("2.0,3.0\n").values == .floats([2, 3]))
    #expect(try decode("0.0,1.0\n").values == .bytes([0, 1]))
  }

  @Test func headersAreRecognised() throws {
    let table = try decode("user,\"a \"\"b\"\", c\",\n1,2,3\n")
    #expect(table.names == ["user", "a \"b\", c", ""])
    #expect(table.values == .bytes([1, 2, 3]))
    #expect(try decode("x\n1\n").names == ["x"])
    #expect(try decode("\"a;b\",c\n1,2\n").names == ["a;b", "c"])
    #expect(try decode("é,日本\n1,2\n").names == ["é", "日本"])
  }

  @Test func formatsAreNamed() throws {
    #expect(try decode("1\t2\n").format == "TSV (1, 2)")
    #expect(try decode("1;2\n3;4").format == "CSV (2, 2)")
    #expect(try decode("1\n2\n3").format == "CSV (3, 1)")
  }

  @Test(arguments: [
    ("1,2\n3\n", "line 2: expected 2 columns, found 1"),
    ("1,2\n3,4,5\n", "line 2: expected 2 columns, found 3"),
    ("a,b\n1,2,3\n", "line 2: expected 2 columns, found 3"),
    ("1,2,\n", "line 1, column 3: a number is missing"),
    ("1,,2\n", "line 1, column 2: a number is missing"),
    ("1,abc\n", "line 1, column 2: 'abc' is not a number"),
    ("id,1,2\n0,1,2\n", "line 1, column 1: 'id' is not a number"),
    ("a,b\n1,2\n3,4x\n", "line 3, column 2: '4x' is not a number"),
    ("1;2\n1,5;2\n", "line 2, column 1: '1,5' is not a number"),
    ("1,2\n\n3,4\n", "line 2: the line is blank"),
    ("\n1,2\n", "line 1: the line is blank"),
    ("1,nan\n", "line 1, column 2: 'nan' is not a finite number (32 bits)"),
    ("1,2\r\n-Inf,2\r\n", "line 2, column 1: '-Inf' is not a finite number (32 bits)"),
    ("1e39\n", "line 1, column 1: '1e39' is not a finite number (32 bits)"),
    ("1,\"2\n3,4\n", "line 1, column 2: misplaced quote"),
    ("1,\"2\"3\n", "line 1, column 2: misplaced quote"),
    ("1,2\"\n", "line 1, column 2: '2\"' is not a number"),
    ("1,2\r3,4\n", "line 1, column 2: '2\\r3' is not a number"),
    ("a,b\n", "no numbers separated by commas, tabs or semicolons"),
    ("1 2 3\n", "no numbers separated by commas, tabs or semicolons"),
    ("\n \n", "no numbers separated by commas, tabs or semicolons"),
    ("", "the file is empty"),
    ("\u{feff}", "no numbers separated by commas, tabs or semicolons"),
    ("1,2\u{0}\n", "binary data, not NPY, IDX, CSV or TSV"),
  ])
  func errorsNameTheLine(text: String, expected: String) {
    #expect(tableError(text) == "file: \(expected)")
  }

  @Test func hexadecimalNumbersAreNone() {
    #expect(tableError("1\n0x10\n") == "file: line 2, column 1: '0x10' is not a number")
  }

  @Test func longFieldsAreCutInMessages() {
    let error = tableError("1\n" + String(repeating: "y", count: 1000) + "\n")
    #expect(error == "file: line 2, column 1: '\(String(repeating: "y", count: 40))'… is not a number")
  }

  @Test func hostileSizesReserveLittle() {
    // A million columns in the first line, a million lines: 10¹² numbers, if one believed it.
    let text =
      [UInt8](repeating: UInt8(ascii: ","), count: 100_000)
      + [UInt8](repeating: UInt8(ascii: "\n"), count: 100_000)
    #expect(tableError(text) == "file: line 1, column 1: a number is missing")
  }

  @Test func wrongFilesAreNamed() {
    #expect(tableError([0x50, 0x4b, 3, 4, 0])?.contains("zip archive (NPZ?)") == true)
    #expect(tableError(Array("\u{89}PNG".unicodeScalars.map { UInt8($0.value) }))?.contains("PNG") == true)
    #expect(tableError([0xff, 0xfe, 0x31, 0])?.contains("UTF-16") == true)
    #expect(tableError(SafetensorsFile().encode())?.contains("a safetensors file") == true)
  }

  @Test func truncationsAndMutationsNeverTrap() {
    let valid = Array("\u{feff}a,\"b\"\"\",c\r\n1,2.5e-3,\"3\"\r\n -4,5,0.0625\r\n\r\n".utf8)
    for cut in HostileBytes.truncations(valid) { _ = survivingTable(cut) }
    for damaged in HostileBytes.mutations(valid, count: 4000, seed: 3) { _ = survivingTable(damaged) }
  }
}
