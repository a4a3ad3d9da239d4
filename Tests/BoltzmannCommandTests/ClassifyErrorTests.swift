import Foundation
import Testing

/// What is wrong with labels, options and places: one line, a status, and nothing written.
@Suite struct ClassifyErrorTests {
  private static let trained = Scratch.prepared { scratch in
    try BarsAndStripesFiles.write(to: scratch)
    let model = try Tool.run(
      train + ["--output", "m.safetensors", "--quiet"], folder: scratch.root)
    #expect(model.status == 0, "\(model.error)")
  }

  private static func scratch() throws -> Scratch { try trained.get().copy() }

  private static let train = [
    "classify", "train", "--data", "data.csv", "--labels", "labels.csv", "--hidden", "3", "--epochs", "1",
  ]

  private static func labels(_ change: (inout [String]) -> Void) -> String {
    var labels = BarsAndStripesFiles.labels.map(String.init)
    change(&labels)
    return labels.map { "\($0)\n" }.joined()
  }

  @Test(arguments: [
    (labels { $0[4] = "2.5" }, "bad.csv: row 5, column 1: 2.5 is no class"),
    (labels { $0[4] = "-7" }, "bad.csv: row 5, column 1: -7.0 is no class"),
    (labels { $0[4] = "bar" }, "bad.csv: row 5, column 1: 'bar' is no whole number"),
    (labels { $0.removeLast() }, "bad.csv: holds 27 labels, but data.csv has 28 samples"),
    ("", "bad.csv: the file is empty"),
  ])
  func badLabels(content: String, message: String) throws {
    let scratch = try Self.scratch()
    try scratch.write("bad.csv", content)
    let before = try scratch.tree()
    for command in [
      ["classify", "train", "--data", "data.csv", "--labels", "bad.csv", "--output", "new"],
      Self.train + ["--validation", "data.csv", "--validation-labels", "bad.csv", "--output", "new"],
      ["classify", "evaluate", "m.safetensors", "--data", "data.csv", "--labels", "bad.csv"],
    ] {
      try Tool.run(command, folder: scratch.root).expectFailure(65, [message])
    }
    #expect(try scratch.tree() == before)
  }

  @Test(arguments: [
    (labels { $0[4] = "5" }, "bad.csv: row 5, column 1: 5 is none of the model's classes: 3, 7"),
    (labels { $0[4] = "" }, "bad.csv: row 5, column 1: the label is missing"),
    (labels { $0[4] = "-1" }, "bad.csv: row 5, column 1: the label is missing"),
  ])
  func labelsThatCannotBeScored(content: String, message: String) throws {
    let scratch = try Self.scratch()
    try scratch.write("bad.csv", content)
    try Tool.run(
      ["classify", "evaluate", "m.safetensors", "--data", "data.csv", "--labels", "bad.csv"],
      folder: scratch.root
    ).expectFailure(65, [message])
    try Tool.run(
      Self.train + ["--validation", "data.csv", "--validation-labels", "bad.csv", "--output", "new"],
      folder: scratch.root
    ).expectFailure(65, [message])
    #expect(!scratch.exists("new"))
  }

  @Test func tooFewClasses() throws {
    let scratch = try Self.scratch()
    for (label, part) in [("4", "holds the class 4 alone"), ("-1", "holds no label")] {
      try scratch.write("bad.csv", Self.labels { $0 = $0.map { _ in label } })
      try Tool.run(
        ["classify", "train", "--data", "data.csv", "--labels", "bad.csv", "--output", "new"],
        folder: scratch.root
      ).expectFailure(65, ["bad.csv: \(part)"])
    }
  }

