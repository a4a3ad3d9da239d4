import BoltzmannData
import BoltzmannReference
import Testing

@Suite struct TransformTests {
  private func transform(_ scratch: Scratch, _ options: [String]) throws -> Tool.Outcome {
    let outcome = try Tool.run(["transform", "m.safetensors"] + options, folder: scratch.root)
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome
  }

  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("m.safetensors", TinyMachine().bytes)
    try scratch.write("data.csv", TinyMachine.stateText)
    return scratch
  }

  @Test func hiddenMeans() throws {
    let scratch = try scratch()
    let outcome = try transform(scratch, ["--data", "data.csv", "--output", "f.npy"])
    #expect(outcome.output.isEmpty && outcome.error == "5 × 2 hidden means: f.npy\n")
    let array = try #require(NPYArray(scratch.bytes("f.npy")))
    #expect(array.type == "<f4" && array.shape == [5, 2])
    let expected = TinyMachine.states.flatMap { TinyMachine().reference.hiddenMeans(given: $0) }
    for (mean, value) in zip(array.numbers(Float.self), expected) {
      // The inputs are exact; a logistic below 1 is within 4 ulps of 2⁻²⁴.
      #expect(abs(Double(mean) - value) <= 4 * 0x1p-24)
    }
    _ = try transform(scratch, ["--data", "data.csv", "--output", "f.csv"])
    let table = try NumericTable.read(scratch.path("f.csv"))
    #expect(table.values == .floats(array.numbers(Float.self)) && table.columns == 2)
  }

  /// Grey values can be asked for: a mean is defined for them.
  @Test func greyValues() throws {
    let scratch = try scratch()
    try scratch.write("grey.csv", "0.5,0.25,1\n")
    _ = try transform(scratch, ["--data", "grey.csv", "--output", "f.npy", "--binarize", "none"])
    let means = try #require(NPYArray(scratch.bytes("f.npy"))).numbers(Float.self)
    for (mean, value) in zip(means, TinyMachine().reference.hiddenMeans(given: [0.5, 0.25, 1])) {
      #expect(abs(Double(mean) - value) <= 4 * 0x1p-24)
    }
  }

  @Test func threads() throws {
    let scratch = try scratch()
    try scratch.write("many.csv", TinyData.binary(rows: 330, columns: 3))
    let files = try (1...3).map { threads in
      _ = try transform(
        scratch, ["--data", "many.csv", "--output", "f.npy", "--threads", "\(threads)", "--quiet"])
      return try scratch.bytes("f.npy")
    }
    #expect(files[0] == files[1] && files[0] == files[2])
  }

  @Test func asJSON() throws {
    let outcome = try transform(scratch(), ["--json", "--data", "data.csv", "--output", "f.npy"])
    #expect(outcome.output == #"{"hidden":2,"output":"f.npy","samples":5}"# + "\n")
    #expect(outcome.error.isEmpty)
  }
}
