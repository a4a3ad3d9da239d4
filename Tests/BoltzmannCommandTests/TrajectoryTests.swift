import BoltzmannData
import Testing

/// Training at equilibrium, and samples along the machines that a run kept.
@Suite("Trajectory tempering on the command line")
struct TrajectoryTests {
  private static let options = [
    "--data", "data.csv", "--hidden", "3", "--batch-size", "20", "--method", "ptt", "--chains", "20",
    "--epochs", "4", "--keep-every", "1", "--seed", "5",
  ]

  private static func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 40, columns: 6))
    return scratch
  }

  @Test("every epoch of ptt reports log Z with its error, and the log-likelihood")
  func metrics() throws {
    let scratch = try Self.scratch()
    try scratch.train(Self.options + ["--output", "run"])
    let metrics = try scratch.metrics("run")
    #expect(metrics.count == 4)
    for epoch in metrics {
      let partition = try #require(epoch["log_partition"])
      #expect(partition["method"]?.string == "trajectory")
      let error = try #require(partition["standard_error"]?.double)
      #expect(error > 0 && error < 0.2)
      #expect(try #require(epoch["mean_log_likelihood"]?.double) < 0)
    }
  }

  @Test("a run of ptt that was interrupted ends in the same bits")
  func resumption() throws {
    let scratch = try Self.scratch()
    try scratch.train(Self.options + ["--output", "whole"])
    try scratch.train(
      Array(Self.options.dropLast(6)) + [
        "--epochs", "2", "--keep-every", "1", "--seed", "5", "--output", "part",
      ])
    let outcome = try Tool.run(
      ["train", "--quiet", "--resume", "part", "--epochs", "4"], folder: scratch.root)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try scratch.model("part") == scratch.model("whole"))
  }

  @Test("samples come along the machines that a run kept")
  func samples() throws {
    let scratch = try Self.scratch()
    try scratch.train(Self.options + ["--output", "run"])
    let outcome = try Tool.run(
      [
        "sample", "run/model.safetensors", "--trajectory", "run", "--count", "30", "--steps", "20",
        "--output",
        "samples.csv",
      ], folder: scratch.root)
    #expect(outcome.status == 0 && outcome.error.contains("rungs"), "\(outcome.error)")
    #expect(scratch.exists("samples.csv"))
    let missing = try Tool.run(
      [
        "sample", "run/model.safetensors", "--trajectory", "run/checkpoint", "--count", "3", "--output",
        "s.csv",
      ],
      folder: scratch.root)
    missing.expectFailure(66, ["run/checkpoint", "is no run folder"])
  }
}
