import Boltzmann
import BoltzmannData
import BoltzmannReference
import Foundation
import Testing

@Suite struct ClassifyTests {
  private static func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try BarsAndStripesFiles.write(to: scratch)
    return scratch
  }

  /// Options with which log P(y | v) learns every pattern.
  private static let train = [
    "classify", "train", "--data", "data.csv", "--labels", "labels.csv", "--hidden", "16", "--epochs", "200",
    "--batch-size", "7", "--learning-rate", "0.2", "--output",
  ]

  private static func run(_ arguments: [String], in scratch: Scratch) throws -> Tool.Outcome {
    let outcome = try Tool.run(arguments, folder: scratch.root)
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome
  }

  private func run(_ arguments: [String], in scratch: Scratch) throws -> Tool.Outcome {
    try Self.run(arguments, in: scratch)
  }

  private static let prepared = Scratch.prepared { scratch in
    try BarsAndStripesFiles.write(to: scratch)
    let training = try run(train + ["m.safetensors"], in: scratch)
    #expect(training.outputLines.count == 201 && training.outputLines[0].contains("log loss"))
    #expect(training.error == "m.safetensors: the machine after epoch 200\n")
  }

  /// A folder with a machine that knows every pattern.
  private func trained() throws -> Scratch { try Self.prepared.get().copy() }

  private static let evaluate = [
    "classify", "evaluate", "m.safetensors", "--data", "data.csv", "--labels", "labels.csv",
  ]

  private func evaluation(_ scratch: Scratch) throws -> JSONValue {
    let outcome = try run(Self.evaluate + ["--json"], in: scratch)
    return try JSONValue.parse(Array(outcome.output.utf8), path: "output")
  }

  @Test func evaluate() throws {
    let scratch = try trained()
    let table = try run(Self.evaluate, in: scratch)
    #expect(table.output.contains("accuracy  100.00 %\nerror     0.00 % (0)\nlog loss  "))
    #expect(table.output.hasSuffix("\ntrue    3    7\n   3   14    0\n   7    0   14\n"))
    let object = try evaluation(scratch)
    #expect(object["samples"]?.integer == BarsAndStripesFiles.count && object["errors"]?.integer == 0)
    #expect(object["accuracy"]?.double == 1 && object["error"]?.double == 0)
    #expect(object["classes"] == [3, 7] && object["confusion"] == [[14, 0], [0, 14]])
  }

  private static let predict = ["classify", "predict", "m.safetensors", "--data", "data.csv", "--output"]

  @Test func predictLabels() throws {
    let scratch = try trained(), count = BarsAndStripesFiles.count
    for name in ["predicted.npy", "predicted.csv"] {
      let outcome = try run(Self.predict + [name], in: scratch)
      #expect(outcome.output.isEmpty && outcome.error == "\(count) samples, 2 classes: \(name)\n")
      #expect(try Labels.read(scratch.path(name)).numbers == BarsAndStripesFiles.labels)
    }
    let array = try #require(NPYArray(scratch.bytes("predicted.npy")))
    #expect(array.type == "<i8" && array.shape == [count])
    let json = try run(Self.predict + ["predicted.npy", "--json"], in: scratch)
    #expect(json.output == #"{"classes":[3,7],"output":"predicted.npy","samples":28}"# + "\n")
  }

  @Test func predictProbabilities() throws {
    let scratch = try trained(), count = BarsAndStripesFiles.count
    _ = try run(Self.predict + ["p.csv", "--probabilities"], in: scratch)
    _ = try run(Self.predict + ["p.npy", "--probabilities"], in: scratch)
    let table = try NumericTable.read(scratch.path("p.csv"))
    #expect(table.names == ["P(3)", "P(7)"] && table.rows == count)
    let matrix = try #require(NPYArray(scratch.bytes("p.npy")))
    #expect(matrix.type == "<f4" && matrix.shape == [count, 2])
    #expect(table.values == .floats(matrix.numbers(Float.self)))
    var loss = 0.0
    for (row, label) in BarsAndStripesFiles.labels.enumerated() {
      // Both were rounded to Float.
      #expect(abs(table[row, 0] + table[row, 1] - 1) <= 0x1p-23)
      loss -= log(Double(table[row, label == 3 ? 0 : 1])) / Double(count)
    }
    let reported = try #require(evaluation(scratch)["log_loss"]?.double)
    // Rounding a probability to Float moves its logarithm by 2⁻²⁴ at most.
    #expect(abs(loss - reported) <= 0x1p-23)
  }

  @Test(arguments: [
    ["--objective", "discriminative"], ["--objective", "generative", "--method", "pcd", "--steps", "2"],
    ["--objective", "hybrid", "--generative-weight", "0.1", "--l2", "0.001"],
    [
      "--objective", "semi-supervised", "--unsupervised-weight", "0.5", "--momentum", "0", "--schedule",
      "linear",
    ],
  ])
  func theSameBitsOnAnyNumberOfThreads(options: [String]) throws {
    let scratch = try Self.scratch()
    let missing = BarsAndStripesFiles.labels.enumerated().map {
      $0.offset % 4 == 1 ? "\n" : "\($0.element)\n"
    }
    try scratch.write("some.csv", missing.joined())
    let files = try (1...3).map { threads in
      _ = try run(
        [
          "classify", "train", "--data", "data.csv", "--labels", "some.csv", "--hidden", "70", "--epochs",
          "4",
          "--batch-size", "9", "--threads", "\(threads)", "--output", "\(threads)",
        ] + options, in: scratch)
      return try scratch.bytes("\(threads)")
    }
    #expect(files[0] == files[1] && files[0] == files[2])
    let model = try StoredClassificationRBM.read(scratch.path("1"))
    #expect(model.classes == [3, 7] && model.machine.hiddenCount == 70)
  }

  @Test func labelsThatAreMissingAreLeftOutWithANote() throws {
    let scratch = try Self.scratch()
    try scratch.write("some.csv", "\n" + BarsAndStripesFiles.labels.dropFirst().map { "\($0)\n" }.joined())
    let arguments = [
      "classify", "train", "--data", "data.csv", "--labels", "some.csv", "--epochs", "2", "--overwrite",
      "--output", "m",
    ]
    #expect(try run(arguments, in: scratch).error.hasPrefix("note: 1 samples without a label are left out; "))
    let used = try run(arguments + ["--objective", "semi-supervised"], in: scratch)
    #expect(used.error == "m: the machine after epoch 2\n")
  }

  /// With a validation set the file holds the best machine, which its line says, and patience ends the training.
  @Test func earlyStopping() throws {
    let scratch = try Self.scratch()
    let outcome = try run(
      Self.train + [
        "m", "--validation", "data.csv", "--validation-labels", "labels.csv", "--patience", "3", "--json",
        "--learning-rate", "5", "--momentum", "0.9",
      ], in: scratch)
    let epochs = try outcome.outputLines.map { try JSONValue.parse(Array($0.utf8), path: "line") }
    let best = try #require(epochs.last { $0["is_best"]?.bool == true }?["epoch"]?.integer)
    #expect(epochs.count == 200 || epochs.count == best + 3)
    #expect(outcome.error == "m: the machine after epoch \(best)\n")
    let score = try run(
      ["classify", "evaluate", "m", "--data", "data.csv", "--labels", "labels.csv", "--json"], in: scratch)
    let object = try JSONValue.parse(Array(score.output.utf8), path: "output")
    #expect(object["error"] == epochs[best - 1]["validation_error"])
    #expect(object["log_loss"] == epochs[best - 1]["validation_log_loss"])
    // No epoch is better than the best: by errors, then by log loss.
    for epoch in epochs {
      let (error, bestError) = (epoch["validation_error"]!.double!, object["error"]!.double!)
      #expect(error >= bestError)
      if error == bestError {
        #expect(epoch["validation_log_loss"]!.double! >= object["log_loss"]!.double!)
      }
    }
  }

  @Test func bundledDigits() throws {
    let scratch = try Scratch()
    _ = try run(
      [
        "classify", "train", "--data", "digits", "--labels", "digits", "--hidden", "40", "--epochs", "15",
        "--quiet", "--output", "m",
      ], in: scratch)
    let score = try run(
      ["classify", "evaluate", "m", "--data", "digits", "--labels", "digits", "--json"], in: scratch)
    let object = try JSONValue.parse(Array(score.output.utf8), path: "output")
    // Ten classes: guessing is right in one of ten. What a linear classifier learns from these digits is 0.95.
    #expect(try #require(object["accuracy"]?.double) > 0.9)
    let stored = try StoredClassificationRBM.read(scratch.path("m"))
    #expect(stored.visibleShape == [8, 8] && stored.classes == Array(0...9))
    #expect(stored.provenance == "boltzmann classify train: seed 0, epoch 15")
  }
}
