import BoltzmannData
import Foundation
import Testing

/// A training of ratings that was stopped goes on to the same bits.
@Suite struct RecommendResumeTests {
  private static let train = [
    "recommend", "train", "--ratings", "r.csv", "--seen", "s.csv", "--conditional", "--implicit", "--hidden",
    "9",
    "--batch-size", "5", "--quiet",
  ]

  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    let pairs = (0..<30).flatMap { user in (0..<20).map { (user, $0) } }
    let rated = pairs.filter { (7 * $0 + 3 * $1) % 5 < 3 }.map { "\($0),t\($1),\(1 + ($0 * $1) % 4)" }
    let seen = pairs.filter { (7 * $0 + 3 * $1) % 5 == 3 }.map { "\($0),t\($1)" }
    try scratch.write("r.csv", rated.joined(separator: "\n"))
    try scratch.write("s.csv", seen.joined(separator: "\n"))
    return scratch
  }

  private func resume(_ scratch: Scratch, _ options: [String] = []) throws -> Tool.Outcome {
    try Tool.run(["recommend", "train", "--resume", "run"] + options, folder: scratch.root)
  }

  @Test(arguments: ["cd", "pcd"])
  func interrupted(method: String) throws {
    let scratch = try scratch(), options = ["--method", method, "--epochs", "60"]
    let whole = try Tool.run(Self.train + options + ["--output", "whole"], folder: scratch.root)
    #expect(whole.status == 0 && whole.outputLines.count == 121, "\(whole.error)")
    let running = try RunningTool(Self.train + options + ["--output", "run"], folder: scratch.root)
    #expect(poll { scratch.exists("run/checkpoint.safetensors") })
    running.signal(SIGINT)
    let stopped = try running.wait()
    #expect(stopped.status == 130)
    var resumed = try resume(scratch, ["--checkpoint-minutes", "0.0001"])
    #expect(resumed.status == 0 && resumed.error.contains("run: goes on with"), "\(resumed.error)")
    #expect(try scratch.bytes("run/model.safetensors") == scratch.bytes("whole/model.safetensors"))
    resumed = try resume(scratch)
    #expect(resumed.status == 0 && resumed.error.hasPrefix("run: finished, 3 machines, 30 users, 20 items"))
  }

  /// Not even a process that is killed loses more than what came after its last checkpoint.
  @Test func killed() throws {
    let scratch = try scratch(), options = ["--epochs", "40", "--checkpoint-minutes", "0.00001"]
    let whole = try Tool.run(Self.train + options + ["--output", "whole"], folder: scratch.root)
    #expect(whole.status == 0)
    let running = try RunningTool(Self.train + options + ["--output", "run"], folder: scratch.root)
    #expect(poll { scratch.exists("run/model.safetensors") })
    running.signal(SIGKILL)
    _ = try running.wait()
    let resumed = try resume(scratch)
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try scratch.bytes("run/model.safetensors") == scratch.bytes("whole/model.safetensors"))
  }

  private func checkpoint(machines: Double) -> [UInt8] {
    SafetensorsFile(
      metadata: ["format": "boltzmann-checkpoint/1"],
      tensors: [("machines", Tensor(shape: [1], values: .float64([machines])))]
    ).encode()
  }

  @Test func problems() throws {
    let scratch = try scratch()
    try resume(scratch).expectFailure(66, ["run: is no folder of a training: it has no run.json"])
    let begin = Self.train + ["--epochs", "1", "--output", "run"]
    #expect(try Tool.run(begin, folder: scratch.root).status == 0)
    try Tool.run(begin, folder: scratch.root).expectFailure(73, ["exists (--overwrite replaces it)"])
    #expect(try Tool.run(begin + ["--overwrite"], folder: scratch.root).status == 0)
    try resume(scratch, ["--hidden", "8"]).expectUsageError("--hidden has no place here")
    try resume(scratch, ["--checkpoint-minutes", "0"]).expectUsageError(
      "--checkpoint-minutes must be positive")
    try Tool.run(["recommend", "train", "--ratings", "r.csv"], folder: scratch.root)
      .expectUsageError("--ratings and --output say what is learned")
    let ratings = try scratch.text("r.csv")
    try scratch.write("r.csv", ratings + "\n0,t0,1\n0,new,3\n")
    try resume(scratch).expectFailure(65, ["r.csv: is not what the training began with"])
    try scratch.write("r.csv", ratings)
    try scratch.write("run/checkpoint.safetensors", try scratch.bytes("run/model.safetensors"))
    try resume(scratch).expectFailure(65, ["run/checkpoint.safetensors: is no checkpoint"])
    let settings = try scratch.text("run/run.json")
    for (old, new, message) in [
      ("\"hidden\" : 9,", "\"hidden\" : -1,", "run.json: there must be at least 1 hidden unit"),
      ("\"hidden\" : 9,", "\"hidden\" : 999999999999999,", "GB of memory"),
      ("\"epochs\" : 1,", "\"epochs\" : 0,", "run.json: epochs must be at least 1"),
      ("\"user\",\n", "\"item\",\n", "run.json: there must be a machine by user"),
    ] {
      #expect(settings.contains(old), "\(settings)")
      try scratch.write("run/run.json", settings.replacingOccurrences(of: old, with: new))
      try resume(scratch).expectFailure(65, [message])
    }
    try scratch.write("run/run.json", settings)
    for (count, message) in [(99.0, "does not say how many"), (0.5, "does not say how many")] {
      try scratch.write("run/checkpoint.safetensors", checkpoint(machines: count))
      try resume(scratch).expectFailure(65, ["run/checkpoint.safetensors: " + message])
    }
    try scratch.write("run/checkpoint.safetensors", checkpoint(machines: 3))
    var model = try SafetensorsFile.read(scratch.path("run/model.safetensors"))
    model.tensors.removeAll { $0.name.hasPrefix("user.") }
    try model.write(to: scratch.path("run/model.safetensors"))
    try resume(scratch).expectFailure(65, ["run/model.safetensors: lacks a machine"])
    try scratch.write("run/run.json", "{}")
    try resume(scratch).expectFailure(65, ["run/run.json: is not the settings of a training of ratings"])
  }
}
