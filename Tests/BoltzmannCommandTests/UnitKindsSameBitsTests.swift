import BoltzmannTestSupport
import Foundation
import Testing

/// One seed, one machine, for units of every kind: whatever the threads, and however often it was stopped.
@Suite struct UnitKindsSameBitsTests {
  /// Two blocks of rows and a short third one a minibatch, and a short last minibatch.
  private static let shape = ["--data", "data.csv", "--batch-size", "110", "--epochs", "2", "--seed", "5"]

  private static let sites = ["categorical", "categorical"]
  private static let reals = ["gaussian", "gaussian"]
  private static let cases: [(columns: [String], options: [String])] = [
    (["spin", "spin", "spin"], ["--visible-kind", "spin", "--hidden-kind", "spin"]),
    (sites, ["--visible-kind", "categorical", "--method", "pcd", "--chains", "70"]),
    (reals, ["--visible-kind", "gaussian", "--hidden-kind", "bernoulli", "--steps", "2"]),
    (reals, ["--visible-kind", "gaussian", "--hidden-kind", "gaussian", "--method", "pcd"]),
    (
      ["gaussian", "gaussian", "gaussian"],
      [
        "--visible-kind", "gaussian", "--hidden-kind", "relu", "--whiten", "zca", "--sample-weights", "w.csv",
      ]
    ),
    (
      ["gaussian", "gaussian", "gaussian"],
      [
        "--visible-kind", "gaussian", "--whiten", "pca", "--whitening-components", "2",
        "--hidden-bias-initialization", "share:0.1",
      ]
    ),
    (["relu", "relu"], ["--visible-kind", "relu", "--hidden-kind", "bernoulli*3,categorical:4*2,gaussian"]),
    (
      ["bernoulli", "categorical", "gaussian", "spin"],
      ["--visible-kind", "bernoulli*1,categorical*1,gaussian*1,spin", "--sample-weights", "w.csv"]
    ),
  ]

  private func scratch(_ columns: [String]) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.columns(columns, rows: 130))
    try scratch.write("w.csv", (0..<130).map { "\(1 + $0 % 3)\n" }.joined())
    return scratch
  }

  @Test(arguments: Build.isOptimized ? Array(cases.indices) : [1, 6])
  func threads(index: Int) throws {
    let (columns, options) = Self.cases[index], scratch = try scratch(columns)
    for threads in 1...3 {
      let run = ["--hidden", "7", "--threads", "\(threads)", "--output", "t\(threads)"]
      try scratch.train(Self.shape + options + run)
      let sample = ["sample", "t1/model.safetensors", "--count", "130", "--steps", "3", "--quiet"]
      let to = ["--threads", "\(threads)", "--output", "s\(threads).npy"]
      #expect(try Tool.run(sample + to, folder: scratch.root).status == 0)
    }
    for threads in 2...3 {
      #expect(try scratch.model("t\(threads)") == scratch.model("t1"))
      #expect(try scratch.bytes("s\(threads).npy") == scratch.bytes("s1.npy"))
    }
  }

  // MARK: - Resumption

  /// Gaussian–rectified, whitened and weighted: chains, precisions and scales must all be in the checkpoint.
  private static let resumed = [
    "train", "--data", "data.csv", "--visible-kind", "gaussian", "--hidden-kind", "relu", "--hidden", "4",
    "--batch-size", "32", "--whiten", "zca", "--sample-weights", "w.csv", "--method", "pcd", "--chains", "9",
    "--learning-rate", "0.001", "--seed", "7", "--output",
  ]

  private func start(_ scratch: Scratch, _ run: String, epochs: Int) throws -> RunningTool {
    try RunningTool(Self.resumed + [run, "--epochs", "\(epochs)"], folder: scratch.root)
  }

  private func resume(_ scratch: Scratch, _ run: String, epochs: Int) throws -> Tool.Outcome {
    try Tool.run(["train", "--resume", run, "--epochs", "\(epochs)"], folder: scratch.root)
  }

  @Test(arguments: [SIGTERM, SIGKILL])
  func interrupted(signal: Int32) throws {
    let scratch = try scratch(["gaussian", "gaussian", "gaussian"])
    let running = try start(scratch, "run", epochs: 1_000_000)
    #expect(poll { (try? scratch.epochs("run").count) ?? 0 >= 3 })
    running.signal(signal)
    #expect(try running.wait().status == (signal == SIGTERM ? 143 : -SIGKILL))
    let end = try scratch.epochs("run").count + 2
    let outcome = try resume(scratch, "run", epochs: end)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try start(scratch, "whole", epochs: end).wait().status == 0)
    #expect(try scratch.model("run") == scratch.model("whole"))
    #expect(try scratch.epochs("run") == Array(1...end))
  }

  /// The weights are part of what a run began with, as the data are.
  @Test func otherWeights() throws {
    let scratch = try scratch(["gaussian", "gaussian", "gaussian"])
    #expect(try start(scratch, "run", epochs: 2).wait().status == 0)
    let before = try scratch.tree("run"), weights = try scratch.bytes("w.csv")
    try scratch.write("w.csv", (0..<130).map { "\(1 + $0 % 4)\n" }.joined())
    try resume(scratch, "run", epochs: 3)
      .expectFailure(65, ["data.csv: is not the data that the run began with", ":weights:"])
    try FileManager.default.removeItem(atPath: scratch.path("w.csv"))
    try resume(scratch, "run", epochs: 3).expectFailure(66, ["w.csv: No such file"])
    #expect(try scratch.tree("run") == before)
    try scratch.write("w.csv", weights)
    #expect(try resume(scratch, "run", epochs: 3).status == 0)
  }

  @Test(arguments: [
    ["--visible-kind", "spin"], ["--hidden-kind", "spin"], ["--whiten", "pca"], ["--whitening-epsilon", "1"],
    ["--sample-weights", "w.csv"], ["--gradient-clip", "1"], ["--no-learn-precision"],
    ["--hidden-bias-initialization", "zero"],
  ])
  func otherOptions(option: [String]) throws {
    let scratch = try Scratch()
    try Tool.run(["train", "--resume", "run"] + option, folder: scratch.root)
      .expectUsageError("\(option[0]) has no place here")
  }
}