  @Test func otherFiles() throws {
    let scratch = try Self.scratch()
    try scratch.write("narrow.csv", "1,0\n0,1\n")
    try scratch.write("two.csv", "3\n7\n")
    try scratch.write("rbm.safetensors", TinyMachine().bytes)
    let evaluate = ["classify", "evaluate", "m.safetensors", "--data"]
    try Tool.run(evaluate + ["narrow.csv", "--labels", "two.csv"], folder: scratch.root)
      .expectFailure(65, ["narrow.csv: has 2 columns, but m.safetensors has 16 visible units"])
    try Tool.run(
      Self.train + ["--validation", "narrow.csv", "--validation-labels", "two.csv", "--output", "new"],
      folder: scratch.root
    ).expectFailure(65, ["narrow.csv: has 2 columns, but the machine has 16 visible units"])
    try Tool.run(
      ["classify", "predict", "rbm.safetensors", "--data", "data.csv", "--output", "p"], folder: scratch.root
    ).expectFailure(65, ["model \"rbm\" is unknown here, expected \"classification-rbm\""])
    try Tool.run(evaluate + ["data.csv", "--labels", "none"], folder: scratch.root)
      .expectFailure(66, ["none: "])
    try Tool.run(
      ["classify", "predict", "none", "--data", "data.csv", "--output", "p"], folder: scratch.root
    ).expectFailure(66, ["none: "])
  }

  @Test func outputs() throws {
    let scratch = try Self.scratch()
    let before = try scratch.tree()
    for (output, message) in [
      ("m.safetensors", "m.safetensors: exists (--overwrite replaces it)"), (".", ".: is a folder"),
      ("none/m", "none/m: there is no folder to put it in"),
      ("data.csv/m", "data.csv/m: there is no folder to put it in"),
    ] {
      try Tool.run(Self.train + ["--output", output], folder: scratch.root).expectFailure(73, [message])
    }
    #expect(try scratch.tree() == before)
    let outcome = try Tool.run(
      Self.train + ["--output", "m.safetensors", "--overwrite", "--seed", "5"], folder: scratch.root)
    #expect(outcome.status == 0)
    #expect(try scratch.bytes("m.safetensors") != before["m.safetensors"])
  }

  @Test(arguments: [
    (["--hidden", "0"], "--hidden must be at least 1, not 0"),
    (["--hidden", "999999999999999"], "GB of memory"),
    (["--patience", "0"], "--patience must be at least 1, not 0"),
    (["--epochs", "0"], "epochs must be at least 1, not 0"),
    (["--batch-size", "29"], "a minibatch of 29 is larger than the 28 samples"),
    (["--learning-rate", "nan"], "the learning rate must be positive and finite"),
    (["--momentum", "1"], "momentum must lie in [0, 1)"),
    (["--l2", "-1"], "weight decay must not be negative"),
    (["--steps", "0"], "Gibbs steps must be at least 1, not 0"),
    (["--method", "exact"], "'exact' is invalid for '--method"),
    (["--objective", "best"], "'best' is invalid for '--objective"),
    (["--generative-weight", "1"], "--generative-weight goes with --objective hybrid or semi-supervised"),
    (["--unsupervised-weight", "1"], "--unsupervised-weight goes with --objective semi-supervised"),
    (
      ["--objective", "hybrid", "--generative-weight", "-1"], "the objective's weights must not be negative"
    ),
    (["--validation", "data.csv"], "--validation and --validation-labels go together"),
  ])
  func options(options: [String], message: String) throws {
    let scratch = try Scratch()
    try BarsAndStripesFiles.write(to: scratch)
    try Tool.run(Self.train + ["--output", "new"] + options, folder: scratch.root).expectUsageError(message)
    #expect(!scratch.exists("new"))
  }

  @Test func divergence() throws {
    let scratch = try Scratch()
    try BarsAndStripesFiles.write(to: scratch)
    try Tool.run(
      Self.train + ["--output", "new", "--learning-rate", "1e30", "--json"], folder: scratch.root
    ).expectFailure(75, ["training diverged in epoch 1"])
    #expect(!scratch.exists("new"))
  }

  /// After an interruption the file holds the machine of the last epoch that ended.
  @Test func interruption() throws {
    let scratch = try Scratch()
    try BarsAndStripesFiles.write(to: scratch)
    let tool = try RunningTool(
      Self.train.dropLast(2) + ["--epochs", "100000000", "--output", "new"], folder: scratch.root)
    #expect(poll(timeout: 60) { scratch.exists("new") })
    tool.signal(SIGINT)
    let outcome = try tool.wait(timeout: 60)
    #expect(outcome.status == 130)
    #expect(outcome.error.hasPrefix("stopped; new: the machine after epoch "))
    let score = try Tool.run(
      ["classify", "evaluate", "new", "--data", "data.csv", "--labels", "labels.csv"], folder: scratch.root)
    #expect(score.status == 0)
  }
}
