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
      "visible": 3, "hidden": 2, "visible_units": "bernoulli", "hidden_units": "bernoulli",
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
