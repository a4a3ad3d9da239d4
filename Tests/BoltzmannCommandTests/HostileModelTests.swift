import BoltzmannData
import Testing

/// Model files that are damaged, foreign or meant to harm: status 65 and one line with file and tensor.
@Suite struct HostileModelTests {
  private func expectRefusal(
    of bytes: [UInt8], _ parts: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let scratch = try Scratch()
    try scratch.write("m.safetensors", bytes)
    let outcome = try Tool.run(["info", "m.safetensors", "--filters", "f.png"], folder: scratch.root)
    outcome.expectFailure(65, ["m.safetensors: "] + parts, sourceLocation: sourceLocation)
    #expect(try scratch.names() == ["m.safetensors"], sourceLocation: sourceLocation)
  }

  private func expectRefusal(
    _ parts: [String], sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout TinyMachine) -> Void
  ) throws {
    var machine = TinyMachine()
    change(&machine)
    try expectRefusal(of: machine.bytes, parts, sourceLocation: sourceLocation)
  }

  @Test func metadata() throws {
    try expectRefusal(["format \"boltzmann/2\" is unknown", "\"boltzmann/1\""]) {
      $0.metadata["format"] = "boltzmann/2"
    }
    try expectRefusal(["no \"format\""]) { $0.metadata["format"] = nil }
    try expectRefusal(["no \"format\""]) { $0.metadata = [:] }
    try expectRefusal(["model \"perceptron\" is unknown", "rating-rbm, rbm"]) {
      $0.metadata["model"] = "perceptron"
    }
    try expectRefusal(["tensor hidden_bias: unknown"]) { $0.metadata["model"] = "rating-rbm" }
    try expectRefusal(["no \"visible_units\""]) { $0.metadata["visible_units"] = nil }
    try expectRefusal(["hidden_units \"rele\" is unknown", "bernoulli"]) {
      $0.metadata["hidden_units"] = "rele"
    }
    try expectRefusal(["visible_shape \"2,2\" does not multiply up to 3"]) {
      $0.metadata["visible_shape"] = "2,2"
    }
    for shape in ["", "3,", "-1,-3", "a", "4294967296,4294967296,3", "0,3"] {
      try expectRefusal(["visible_shape"]) { $0.metadata["visible_shape"] = shape }
    }
    for text in ["", "{", "{}", #"{"binarization":"half"}"#, #"{"binarization":"none","scale":0}"#] {
      try expectRefusal(["preprocessing"]) { $0.metadata["preprocessing"] = text }
    }
  }

  @Test func tensors() throws {
    for name in ["weights", "visible_bias", "hidden_bias"] {
      try expectRefusal(["tensor \(name): is missing"]) { $0.missing = [name] }
      try expectRefusal(["tensor \(name): is not F32"]) {
        $0.tensors[name] = Tensor(shape: [1], values: .float64([1]))
      }
    }
    try expectRefusal(["tensor weights: has shape [2, 3], expected [3, 2]"]) {
      $0.tensors["weights"] = Tensor(shape: [2, 3], [Float](repeating: 0, count: 6))
    }
    try expectRefusal(["tensor weights: has shape [3, 3], expected [3, 2]"]) {
      $0.tensors["weights"] = Tensor(shape: [3, 3], [Float](repeating: 0, count: 9))
    }
    try expectRefusal(["tensor visible_bias: has shape [3, 1]"]) {
      $0.tensors["visible_bias"] = Tensor(shape: [3, 1], [0, 0, 0])
    }
    try expectRefusal(["tensor hidden_bias: has shape [0]"]) {
      $0.tensors["hidden_bias"] = Tensor(shape: [0], [])
      $0.tensors["weights"] = Tensor(shape: [3, 0], [])
    }
    try expectRefusal(["tensor reference_visible_bias: has shape [2], expected [3]"]) {
      $0.referenceVisibleBias = [0, 0]
    }
    try expectRefusal(["tensor visible_precision: unknown"]) {
      $0.tensors["visible_precision"] = Tensor(shape: [3], [1, 1, 1])
    }
    try expectRefusal(["tensor a\\nb\\u{1B}: unknown"]) {
      $0.tensors["a\nb\u{1b}"] = Tensor(shape: [1], [1])
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity], ["weights", "visible_bias", "hidden_bias"])
  func nonFiniteNumbers(value: Float, name: String) throws {
    var machine = TinyMachine()
    let shape = try #require(machine.file[name]?.shape)
    var values = [Float](repeating: 0, count: shape.reduce(1, *))
    values[values.count - 1] = value
    machine.tensors[name] = Tensor(shape: shape, values)
    try expectRefusal(of: machine.bytes, ["tensor \(name): ", "not finite"])
  }

  /// Names that start with `extra.` are free.
  @Test func extraTensors() throws {
    var machine = TinyMachine()
    machine.tensors["extra.notes"] = Tensor(shape: [2], values: .int64([1, 2]))
    let scratch = try Scratch()
    try scratch.write("m.safetensors", machine.bytes)
    #expect(try Tool.run(["info", "m.safetensors"], folder: scratch.root).status == 0)
  }

  /// Any file that ends too early is refused; a process for every 16th, all in `StoredModelHostileTests`.
  @Test func truncated() throws {
    let bytes = TinyMachine().bytes
    for count in stride(from: 0, to: bytes.count, by: 16) {
      try expectRefusal(of: Array(bytes.prefix(count)), [])
    }
    try expectRefusal(of: Array(bytes.dropLast()), ["truncated"])
    try expectRefusal(of: bytes + [0], ["1 bytes after the last tensor"])
  }

  @Test func headers() throws {
    for length: UInt64 in [.max, 1 << 62, 100_000_001, 4096] {
      var bytes = TinyMachine().bytes
      for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: length >> (8 * place)) }
      try expectRefusal(of: bytes, ["header"])
    }
    let deep = "{\"a\":" + String(repeating: "[", count: 100_000)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: deep.utf8.count >> (8 * $0)) }
    try expectRefusal(of: length + Array(deep.utf8), ["header"])
    try expectRefusal(of: Array("0,1,0\n1,1,1\n".utf8), ["not a safetensors file"])
  }

  /// Every command that takes a model refuses it the same way.
  @Test func allCommands() throws {
    let scratch = try Scratch()
    var machine = TinyMachine()
    machine.missing = ["hidden_bias"]
    try scratch.write("m.safetensors", machine.bytes)
    try scratch.write("data.csv", TinyMachine.stateText)
    for command in [
      ["evaluate", "m.safetensors", "--data", "data.csv"],
      ["sample", "m.safetensors", "--count", "1", "--output", "out"],
      ["transform", "m.safetensors", "--data", "data.csv", "--output", "out"],
    ] {
      try Tool.run(command, folder: scratch.root)
        .expectFailure(65, ["m.safetensors: tensor hidden_bias: is missing"])
    }
    #expect(try scratch.names() == ["data.csv", "m.safetensors"])
  }
}
