import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Foundation
import Testing

@Suite struct CriticTests {
  private static let quick = [
    "--folds", "2", "--epochs", "3", "--resamples", "40", "--steps", "3", "--widths", "16",
  ]

  private func run(_ arguments: [String], in scratch: Scratch, status: Int32 = 0) throws -> Tool.Outcome {
    let outcome = try Tool.run(arguments, folder: scratch.root)
    #expect(outcome.status == status, "\(outcome.error)")
    return outcome
  }

  /// Four independent units of means 0.5, and data whose units are all equal.
  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try StoredModel(
      RBM(
        visible: BernoulliUnits(UnitParameters(bias: [0, 0, 0, 0])),
        hidden: BernoulliUnits(UnitParameters(bias: [0, 0])), weights: Matrix(rows: 4, columns: 2)),
      visibleShape: [2, 2]
    ).write(to: scratch.path("m"))
    try scratch.write("equal.csv", (0..<200).map { $0 % 2 == 0 ? "0,0,0,0\n" : "1,1,1,1\n" }.joined())
    return scratch
  }

  @Test func tellsTheDifference() throws {
    let scratch = try scratch()
    let arguments =
      ["critic", "m", "--data", "equal.csv", "--learning-rate", "0.05"] + Self.quick + ["--epochs", "60"]
    let outcome = try run(
      arguments + ["--json", "--pictures", "p.png", "--reweighted", "r.csv"], in: scratch)
    let object = try JSONValue.parse(Array(outcome.output.utf8), path: "output")
    #expect(object["data"]?.integer == 200 && object["samples"]?.integer == 200)
    // Only 2 of 16 states are data: JS = 0.497, and 94 % can be told; every dealing of the labels is worse.
    #expect((object["accuracy"]?["estimate"]?.double ?? 0) > 0.8)
    #expect((object["jensen_shannon"]?["lower"]?.double ?? 0) > 0.2)
    #expect(object["p_value"]?.double == 0.001)
    #expect(try scratch.bytes("p.png").prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    let again = try NumericTable.read(scratch.path("r.csv"))
    #expect(again.rows == 200 && again.columns == 4)
    // Drawn by their ratio, most samples are states of the data: 1 of 8 were before.
    let equal = (0..<200).count { row in (1..<4).allSatisfy { again[row, $0] == again[row, 0] } }
    #expect(equal > 100)
    let table = try run(["critic", "m", "--data", "equal.csv"] + Self.quick, in: scratch)
    for name in ["accuracy", "JS(data ‖ model)", "KL(model ‖ data)", "effective samples", "p-value"] {
      #expect(table.output.contains(name))
    }
  }

  @Test func theSameWordsOnAnyNumberOfThreads() throws {
    let scratch = try scratch()
    let outputs = try [1, 3].map { threads in
      try run(
        ["critic", "m", "--data", "equal.csv", "--json", "--threads", "\(threads)"] + Self.quick, in: scratch
      ).output
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test func ganIsJudgedToo() throws {
    let scratch = try scratch()
    _ = try run(
      [
        "gan", "train", "--data", "equal.csv", "--output", "g", "--generator", "4", "--discriminator", "4",
        "--epochs", "1", "--quiet",
      ], in: scratch)
    let outcome = try run(["critic", "g", "--data", "equal.csv", "--json"] + Self.quick, in: scratch)
    #expect(outcome.output.contains("\"p_value\""))
  }

  @Test(arguments: [
    (["no-such-file", "--data", "equal.csv"], 66), (["m", "--data", "no-such-file"], 66),
    (["m", "--data", "wide.csv"], 65), (["m", "--data", "equal.csv", "--samples", "3"], 64),
    (["m", "--data", "equal.csv", "--folds", "1"], 64), (["m", "--data", "equal.csv", "--folds", "21"], 64),
    (["m", "--data", "equal.csv", "--repetitions", "0"], 64),
    (["m", "--data", "equal.csv", "--repetitions", "9223372036854775807"], 64),
    (["m", "--data", "equal.csv", "--widths", "0"], 64),
    (["m", "--data", "equal.csv", "--resamples", "3"], 64), (["equal.csv", "--data", "equal.csv"], 65),
  ])
  func whatCannotWorkIsRefused(_ arguments: [String], _ status: Int) throws {
    let scratch = try scratch()
    try scratch.write("wide.csv", "0,0,0,0,1\n1,0,0,0,1\n")
    let outcome = try run(["critic"] + arguments, in: scratch, status: Int32(status))
    #expect(!outcome.error.isEmpty && outcome.output.isEmpty)
  }
}
