import BoltzmannData
import Testing

@Suite struct JSONValueTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8), path: "file")
  }

  @Test func keysAreSortedAndAllIsOneLine() {
    let value: JSONValue = ["b": [1, 2.5, nil, true], "a": "x\ny", "B": ["z": [:], "é": []]]
    #expect(value.description == #"{"B":{"z":{},"é":[]},"a":"x\ny","b":[1,2.5,null,true]}"#)
  }

  @Test(arguments: [
    (JSONValue.number(0.1), "0.1"), (.number(1), "1.0"), (.number(-0.0), "-0.0"), (.number(1e-7), "1e-07"),
    (.number(.nan), "null"), (.number(.infinity), "null"), (.integer(.max), "9223372036854775807"),
    (.integer(.min), "-9223372036854775808"), (.string("\"\\\u{1}\u{7f}é\t"), #""\"\\\u0001\u007fé\t""#),
    (JSONValue(Float(0.1)), "0.1"), (JSONValue(Float.nan), "null"), (false, "false"),
  ])
  func numbersAndStrings(value: JSONValue, text: String) {
    #expect(value.description == text)
  }

  @Test func doublesReadBackTheSame() throws {
    var random = SplitMix(state: 7)
    for _ in 0..<2000 {
      let number = Double(bitPattern: random.next())
      guard number.isFinite else { continue }
      #expect(try parse(JSONValue.number(number).description).double?.bitPattern == number.bitPattern)
    }
  }

  @Test func parsesEveryKind() throws {
    let text =
      " {\"a\" : [ 1 , -2.5e+1, true,false , null, {} ] ,\"b\":\"\\u00e9\\ud83d\\ude00\\/\\b\\f\"}\r\n"
    let value = try parse(text)
    #expect(value == ["a": [1, -25.0, true, false, nil, [:]], "b": "é😀/\u{8}\u{c}"])
    #expect(value["a"]?.array?[0].integer == 1 && value["a"]?.array?[1].integer == nil)
    #expect(value["b"]?.string?.hasPrefix("é") == true && value["c"] == nil && value["a"]?["a"] == nil)
  }

  @Test func integersStayExact() throws {
    #expect(try parse("9007199254740993") == .integer(9_007_199_254_740_993))
    #expect(try parse("18446744073709551616") == .number(0x1p64))
    #expect(try parse("1.0") == .number(1))
    #expect(try parse("-0").double?.sign == .minus)
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:2}", "01", "1.",
    ".5",
    "+1", "-", "1e", "1e+", "0x1", "tru", "nul", "NaN", "Infinity", "1e999", "\"", "\"\\", "\"\\x\"",
    "\"\\u12\"",
    "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\u+123\"", "\"\n\"", "1 2", "[] []",
    "{\"a\":1,\"a\":2}",
    "'a'", "[1 2]", "\u{feff}1",
  ])
  func refusesWhatIsNotJSON(text: String) {
    let error = message { _ = try parse(text) }
    #expect(error?.hasPrefix("file: byte ") == true && error?.contains(": JSON: ") == true)
  }

  @Test func refusesInvalidText() {
    #expect(
      message { _ = try JSONValue.parse([0x22, 0xc3, 0x22], path: "file") } == "file: byte 3: JSON: not UTF-8"
    )
  }

  @Test func duplicateKeysAreNamed() {
    let error = message { _ = try parse(#"{"a":1,"a":2}"#) }
    #expect(error == #"file: byte 7: JSON: duplicate key "a""#)
  }

  @Test func nestingIsBounded() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(message { _ = try parse(nested(100)) } == nil)
    #expect(message { _ = try parse(nested(1_000_000)) } == "file: byte 100: JSON: nested too deeply")
  }

  @Test func mutationsNeverTrap() throws {
    let valid = Array(#"{"a":[1,-2.5e-3,"x\u00e9\n"],"b":{"c":null,"d":true}}"#.utf8)
    for damaged in HostileBytes.truncations(valid) + HostileBytes.mutations(valid, count: 4000, seed: 8) {
      guard let value = surviving("file", { try JSONValue.parse(damaged, path: "file") }) else { continue }
      #expect(try parse(value.description) == value)
    }
  }

  @Test func filesAreReadAgain() throws {
    let folder = try TemporaryFolder()
    let value: JSONValue = ["seed": 7, "rate": 0.05]
    try value.write(to: folder.file("run.json"))
    #expect(try JSONValue.read(folder.file("run.json")) == value)
    #expect(try folder.content("run.json") == Array("{\"rate\":0.05,\"seed\":7}\n".utf8))
  }
}
