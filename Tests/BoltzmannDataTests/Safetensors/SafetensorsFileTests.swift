import BoltzmannData
import Testing

@Suite struct SafetensorsFileTests {
  /// What Python's safetensors 0.8 writes: keys of a tensor unsorted, I64 before F32.
  static let python =
    bytes(hex: "9800000000000000")
    + Array(
      (#"{"__metadata__":{"format":"boltzmann/1"},"a":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},"#
        + #""b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}  "#).utf8)
    + bytes(hex: "07000000000000000000c03f000000c0")

  /// What is written here; Python's safetensors reads the same tensors from it.
  static let golden =
    bytes(hex: "9800000000000000")
    + Array(
      (#"{"__metadata__":{"format":"boltzmann/1"},"a":{"data_offsets":[0,8],"dtype":"I64","shape":[1,1]},"#
        + #""b":{"data_offsets":[8,16],"dtype":"F32","shape":[2]}}  "#).utf8)
    + bytes(hex: "07000000000000000000c03f000000c0")

  static let file = SafetensorsFile(
    metadata: ["format": "boltzmann/1"],
    tensors: [
      ("b", Tensor(shape: [2], [1.5, -2])), ("a", Tensor(shape: [1, 1], values: .int64([7]))),
    ])

  private func decode(_ bytes: [UInt8]) throws -> SafetensorsFile {
    try SafetensorsFile.decode(bytes, path: "file")
  }

  @Test(arguments: [python, golden])
  func readsGoldenBytes(bytes: [UInt8]) throws {
    let file = try decode(bytes)
    #expect(file.metadata == ["format": "boltzmann/1"])
    #expect(file.tensors.map(\.name) == ["a", "b"])
    #expect(file["a"] == Tensor(shape: [1, 1], values: .int64([7])))
    #expect(file["b"]?.floats == [1.5, -2])
    #expect(file["c"] == nil)
  }

  @Test func writesGoldenBytesWhateverTheOrder() throws {
    var file = Self.file
    #expect(file.encode() == Self.golden)
    file.tensors.reverse()
    #expect(file.encode() == Self.golden)
    let folder = try TemporaryFolder()
    try file.write(to: folder.file("m"))
    #expect(try folder.content("m") == Self.golden)
  }

  @Test func everyTypeAndShapeReadsBack() throws {
    let tensors: [(name: String, tensor: Tensor)] = [
      ("f32", Tensor(shape: [2, 3], [0, -0.0, 1, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude])),
      ("f64", Tensor(shape: [2], values: .float64([0.1, -.leastNormalMagnitude]))),
      ("i64", Tensor(shape: [2, 1, 1], values: .int64([.min, .max]))),
      ("u8", Tensor(shape: [5], values: .uint8([0, 1, 2, 254, 255]))),
      ("scalar", Tensor(shape: [], [2])),
      ("empty", Tensor(shape: [0, 4], [])),
      ("a/\"quoted\"\n", Tensor(shape: [1], [3])),
    ]
    let folder = try TemporaryFolder()
    let written = SafetensorsFile(metadata: ["é\n": "\"", "": ""], tensors: tensors)
    try written.write(to: folder.file("m"))
    let read = try SafetensorsFile.read(folder.file("m"))
    #expect(read.metadata == written.metadata && read.tensors.count == tensors.count)
    for (name, tensor) in tensors { #expect(read[name] == tensor) }
  }

  /// By falling size of the type, then by name: every number is aligned, as PyTorch needs it.
  @Test func numbersAreAligned() throws {
    let tensors: [(name: String, tensor: Tensor)] = [
      ("a", Tensor(shape: [3], values: .uint8([1, 2, 3]))), ("c", Tensor(shape: [1], [1])),
      ("b", Tensor(shape: [1], [1])), ("d", Tensor(shape: [1], values: .float64([1]))),
    ]
    let bytes = SafetensorsFile(tensors: tensors).encode()
    #expect(bytes[0] % 8 == 0)
    #expect(try decode(bytes).tensors.map(\.name) == ["d", "b", "c", "a"])
  }

  @Test func filesWithoutTensors() throws {
    #expect(try decode(SafetensorsFile().encode()).tensors.isEmpty)
  }

  @Test func numbersThatAreNotFinite() throws {
    let file = SafetensorsFile(tensors: [("w", Tensor(shape: [3], [1, .nan, 2]))])
    let expected = "file: tensor w: the number at 1 (from 0) is nan, not finite"
    #expect(message { _ = try decode(file.encode()) } == expected)
    let tolerated = try SafetensorsFile.decode(file.encode(), path: "file", allowsNonFinite: true)
    #expect(tolerated["w"]?.floats?[1].isNaN == true)
    let double = SafetensorsFile(tensors: [("d", Tensor(shape: [1], values: .float64([-.infinity])))])
    #expect(message { _ = try decode(double.encode()) }?.contains("tensor d: the number at 0") == true)
  }

  @Test func whatCannotBeReadIsNotWritten() throws {
    let folder = try TemporaryFolder()
    try Self.file.write(to: folder.file("m"))
    let bad = SafetensorsFile(tensors: [("w", Tensor(shape: [1], [.infinity]))])
    #expect(throws: DataError.self) { try bad.write(to: folder.file("m")) }
    #expect(try folder.content("m") == Self.golden)
    try bad.write(to: folder.file("m"), allowsNonFinite: true)
    #expect(try SafetensorsFile.read(folder.file("m"), allowsNonFinite: true)["w"]?.floats == [.infinity])
  }

  @Test func missingFiles() throws {
    let error = try #require(throws: DataError.self) { try SafetensorsFile.read("/nowhere/m") }
    #expect(error.category == .missingInput)
  }
}
