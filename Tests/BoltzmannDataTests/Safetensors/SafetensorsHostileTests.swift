import BoltzmannData
import Testing

@Suite struct SafetensorsHostileTests {
  /// A file with this header, however wrong, and `count` zero bytes.
  private func error(_ header: String, _ count: Int) -> String? {
    let bytes =
      littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + [UInt8](repeating: 0, count: count)
    return message { _ = try SafetensorsFile.decode(bytes, path: "file") }
  }

  private static func entry(_ type: String, _ shape: String, _ offsets: String) -> String {
    #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  @Test(arguments: [
    ("F32", "[2]", "[0,8]", nil),
    ("F16", "[4]", "[0,8]", #"type "F16"; F32, F64, I64 and U8 can be read"#),
    ("f32", "[2]", "[0,8]", #"type "f32""#),
    ("F32", "[3]", "[0,8]", "8 bytes do not fit F32 of shape [3]"),
    ("F32", "[2]", "[0,4]", "4 bytes do not fit F32 of shape [2]"),
    ("F32", "[4]", "[0,16]", "ends at offset 16, the file at 8: truncated"),
    ("F32", "[1]", "[0,4]", "4 bytes after the last tensor"),
    ("F32", "[1]", "[4,8]", "at offset 4: leaves a gap of 4 bytes"),
    ("F32", "[0]", "[8,8]", "leaves a gap of 8 bytes"),
    ("F32", "[2]", "[8,0]", "data_offsets must be a start and an end"),
    ("F32", "[2]", "[-8,0]", "data_offsets must be a start and an end"),
    ("F32", "[2]", "[0]", "data_offsets must be a start and an end"),
    ("F32", "[2]", "[0,8,8]", "data_offsets must be a start and an end"),
    ("F32", "[2]", "[0,8.0]", "data_offsets must be a start and an end"),
    ("F32", "[2]", "[0,18446744073709551616]", "data_offsets must be a start and an end"),
    ("F32", "[-2]", "[0,8]", "the shape must be a list of sizes"),
    ("F32", "[2.0]", "[0,8]", "the shape must be a list of sizes"),
    ("F32", "2", "[0,8]", "the shape must be a list of sizes"),
    ("F32", "[[2]]", "[0,8]", "the shape must be a list of sizes"),
    ("F32", "[4294967296,4294967296]", "[0,8]", "do not fit"),
    ("F32", "[4611686018427387904]", "[0,0]", "do not fit"),
    ("U8", "[9223372036854775807]", "[0,9223372036854775807]", "truncated"),
  ])
  func entries(type: String, shape: String, offsets: String, expected: String?) {
    let line = error("{\"w\":" + Self.entry(type, shape, offsets) + "}", 8)
    guard let expected else {
      #expect(line == nil)
      return
    }
    #expect(line?.contains(expected) == true && line?.hasPrefix("file: ") == true, "\(line ?? "none")")
    #expect(line?.contains("tensor w: ") == !expected.contains("after the last"))
  }

  @Test func overlapsGapsAndSharedBytes() {
    let first = #""a":"# + Self.entry("F32", "[2]", "[0,8]")
    let same = error("{\(first),\"b\":" + Self.entry("F32", "[2]", "[0,8]") + "}", 8)
    #expect(same == "file: tensor b: at offset 0: overlaps the tensor before it")
    let overlap = error("{\(first),\"b\":" + Self.entry("F32", "[2]", "[4,12]") + "}", 12)
    #expect(overlap == "file: tensor b: at offset 4: overlaps the tensor before it")
    let gap = error("{\(first),\"b\":" + Self.entry("F32", "[1]", "[12,16]") + "}", 16)
    #expect(gap == "file: tensor b: at offset 12: leaves a gap of 4 bytes")
  }

  @Test(arguments: [
    ("{\"a\":1,\"a\":2}", "header: duplicate key \"a\""),
    ("{\"a\":1}", "tensor a: must have dtype, shape and data_offsets"),
    ("{\"a\":{}}", "tensor a: must have dtype, shape and data_offsets"),
    ("{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0],\"x\":1}}", "tensor a: must have dtype"),
    ("{\"a\":{\"dtype\":1,\"shape\":[0],\"data_offsets\":[0,0]}}", "tensor a: type 1;"),
    ("{\"__metadata__\":1}", "__metadata__: all values must be strings"),
    ("{\"__metadata__\":{\"a\":1}}", "__metadata__: all values must be strings"),
    ("{\"__metadata__\":{},\"__metadata__\":{}}", "duplicate key"),
    ("[]", "not a safetensors file: the header is no JSON object"),
    (" {}", "not a safetensors file: the header is no JSON object"),
    ("", "not a safetensors file: the header is no JSON object"),
    ("{} x", "header: text after the value"),
    ("{\"a\\n\\u001b\":1}", "tensor a\\n\\u{1B}: must have"),
  ])
  func headers(text: String, expected: String) {
    let line = error(text, 0)
    #expect(line?.hasPrefix("file: ") == true && line?.contains(expected) == true, "\(line ?? "none")")
  }

  @Test(arguments: [UInt64.max, 1 << 63, 100_000_001, 100_000_000, 1000, 153])
  func headerLengths(length: UInt64) {
    var bytes = SafetensorsFileTests.golden
    bytes.replaceSubrange(0..<8, with: littleEndian(length))
    #expect(message { _ = try SafetensorsFile.decode(bytes, path: "file") }?.hasPrefix("file: ") == true)
  }

  @Test func everyTruncationIsRefused() {
    for cut in HostileBytes.truncations(SafetensorsFileTests.golden) {
      #expect(message { _ = try SafetensorsFile.decode(cut, path: "file") } != nil)
    }
    let longer = SafetensorsFileTests.golden + [0]
    #expect(
      message { _ = try SafetensorsFile.decode(longer, path: "file") }?.contains("1 bytes after") == true)
  }

  @Test func mutationsNeverTrap() {
    for damaged in HostileBytes.mutations(SafetensorsFileTests.golden, count: 5000, seed: 9) {
      guard let file = surviving("file", { try SafetensorsFile.decode(damaged, path: "file") }) else {
        continue
      }
      #expect(file.tensors.allSatisfy { $0.tensor.shape.reduce(1, *) == $0.tensor.values.count })
    }
  }
}
