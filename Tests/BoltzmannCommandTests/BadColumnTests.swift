import BoltzmannData
import Testing

/// Values that are no states of their column: status 65, one line with file, row and column, and nothing written.
@Suite struct BadColumnTests {
  private static let train = ["train", "--batch-size", "1", "--hidden", "2", "--output", "run"]

  @Test(arguments: [
    ("categorical:3", "0,1\n2,3\n", ["row 2, column 2", "3.0 is no state number from 0 … 2"]),
    ("categorical", "0,1\n2,-1\n", ["row 2, column 2", "-1.0 is no state number from 0, 1, 2, …"]),
    ("categorical", "0,1\n2.5,1\n", ["row 2, column 1", "2.5 is no state number"]),
    ("relu", "0,1\n2,-0.5\n", ["row 2, column 2", "-0.5 is negative"]),
    ("spin", "0,1\n1,2\n", ["row 2, column 2", "2.0 is neither 0 nor 1, nor −1 or 1"]),
    ("spin", "-1,1\n1,0\n", ["row 2, column 2", "0.0 is neither −1 nor 1"]),
    ("gaussian", "0,1\nnan,1\n", ["line 2, column 1", "nan"]),
    ("bernoulli*1,categorical:2,relu*0", "0,1\n", []),
    ("gaussian*1,categorical:2", "-7,1\n3,2\n", ["row 2, column 2", "2.0 is no state number from 0 … 1"]),
  ])
  func training(kind: String, text: String, parts: [String]) throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", text)
    let outcome = try Tool.run(
      Self.train + ["--data", "data.csv", "--visible-kind", kind], folder: scratch.root)
    if parts.isEmpty {
      outcome.expectUsageError("is unknown")
    } else {
      outcome.expectFailure(65, ["data.csv: "] + parts)
    }
    #expect(try scratch.names() == ["data.csv"])
  }

  /// Later commands read the columns as the machine has them: a state that it does not have is none.
  @Test func laterCommands() throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", "yes,class,hours\n0,0,-1.5\n1,2,3\n1,1,0.5\n0,0,2\n")
    try scratch.train([
      "--data", "data.csv", "--visible-kind", "bernoulli*1,categorical*1,gaussian", "--batch-size", "2",
      "--hidden", "2", "--output", "run",
    ])
    let model = "run/model.safetensors", before = try scratch.names()
    for (text, parts) in [
      ("0,3,1\n", ["other.csv: row 1, column 2: 3.0 is no state number from 0 … 2"]),
      ("0.5,1,1\n2,1,1\n", ["other.csv: row 2, column 1: 2.0 lies outside [0, 1]"]),
      ("0,1\n", ["other.csv: has 2 columns, but run/model.safetensors has 3 visible units"]),
      ("0,0,1,0,-1.5\n", ["other.csv: has 5 columns, but run/model.safetensors has 3 visible units"]),
    ] {
      try scratch.write("other.csv", text)
      for command in [
        ["evaluate", model, "--data", "other.csv"],
        ["transform", model, "--output", "out", "--data", "other.csv"],
        ["sample", model, "--count", "2", "--output", "out", "--initial", "other.csv"],
      ] { try Tool.run(command, folder: scratch.root).expectFailure(65, parts) }
    }
    try scratch.write("other.csv", "0,3,1\n")
    try Tool.run(
      Self.train.dropLast() + [
        "new", "--data", "data.csv", "--validation", "other.csv", "--visible-kind",
        "bernoulli*1,categorical*1,gaussian",
      ], folder: scratch.root
    ).expectFailure(65, ["other.csv: row 1, column 2: 3.0 is no state number from 0 … 2"])
    #expect(try scratch.names() == (before + ["other.csv"]).sorted())
  }
}
