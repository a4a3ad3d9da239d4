import Foundation
import Testing

/// Run folders that were edited or damaged: one line with the file at fault, and nothing changed.
@Suite struct HostileRunTests {
  /// A run of two epochs in `run`.
  private static let trained = Scratch.prepared { scratch in
    try scratch.write("data.csv", TinyMachine.stateText)
    // What is edited below is given here: defaults may change.
    try scratch.train([
      "--data", "data.csv", "--batch-size", "2", "--hidden", "3", "--epochs", "2", "--output", "run",
      "--method", "cd", "--learning-rate", "0.01", "--momentum", "0.5,0.9@5",
      "--weight-initialization", "normal:0.01", "--checkpoint-minutes", "10",
    ])
  }

  private static func scratch() throws -> Scratch { try trained.get().copy() }

  private func expectRefusal(
    _ status: Int32, _ parts: [String], sourceLocation: SourceLocation = #_sourceLocation,
    _ damage: (Scratch) throws -> Void
  ) throws {
    let scratch = try Self.scratch()
    try damage(scratch)
    let before = try scratch.tree()
    let outcome = try Tool.run(["train", "--resume", "run", "--epochs", "3"], folder: scratch.root)
    outcome.expectFailure(status, parts, sourceLocation: sourceLocation)
    #expect(try scratch.tree() == before, sourceLocation: sourceLocation)
  }

  private func edit(_ scratch: Scratch, _ file: String, _ old: String, _ new: String) throws {
    let text = try scratch.text(file)
    #expect(text.contains(old))
    try scratch.write(file, text.replacingOccurrences(of: old, with: new))
  }

  @Test(arguments: [
    ("\"hidden\" : 3", "\"hidden\" : 0", "at least 1 hidden unit"),
    ("\"hidden\" : 3", "\"hidden\" : -9", "at least 1 hidden unit"),
    ("\"hidden\" : 3", "\"hidden\" : 999999999999999", "GB of memory"),
    ("\"hidden\" : 3", "\"hidden\" : \"three\"", "hidden"),
    ("\"batchSize\" : 2", "\"batchSize\" : 6", "a minibatch of 6 is larger than the 5 samples"),
    ("\"batchSize\" : 2", "\"batchSize\" : 0", "at least 1 sample"),
    ("\"method\" : \"cd\"", "\"method\" : \"magic\"", "\"magic\""),
    ("\"hiddenKind\" : \"bernoulli\"", "\"hiddenKind\" : \"magic\"", "\"magic\""),
    ("\"momentum\" : \"0.5,0.9@5\"", "\"momentum\" : \"much\"", "much"),
    ("\"learningRate\" : 0.01", "\"learningRate\" : -1", "learning rate"),
    (
      "\"weightInitialization\" : \"normal:0.01\"", "\"weightInitialization\" : \"normal:1e300\"",
      "normal:1e+300"
    ),
    ("\"checkpointMinutes\" : 10", "\"checkpointMinutes\" : 0", "minutes"),
    ("\"training\" : ", "\"trainings\" : ", "\"training\" is missing"),
    ("{", "[", "is no run's settings"),
  ])
  func settings(old: String, new: String, message: String) throws {
    try expectRefusal(65, ["run/run.json: ", message]) { try edit($0, "run/run.json", old, new) }
  }

  @Test(arguments: [
    "", "[]", "{", "{\"epoch\":2}",
    #"{"epoch":2,"file":"../run.json","metrics_bytes":0,"minibatch":0,"seconds":0}"#,
    #"{"epoch":2,"file":"state-2-0.safetensors","metrics_bytes":-1,"minibatch":0,"seconds":0}"#,
  ])
  func currentCheckpoint(text: String) throws {
    try expectRefusal(65, ["run/checkpoint/current.json: "]) {
      try $0.write("run/checkpoint/current.json", text)
    }
  }

  @Test func checkpointFiles() throws {
    let state = "run/checkpoint/state-2-0.safetensors"
    try expectRefusal(66, ["run/checkpoint/current.json: "]) {
      try FileManager.default.removeItem(atPath: $0.path("run/checkpoint/current.json"))
    }
    try expectRefusal(66, [state]) { try FileManager.default.removeItem(atPath: $0.path(state)) }
    try expectRefusal(65, [state, "shorter than 8 bytes"]) { try $0.write(state, []) }
    try expectRefusal(65, [state, "truncated"]) {
      try $0.write(state, Array(try $0.bytes(state).dropLast(3)))
    }
    try expectRefusal(65, [state, "is no checkpoint"]) { try $0.write(state, try $0.model("run")) }
  }

  /// The state of a machine of another size.
  @Test func checkpointOfAnotherRun() throws {
    let state = "checkpoint/state-2-0.safetensors"
    try expectRefusal(65, ["run/checkpoint: ", "[3, 4], expected [3, 3]"]) { scratch in
      try scratch.train([
        "--data", "data.csv", "--batch-size", "2", "--hidden", "4", "--epochs", "2", "--output", "other",
      ])
      try scratch.write("run/\(state)", scratch.bytes("other/\(state)"))
    }
  }

  @Test func metrics() throws {
    try expectRefusal(65, ["run/metrics.jsonl: ", "shorter than the checkpoint says"]) {
      try $0.write("run/metrics.jsonl", "{}\n")
    }
    try expectRefusal(66, ["run/metrics.jsonl: "]) {
      try FileManager.default.removeItem(atPath: $0.path("run/metrics.jsonl"))
    }
  }

  /// The machine's file is made from the checkpoint, so it may be lost; a torn last line is cut off.
  @Test func whatCanBeMended() throws {
    let scratch = try Self.scratch()
    let whole = try scratch.tree("run")
    try FileManager.default.removeItem(atPath: scratch.path("run/model.safetensors"))
    try scratch.write("run/metrics.jsonl", try scratch.text("run/metrics.jsonl") + "{\"epoch\":3,\"lear")
    try scratch.write("run/.boltzmann-1-0.tmp", "left by a process that was killed")
    try scratch.write("run/checkpoint/.boltzmann-1-0.tmp", "likewise")
    #expect(try Tool.run(["train", "--resume", "run"], folder: scratch.root).status == 0)
    #expect(try scratch.tree("run") == whole)
  }
}
