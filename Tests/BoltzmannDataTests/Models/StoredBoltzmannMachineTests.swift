import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

@Suite struct StoredBoltzmannMachineTests {
  /// Two visible spins and three hidden bits.
  static func machine() throws -> BoltzmannMachine {
    try BoltzmannMachine(
      visibleBias: [0.5, -1], hiddenBias: [1, 2, -3],
      weights: Matrix(rows: 2, columns: 3, values: [1, -2, 0.5, 0, 0.25, -8]),
      visibleCouplings: Matrix(rows: 2, columns: 2, values: [0, 1.5, 1.5, 0]),
      hiddenCouplings: Matrix(rows: 3, columns: 3, values: [0, 1, 2, 1, 0, -4, 2, -4, 0]), visibleKind: .spin)
  }

  static func stored() throws -> StoredBoltzmannMachine {
    StoredBoltzmannMachine(
      try machine(), visibleShape: [1, 2], preprocessing: Preprocessing(scale: 16), provenance: "by hand")
  }

  private func bytes(_ model: StoredBoltzmannMachine) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try model.write(to: folder.file("m"))
    return try folder.content("m")
  }

  /// The file as the format describes it: names, shapes, row-major numbers.
  @Test func contents() throws {
    let folder = try TemporaryFolder()
    let file = try SafetensorsFile.read(folder.file("m", bytes(Self.stored())))
    #expect(
      file.metadata == [
        "format": "boltzmann/1", "model": "boltzmann-machine", "visible_units": "spin",
        "hidden_units": "bernoulli", "visible_shape": "1,2", "provenance": "by hand",
        "preprocessing": #"{"binarization":"threshold:0.5","scale":16.0}"#,
      ])
    let expected: [String: Tensor] = [
      "weights": Tensor(shape: [2, 3], [1, -2, 0.5, 0, 0.25, -8]),
      "visible_bias": Tensor(shape: [2], [0.5, -1]), "hidden_bias": Tensor(shape: [3], [1, 2, -3]),
      "visible_couplings": Tensor(shape: [2, 2], [0, 1.5, 1.5, 0]),
      "hidden_couplings": Tensor(shape: [3, 3], [0, 1, 2, 1, 0, -4, 2, -4, 0]),
    ]
    #expect(Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.tensor) }) == expected)
  }

  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    let read = try StoredBoltzmannMachine.read(folder.file("m", bytes(Self.stored())))
    let machine = try Self.machine()
    #expect(read.machine.couplings == machine.couplings && read.machine.bias == machine.bias)
    #expect(read.machine.visibleKind == .spin && read.machine.hiddenKind == .bernoulli)
    #expect(read.visibleShape == [1, 2] && read.provenance == "by hand")
    #expect(read.preprocessing == Preprocessing(scale: 16))
    #expect(try bytes(read) == bytes(Self.stored()))
  }

  /// Tensors without entries may be missing or not.
  @Test func withoutHiddens() throws {
    let couplings = Matrix(rows: 2, columns: 2, values: [0, 1, 1, 0])
    let machine = try BoltzmannMachine(visibleBias: [1, 2], visibleCouplings: couplings)
    let folder = try TemporaryFolder()
    var file = try SafetensorsFile.read(folder.file("m", bytes(StoredBoltzmannMachine(machine))))
    #expect(file.tensors.map(\.name).sorted() == ["visible_bias", "visible_couplings"])
    file.tensors += [
      ("weights", Tensor(shape: [2, 0], [])), ("hidden_bias", Tensor(shape: [0], [])),
      ("hidden_couplings", Tensor(shape: [0, 0], [])),
    ]
    for bytes in [try folder.content("m"), file.encode()] {
      let read = try StoredBoltzmannMachine.read(folder.file("n", bytes)).machine
      #expect(read.hiddenCount == 0 && read.couplings == machine.couplings && read.bias == [1, 2])
    }
  }

  private func expectRefusal(
    _ expected: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout SafetensorsFile) -> Void
  ) throws {
    let folder = try TemporaryFolder()
    var file = try SafetensorsFile.read(folder.file("m", bytes(Self.stored())))
    change(&file)
    let path = try folder.file("m", file.encode())
    let line = message { _ = try StoredBoltzmannMachine.read(path) }
    #expect(line == "\(path): \(expected)", sourceLocation: sourceLocation)
  }

  @Test func whatIsWrong() throws {
    func set(_ name: String, _ shape: [Int], _ values: [Float]) -> (inout SafetensorsFile) -> Void {
      { file in
        file.tensors.removeAll { $0.name == name }
        file.tensors.append((name, Tensor(shape: shape, values)))
      }
    }
    try expectRefusal(
      "tensor visible_couplings: is not symmetric: (1, 0) is 2.0, (0, 1) is 1.0",
      set("visible_couplings", [2, 2], [0, 1, 2, 0]))
    try expectRefusal(
      "tensor hidden_couplings: (1, 1) is 0.5, the diagonal must be zero",
      set("hidden_couplings", [3, 3], [0, 0, 0, 0, 0.5, 0, 0, 0, 0]))
    try expectRefusal(
      "tensor visible_couplings: has shape [2], expected [2, 2]", set("visible_couplings", [2], [0, 1]))
    try expectRefusal(
      "tensor weights: has shape [3, 2], expected [2, 3]", set("weights", [3, 2], [0, 0, 0, 0, 0, 0]))
    for name in ["visible_bias", "visible_couplings", "weights", "hidden_couplings"] {
      try expectRefusal("tensor \(name): is missing") { $0.tensors.removeAll { $0.name == name } }
    }
    try expectRefusal("visible_units \"gaussian\" is unknown, expected one of: bernoulli, spin") {
      $0.metadata["visible_units"] = "gaussian"
    }
    try expectRefusal("the metadata has no \"hidden_units\"") { $0.metadata["hidden_units"] = nil }
    try expectRefusal("model \"rbm\" is unknown here, expected \"boltzmann-machine\"") {
      $0.metadata["model"] = nil
    }
    try expectRefusal("tensor precision: unknown, neither a parameter of this model nor named extra.…") {
      $0.tensors.append(("precision", Tensor(shape: [1], [0])))
    }
  }

  @Test func nonFiniteNumbers() throws {
    let folder = try TemporaryFolder()
    var file = try SafetensorsFile.read(folder.file("m", bytes(Self.stored())))
    file.tensors.removeAll { $0.name == "visible_couplings" }
    file.tensors.append(("visible_couplings", Tensor(shape: [2, 2], [0, .nan, .nan, 0])))
    let path = try folder.file("m", file.encode())
    let line = message { _ = try StoredBoltzmannMachine.read(path) }
    #expect(line == "\(path): tensor visible_couplings: the number at 1 (from 0) is nan, not finite")
  }

  /// No file makes the reader trap, and what is read in spite of an edit is a whole machine.
  @Test func damagedFiles() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let whole = try bytes(Self.stored())
    for cut in HostileBytes.truncations(whole) {
      let path = try folder.file("m", cut)
      #expect(message { _ = try StoredBoltzmannMachine.read(path) }?.hasPrefix("\(path): ") == true)
    }
    for damaged in HostileBytes.mutations(whole, count: 1000, seed: 22) {
      let path = try folder.file("m", damaged)
      guard let model = surviving(path, { try StoredBoltzmannMachine.read(path) }) else { continue }
      #expect(model.machine.isFinite && model.machine.visibleCount > 0)
      #expect(BoltzmannMachine.asymmetry(of: model.machine.couplings) == nil)
    }
  }
}
