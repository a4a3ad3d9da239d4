import BoltzmannData
import Testing

/// Data that cannot be learned from: status 65 or 66, one line with file and place, and nothing written.
@Suite struct BadDataTests {
  private static func scratch(_ content: [UInt8]) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data", content)
    try scratch.write("good.csv", TinyMachine.stateText)
    try scratch.write("m.safetensors", TinyMachine().bytes)
    return scratch
  }

  private static let train = ["train", "--batch-size", "1", "--output", "run", "--data"]

  private func expectRefusal(
    of content: [UInt8], by commands: [[String]] = [train + ["data"]], _ parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let scratch = try Self.scratch(content)
    let before = try scratch.tree()
    for command in commands {
      let outcome = try Tool.run(command, folder: scratch.root)
      outcome.expectFailure(65, ["data: "] + parts, sourceLocation: sourceLocation)
      #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    }
    #expect(try scratch.tree() == before, sourceLocation: sourceLocation)
  }

  /// Every way to hand the same data over ends the same way.
  @Test func allCommands() throws {
    let commands = [
      Self.train + ["data"], Self.train + ["good.csv", "--validation", "data"],
      ["evaluate", "m.safetensors", "--data", "data", "--per-sample", "out"],
      ["transform", "m.safetensors", "--data", "data", "--output", "out"],
      ["sample", "m.safetensors", "--count", "1", "--initial", "data", "--output", "out"],
    ]
    for content in ["1,0,1\n0,nan,1\n", "1,0,1\n0,1.5,1\n", "1,0,1\n0,1\n", ""] {
      try expectRefusal(of: Array(content.utf8), by: commands, [])
    }
  }

  @Test(arguments: [
    ("1,0,1\n0,nan,1\n", ["line 2, column 2", "nan"]),
    ("1,0,1\n0,1,inf\n", ["line 2, column 3", "inf"]),
    ("1,0,1\n-Infinity,1,0\n", ["line 2, column 1"]),
    ("1,0,1\n0,1.5,1\n", ["row 2, column 2", "1.5 lies outside [0, 1]", "--scale"]),
    ("1,0,1\n0,0.5,-0.25\n", ["row 2, column 3", "-0.25 lies outside [0, 1]"]),
    ("1,0,1\n0,1\n", ["line 2", "2", "3"]),
    ("1,0,1\n0,1,1,0\n", ["line 2", "4", "3"]),
    ("1,0,1\n0,,1\n", ["line 2, column 2"]),
    ("1,0,1\n0,one,1\n", ["line 2, column 2", "'one' is not a number"]),
    ("", ["the file is empty"]),
    ("a,b,c\n", []),
    ("\n\n", []),
    ("hello\n", []),
  ])
  func text(content: String, parts: [String]) throws {
    try expectRefusal(of: Array(content.utf8), parts)
  }

  private static let matrix = NPY.encode([Float](arrayLiteral: 0, 1, 0, 1, 1, 0), shape: [2, 3])

  private static func npy(_ header: String, _ payload: [UInt8]) -> [UInt8] {
    let text = Array(header.utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text
      + payload
  }

  @Test func arrays() throws {
    let notFinite: [Float] = [0, 1, .nan, 1, 1, 0], negative: [Float] = [0, 1, 0, -1, 1, 0]
    try expectRefusal(of: NPY.encode(notFinite, shape: [2, 3]), ["row 1, column 3"])
    try expectRefusal(of: NPY.encode(negative, shape: [2, 3]), ["row 2, column 1", "outside [0, 1]"])
    try expectRefusal(of: NPY.encode([Float(1), 0, 1], shape: [3]), ["NPY", "1 dimension"])
    try expectRefusal(of: Array(Self.matrix.dropLast()), [])
    try expectRefusal(of: Self.matrix + [0], [])
    try expectRefusal(of: Array(Self.matrix.prefix(40)), ["NPY", "truncated"])
    let huge = "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296), }"
    try expectRefusal(of: Self.npy(huge, [1, 2, 3]), [])
    let odd = "{'descr': '<c8', 'fortran_order': False, 'shape': (1, 3), }"
    try expectRefusal(of: Self.npy(odd, [UInt8](repeating: 0, count: 24)), ["NPY"])
  }

  @Test func imagesOfBytes() throws {
    let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3]
    try expectRefusal(of: header + [1, 2, 3, 4, 5], ["IDX"])
    try expectRefusal(of: Array(header.prefix(9)), ["IDX"])
    let overflowing: [UInt8] = [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12)
    try expectRefusal(of: overflowing + [1], ["IDX"])
  }

  @Test func foreignFiles() throws {
    try expectRefusal(of: TinyMachine().bytes, ["a safetensors file, not NPY, IDX, CSV or TSV"])
    try expectRefusal(of: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a], ["a PNG picture"])
    try expectRefusal(of: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3], [])
  }

  @Test func wrongWidth() throws {
    let scratch = try Self.scratch(Array("1,0\n0,1\n".utf8))
    let before = try scratch.tree()
    try Tool.run(Self.train + ["good.csv", "--validation", "data"], folder: scratch.root)
      .expectFailure(65, ["data: has 2 columns, but the machine has 3 visible units"])
    for command in [
      ["evaluate", "m.safetensors", "--data", "data"],
      ["transform", "m.safetensors", "--output", "out", "--data", "data"],
      ["sample", "m.safetensors", "--count", "2", "--output", "out", "--initial", "data"],
    ] {
      try Tool.run(command, folder: scratch.root)
        .expectFailure(65, ["data: has 2 columns, but m.safetensors has 3 visible units"])
    }
    #expect(try scratch.tree() == before)
  }

  @Test func missingInput() throws {
    let scratch = try Self.scratch([])
    let before = try scratch.tree()
    let train = Self.train
    for command in [
      train + ["none"], train + ["good.csv", "--validation", "none"],
      ["train", "--resume", "none"],
      ["evaluate", "none", "--data", "good.csv"], ["evaluate", "m.safetensors", "--data", "none"],
      ["sample", "none", "--count", "1", "--output", "out"],
      ["sample", "m.safetensors", "--count", "1", "--output", "out", "--initial", "none"],
      ["transform", "none", "--data", "good.csv", "--output", "out"],
      ["transform", "m.safetensors", "--data", "none", "--output", "out"], ["info", "none"],
    ] {
      try Tool.run(command, folder: scratch.root).expectFailure(66, ["none: "])
    }
    for command in [train + ["."], ["info", "."], ["evaluate", "m.safetensors", "--data", "."]] {
      try Tool.run(command, folder: scratch.root).expectFailure(66, ["Is a directory"])
    }
    try Tool.run(train + [""], folder: scratch.root).expectFailure(66, ["\"\": No such file"])
    #expect(try scratch.tree() == before)
  }

  /// What is odd but right: constant columns, equal rows, a single row, a single column.
  @Test(arguments: [
    "0,1,0\n0,1,1\n0,1,0\n0,1,1\n", "1,1,1\n1,1,1\n1,1,1\n1,1,1\n", "0,0,0\n0,0,0\n0,0,0\n0,0,0\n",
    "1,0,1\n", "1\n0\n1\n", "0.5,0.5\n0.5,0.5\n",
  ])
  func oddButRight(content: String) throws {
    let scratch = try Self.scratch(Array(content.utf8))
    for method in ["cd", "pcd", "exact"] {
      let outcome = try scratch.train(
        [
          "--data", "data", "--batch-size", "1", "--hidden", "3", "--epochs", "3", "--learning-rate", "0.5",
          "--method", method, "--json", "--log-likelihood-every", "1", "--output", method,
        ])
      #expect(!outcome.output.contains("null"), "\(outcome.output)")
      let model = try StoredModel.read(scratch.path("\(method)/model.safetensors"))
      #expect(model.visibleShape == nil)
    }
  }
}
