import BoltzmannData
import Testing

/// A small training that uses all that a checkpoint must hold: chains, fresh draws, momentum, sparsity, offsets.
struct Training {
  let scratch: Scratch
  /// Options that decide the machine; the number of epochs comes with each run.
  static let options = [
    "--data", "data.csv", "--hidden", "4", "--batch-size", "16", "--method", "pcd", "--chains", "9",
    "--steps", "2", "--binarize", "resample", "--sparsity-target", "0.2", "--seed", "7",
  ]

  init() throws {
    scratch = try Scratch()
    try scratch.write("data.csv", TinyData.grey(rows: 60, columns: 6))
  }

  static func begin(_ run: String, epochs: Int, _ more: [String] = []) -> [String] {
    ["train"] + options + ["--epochs", "\(epochs)", "--output", run] + more
  }

  func start(_ run: String, epochs: Int, _ more: [String] = []) throws -> RunningTool {
    try RunningTool(Training.begin(run, epochs: epochs, more), folder: scratch.root)
  }

  /// Trains without interruption and returns the machine's bytes.
  func uninterrupted(epochs: Int) throws -> [UInt8] {
    let run = "uninterrupted-\(epochs)"
    if !scratch.exists(run) {
      let outcome = try Tool.run(Training.begin(run, epochs: epochs), folder: scratch.root)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    return try scratch.model(run)
  }

  func resume(_ run: String, _ more: [String] = []) throws -> Tool.Outcome {
    try Tool.run(["train", "--resume", run] + more, folder: scratch.root)
  }

  /// What must hold of a run that came to its end, whatever happened to it on the way.
  func expectWhole(
    _ run: String, epochs: Int, kept: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try scratch.model(run) == uninterrupted(epochs: epochs), sourceLocation: sourceLocation)
    #expect(try scratch.epochs(run) == Array(1...epochs), sourceLocation: sourceLocation)
    let files = try scratch.tree(run).keys.sorted()
    let expected =
      [
        "checkpoint/current.json", "checkpoint/state-\(epochs)-0.safetensors", "metrics.jsonl",
        "model.safetensors",
      ] + kept + ["run.json"]
    #expect(files == expected, sourceLocation: sourceLocation)
  }
}
