import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

@Suite struct SampleWeightsTests {
  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 8, columns: 4))
    return scratch
  }

  private static let common = [
    "--data", "data.csv", "--hidden", "3", "--batch-size", "8", "--epochs", "3", "--no-shuffle", "--output",
  ]

  @Test(arguments: [
    ("1\n1\n", ["2 sample weights for 8 samples"]),
    ("1\n1\n1\n0\n1\n1\n1\n1\n", ["the weight of sample 4 is 0.0, not positive and finite"]),
    ("1\n1\n1\n1\n1\n1\n1\n-2\n", ["the weight of sample 8 is -2.0, not positive and finite"]),
    ("1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n1,1\n", ["has 2 columns, expected one of weights"]),
    ("1\n1\nnan\n1\n1\n1\n1\n1\n", ["line 3", "nan"]), ("1\none\n", ["line 2", "'one' is not a number"]),
    ("", ["the file is empty"]),
  ])
  func refusals(text: String, parts: [String]) throws {
    let scratch = try scratch()
    try scratch.write("w.csv", text)
    try Tool.run(["train", "--sample-weights", "w.csv"] + Self.common + ["run"], folder: scratch.root)
      .expectFailure(65, ["w.csv: "] + parts)
    #expect(try scratch.names() == ["data.csv", "w.csv"])
  }

  @Test func missingFile() throws {
    let scratch = try scratch()
    try Tool.run(["train", "--sample-weights", "none"] + Self.common + ["run"], folder: scratch.root)
      .expectFailure(66, ["none: No such file"])
  }

  /// Weights that are all the same change nothing but where roundings do not scale: by a power of two, no bit.
  @Test func equalWeights() throws {
    let scratch = try scratch()
    for weight in ["0.5", "1", "4"] {
      try scratch.write("w.csv", [String](repeating: "\(weight)\n", count: 8).joined())
      try scratch.train(["--sample-weights", "w.csv"] + Self.common + ["run-\(weight)"])
    }
    #expect(try scratch.model("run-0.5") == scratch.model("run-1"))
    #expect(try scratch.model("run-4") == scratch.model("run-1"))
    try scratch.write("w.csv", "1\n2\n1\n2\n1\n2\n1\n2\n")
    try scratch.train(["--sample-weights", "w.csv"] + Self.common + ["other"])
    #expect(try scratch.model("other") != scratch.model("run-1"))
  }

  /// A row of weight 3 is three rows: the exact gradient sees no difference but rounding.
  @Test func replication() throws {
    let scratch = try Scratch()
    let rows = ["1,0,1\n", "0,0,1\n", "1,1,0\n"]
    try scratch.write("weighted.csv", rows.joined())
    try scratch.write("w.csv", "3\n1\n2\n")
    try scratch.write("replicated.csv", [0, 0, 0, 1, 2, 2].map { rows[$0] }.joined())
    let exact = ["--hidden", "2", "--method", "exact", "--epochs", "5", "--no-shuffle", "--output"]
    try scratch.train(
      ["--data", "weighted.csv", "--sample-weights", "w.csv", "--batch-size", "3"] + exact + ["a"])
    try scratch.train(["--data", "replicated.csv", "--batch-size", "6"] + exact + ["b"])
    let (a, b) = (try scratch.machine("a"), try scratch.machine("b"))
    let pairs = zip(
      a.weights.values + a.visible.bias + a.hidden.bias, b.weights.values + b.visible.bias + b.hidden.bias)
    // The first machines have equal biases to a few roundings; five steps of rate 0.02 add gradients below 1 that are
    // sums of six rows and eight states in Float, each within 2⁻²⁰. Biases stay below 4.
    for (x, y) in pairs { #expect(abs(x - y) <= 16 * 0x1p-21) }
  }
}
