import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

@Suite struct InfoTests {
  private func scratch(_ machine: TinyMachine = TinyMachine()) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("m.safetensors", machine.bytes)
    return scratch
  }

  private func info(_ scratch: Scratch, _ options: [String] = []) throws -> Tool.Outcome {
    let outcome = try Tool.run(["info", "m.safetensors"] + options, folder: scratch.root)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    return outcome
  }

  private static var described: TinyMachine {
    var machine = TinyMachine()
    machine.metadata["visible_shape"] = "1,3"
    machine.metadata["preprocessing"] = #"{"binarization":"threshold:0.25","scale":16}"#
    machine.metadata["provenance"] = "by hand"
    return machine
  }

  @Test func asJSON() throws {
    let outcome = try info(scratch(Self.described), ["--json"])
    let json = try JSONValue.parse(Array(outcome.output.utf8), path: "output")
    // Σw² = 1 + 2.25 + 0.25 + 4 + 0.0625 is exact, and so is its root to the last place.
    let expected: JSONValue = [
      "model": "rbm", "visible": 3, "hidden": 2, "visible_units": "bernoulli", "hidden_units": "bernoulli",
      "weight_norm": .number(7.5625.squareRoot()), "weights": ["min": -1.5, "max": 2.0],
      "visible_bias": ["min": -1.0, "max": 1.0], "hidden_bias": ["min": -0.5, "max": 0.5],
      "visible_shape": [1, 3], "binarization": "threshold:0.25", "scale": 16.0, "provenance": "by hand",
    ]
    #expect(json == expected)
    let bare = try info(scratch(), ["--json"])
    let keys = try JSONValue.parse(Array(bare.output.utf8), path: "output").object.map { Set($0.keys) }
    #expect(
      keys?.isDisjoint(with: ["visible_shape", "binarization", "scale", "provenance"]) == true)
  }

  @Test func tableForPeople() throws {
    let output = try info(scratch(Self.described)).output
    for part in ["visible units", "bernoulli", "1 × 3", "threshold:0.25", "by hand", "-1.500 … 2.000"] {
      #expect(output.contains(part), "\(output)")
    }
  }

  /// A picture of each hidden unit's weights in the shape of a sample.
  @Test func filters() throws {
    let scratch = try scratch(Self.described)
    _ = try info(scratch, ["--filters", "f.png"])
    let grid = ImageGrid(tileHeight: 1, tileWidth: 3, scaling: .tileSymmetric)
    let picture = grid.image(of: [1, 0.5, -0.25, -1.5, 2, 0])
    #expect(try scratch.bytes("f.png") == PNG.encode(picture))
  }

  @Test func generalMachines() throws {
    let scratch = try Scratch(), path = scratch.path("m.safetensors")
    let couplings = Matrix(rows: 2, columns: 2, values: [0, -3, -3, 0])
    let machine = try BoltzmannMachine(
      visibleBias: [1, 2], hiddenBias: [4], weights: Matrix(rows: 2, columns: 1, values: [0.5, -0.25]),
      visibleCouplings: couplings, visibleKind: .spin)
    try StoredBoltzmannMachine(machine, visibleShape: [2, 1]).write(to: path)
    let facts = try JSONValue.parse(
      Array(info(scratch, ["--json", "--filters", "f.png"]).output.utf8), path: "output")
    #expect(facts["model"]?.string == "boltzmann-machine" && facts["visible_units"]?.string == "spin")
    #expect(facts["visible_couplings"] == ["min": -3.0, "max": 0.0] && facts["hidden"]?.integer == 1)
    let grid = ImageGrid(tileHeight: 2, tileWidth: 1, scaling: .tileSymmetric)
    #expect(try scratch.bytes("f.png") == PNG.encode(grid.image(of: [0.5, -0.25])))
    try StoredBoltzmannMachine(BoltzmannMachine(visible: 3)).write(to: path)
    let lines = try info(scratch).outputLines
    #expect(lines.contains { $0.hasPrefix("hidden units") && $0.hasSuffix(" 0") })
    try Tool.run(["info", "m.safetensors", "--filters", "g.png"], folder: scratch.root)
      .expectFailure(65, ["m.safetensors: has no hidden units"])
  }

  @Test func classificationMachines() throws {
    let scratch = try Scratch()
    let machine = ClassificationRBM(
      visibleBias: [0.5, -1], hiddenBias: [1, 2, -3], classBias: [0.25, -0.125],
      weights: Matrix(rows: 2, columns: 3, values: [1, -2, 0.5, 0, 0.25, -8]),
      classWeights: Matrix(rows: 2, columns: 3, values: [4, 5, 6, -4, -5, -6]))
    try StoredClassificationRBM(machine, classes: [3, 7], provenance: "by hand").write(
      to: scratch.path("m.safetensors"))
    let facts = try JSONValue.parse(Array(info(scratch, ["--json"]).output.utf8), path: "output")
    #expect(facts["classes"] == [3, 7] && facts["class_weights"] == ["min": -6.0, "max": 6.0])
    #expect(facts["provenance"]?.string == "by hand" && facts["hidden"]?.integer == 3)
    #expect(try info(scratch, ["--filters", "f.png"]).output.contains("3, 7"))
  }

  @Test func unknownKinds() throws {
    var machine = TinyMachine()
    machine.metadata["model"] = "perceptron"
    let scratch = try scratch(machine)
    try Tool.run(["info", "m.safetensors"], folder: scratch.root).expectFailure(
      65, ["model \"perceptron\" is unknown, expected one of boltzmann-machine, classification-rbm, gan"])
  }

  /// Numbers at the edge of `Float` describe a machine that is of no use, and must not end the tool.
  @Test func hugeParameters() throws {
    var machine = TinyMachine()
    machine.tensors["weights"] = Tensor(shape: [3, 2], [3.4e38, -3.4e38, 3.4e38, 3.4e38, -3.4e38, 0])
    machine.tensors["visible_bias"] = Tensor(shape: [3], [-3.4e38, 3.4e38, 3.4e38])
    let scratch = try scratch(machine)
    try scratch.write("data.csv", TinyMachine.stateText)
    #expect(try info(scratch, ["--filters", "f.png"]).output.contains("e+38"))
    let commands = [
      ["evaluate", "m.safetensors", "--data", "data.csv"],
      [
        "evaluate", "m.safetensors", "--data", "data.csv", "--json", "--partition", "ais", "--chains", "3",
        "--temperatures", "5",
      ],
      ["sample", "m.safetensors", "--count", "5", "--steps", "3", "--output", "s.png"],
      ["sample", "m.safetensors", "--count", "5", "--steps", "3", "--output", "s.npy"],
      ["transform", "m.safetensors", "--data", "data.csv", "--output", "t.npy"],
    ]
    for command in commands {
      let outcome = try Tool.run(command, folder: scratch.root)
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(!outcome.output.contains("nan") && !outcome.output.contains("inf"))
    }
  }
}
