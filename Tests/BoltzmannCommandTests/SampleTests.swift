import BoltzmannData
import Testing

@Suite struct SampleTests {
  private func scratch(_ machine: TinyMachine = TinyMachine()) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("m.safetensors", machine.bytes)
    return scratch
  }

  @discardableResult
  private func sample(_ scratch: Scratch, _ options: [String]) throws -> Tool.Outcome {
    let outcome = try Tool.run(["sample", "m.safetensors"] + options, folder: scratch.root)
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome
  }

  @Test func statesAsNPY() throws {
    let scratch = try scratch()
    let outcome = try sample(scratch, ["--count", "70", "--steps", "3", "--output", "s.npy"])
    #expect(outcome.output.isEmpty && outcome.error == "70 samples after 3 Gibbs steps: s.npy\n")
    let array = try #require(NPYArray(scratch.bytes("s.npy")))
    #expect(array.type == "|u1" && array.shape == [70, 3])
    #expect(array.payload.count == 210)
    #expect(Set(array.payload) == [0, 1])
  }

  @Test func imagesAsNPY() throws {
    var machine = TinyMachine()
    machine.metadata["visible_shape"] = "3,1"
    let scratch = try scratch(machine)
    try sample(scratch, ["--count", "4", "--steps", "1", "--output", "s.npy"])
    #expect(NPYArray(try scratch.bytes("s.npy"))?.shape == [4, 3, 1])
  }

  /// The same states in both formats, and what was written can be read as data.
  @Test func statesAsCSV() throws {
    let scratch = try scratch()
    for name in ["s.csv", "s.npy"] {
      try sample(scratch, ["--count", "9", "--steps", "2", "--output", name])
    }
    let table = try NumericTable.read(scratch.path("s.csv"))
    #expect(table.rows == 9 && table.columns == 3)
    #expect(try table.values == NumericTable.read(scratch.path("s.npy")).values)
  }

  @Test(arguments: [[], ["--tempering"]])
  func heldVisibles(_ options: [String]) throws {
    let scratch = try scratch()
    try scratch.write("data.csv", "1,0,1\n0,1,1\n")
    try sample(
      scratch,
      ["--count", "40", "--steps", "3", "--initial", "data.csv", "--hold", "0-1", "--output", "s.npy"]
        + options)
    let array = try #require(NPYArray(scratch.bytes("s.npy")))
    let rows = (0..<40).map { Array(array.payload.dropFirst(3 * $0).prefix(3)) }
    for (number, row) in rows.enumerated() {
      #expect(row[0] == (number % 2 == 0 ? 1 : 0) && row[1] != row[0])
    }
    #expect(Set(rows.map { $0[2] }) == [0, 1])
  }

  @Test func tempered() throws {
    let scratch = try scratch()
    let outcome = try sample(
      scratch, ["--count", "30", "--steps", "20", "--tempering", "--output", "s.npy"])
    #expect(outcome.error.contains("round trips"))
    #expect(NPYArray(try scratch.bytes("s.npy"))?.shape == [30, 3])
  }

  @Test func seedAndThreads() throws {
    let scratch = try scratch()
    func states(_ options: [String]) throws -> [UInt8] {
      try sample(scratch, ["--count", "130", "--steps", "4", "--output", "s.npy"] + options)
      return try scratch.bytes("s.npy")
    }
    let expected = try states(["--threads", "1"])
    for threads in ["2", "3"] { #expect(try states(["--threads", threads]) == expected) }
    #expect(try states(["--seed", "1"]) != expected)
    // A chain's numbers are its own: fewer chains are the first of many.
    try sample(scratch, ["--count", "60", "--steps", "4", "--output", "few.npy"])
    let few = try #require(NPYArray(scratch.bytes("few.npy")))
    #expect(NPYArray(expected)?.payload.prefix(180) == few.payload)
  }

  /// A machine that copies its state shows where the chains began.
  @Test func initialStates() throws {
    let scratch = try scratch(.copying(units: 3))
    try scratch.write("data.csv", "1,0,1\n0,0,1\n")
    let initial = ["--initial", "data.csv", "--steps", "5", "--count"]
    try sample(scratch, initial + ["5", "--output", "s.csv"])
    #expect(try scratch.text("s.csv") == "1,0,1\n0,0,1\n1,0,1\n0,0,1\n1,0,1\n")
    try sample(scratch, initial + ["1", "--output", "s.csv"])
    #expect(try scratch.text("s.csv") == "1,0,1\n")
    try scratch.write("data.csv", "0.6,0.4,1\n")
    try sample(scratch, initial + ["1", "--output", "s.csv"])
    #expect(try scratch.text("s.csv") == "1,0,1\n")
    try sample(scratch, initial + ["1", "--output", "s.csv", "--threshold", "0.3"])
    #expect(try scratch.text("s.csv") == "1,1,1\n")
  }

  @Test func baseRates() throws {
    var machine = TinyMachine.copying(units: 3)
    machine.referenceVisibleBias = [40, -40, 40]
    let scratch = try scratch(machine)
    try sample(scratch, ["--count", "2", "--steps", "1", "--output", "s.csv"])
    #expect(try scratch.text("s.csv") == "1,0,1\n1,0,1\n")
  }

  @Test func picture() throws {
    var machine = TinyMachine.copying(units: 6)
    machine.metadata["visible_shape"] = "2,3"
    let scratch = try scratch(machine)
    let states: [[Double]] = [[1, 0, 1, 0, 0, 0], [1, 1, 1, 1, 0, 1], [0, 0, 0, 0, 0, 1]]
    try scratch.write("data.csv", TinyMachine.text(states))
    try sample(
      scratch, ["--count", "3", "--steps", "1", "--initial", "data.csv", "--output", "s.png"])
    let png = try scratch.bytes("s.png")
    #expect(png.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    let grid = ImageGrid(tileHeight: 2, tileWidth: 3).image(of: states.flatMap { $0.map { Float($0) } })
    #expect(png == PNG.encode(grid))
  }

  @Test func asJSON() throws {
    let scratch = try scratch()
    let outcome = try sample(scratch, ["--json", "--count", "2", "--steps", "1", "--output", "s.npy"])
    #expect(outcome.output == #"{"count":2,"output":"s.npy","steps":1}"# + "\n")
    #expect(outcome.error.isEmpty)
    let quiet = try sample(scratch, ["--quiet", "--count", "2", "--steps", "1", "--output", "s.npy"])
    #expect(quiet.output.isEmpty && quiet.error.isEmpty)
  }
}
