import BoltzmannData
import Testing

/// Trainings that stop when the validation data do worse.
@Suite struct OverfitTests {
  /// Patterns to be learned by heart, and others of the same coins: nothing of the former helps with the latter.
  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 12, columns: 10, seed: 3))
    try scratch.write("other.csv", TinyData.binary(rows: 40, columns: 10, seed: 4))
    return scratch
  }

  private static let common = [
    "--data", "data.csv", "--validation", "other.csv", "--hidden", "12", "--batch-size", "6", "--l2", "0",
    "--learning-rate", "0.2", "--seed", "2",
  ]
  private static let byLikelihood = ["--log-likelihood-every", "2", "--patience", "3"]

  @Test func byTheFreeEnergyGap() throws {
    let scratch = try scratch()
    let outcome = try Tool.run(
      ["train", "--epochs", "2000", "--output", "run", "--stop-when-overfit"] + Self.common,
      folder: scratch.root)
    #expect(outcome.status == 0)
    let last = try #require(outcome.errorLines.last)
    let metrics = try scratch.metrics("run"), gaps = metrics.compactMap { $0["free_energy_gap"]?.double }
    #expect(gaps.count == metrics.count && gaps.count < 2000)
    #expect(last.hasPrefix("run: stopped after epoch \(gaps.count): the validation data do worse"))
    // The last five lie above the smallest before by three standard errors, the one before them does not.
    let errors = metrics.compactMap { $0["free_energy_gap_error"]?.double }
    let isWorse = gaps.indices.dropFirst().map { gaps[$0] > gaps[..<$0].min()! + 3 * errors[$0] }
    #expect(isWorse.suffix(5).allSatisfy { $0 } && isWorse.dropLast(5).last == false)
    #expect(!scratch.exists("run/best.safetensors"))
  }

  @Test func byLikelihood() throws {
    let scratch = try scratch()
    try scratch.train(["--epochs", "2000", "--output", "run"] + Self.common + Self.byLikelihood)
    let metrics = try scratch.metrics("run")
    let scores = metrics.compactMap { $0["validation_mean_log_likelihood"]?.double }
    let best = try #require(scores.firstIndex(of: scores.max()!))
    // Exact likelihoods: three in a row are worse than the best, and no three before.
    #expect(metrics.count < 2000 && metrics.count == 2 * scores.count && best == scores.count - 4)
    let evaluated = try scratch.json(["evaluate", "run/best.safetensors", "--data", "other.csv"]).result
    #expect(evaluated["mean_log_likelihood"]?.double == scores[best])
  }

  @Test func resumed() throws {
    let scratch = try scratch()
    try scratch.train(["--epochs", "2000", "--output", "whole"] + Self.common + Self.byLikelihood)
    let end = try scratch.metrics("whole").count
    // Stopped for good two epochs before: what had been worse until then is in the metrics.
    try scratch.train(["--epochs", "\(end - 2)", "--output", "run"] + Self.common + Self.byLikelihood)
    try scratch.train(["--resume", "run", "--epochs", "2000"])
    #expect(try scratch.metrics("run").count == end)
    #expect(try scratch.model("run") == scratch.model("whole"))
    #expect(try scratch.bytes("run/best.safetensors") == scratch.bytes("whole/best.safetensors"))
    let again = try Tool.run(["train", "--resume", "run"], folder: scratch.root)
    #expect(again.status == 0 && again.output.isEmpty)
    #expect(again.errorLines.count == 1 && again.error.hasPrefix("run: stopped after epoch \(end): "))
    try scratch.train(["--resume", "run", "--epochs", "\(end + 3)"])
    #expect(try scratch.metrics("run").count == end + 3)
    let finished = try Tool.run(["train", "--resume", "run"], folder: scratch.root)
    #expect(finished.status == 0 && finished.error.contains("finished, \(end + 3) epochs"))
  }

  @Test func options() throws {
    let scratch = try scratch(), train = ["train", "--data", "data.csv", "--output", "run"]
    for option in [["--stop-when-overfit"], ["--patience", "3"]] {
      try Tool.run(train + option, folder: scratch.root).expectUsageError("go with --validation")
    }
    try Tool.run(train + ["--patience", "0", "--validation", "other.csv"], folder: scratch.root)
      .expectUsageError("--patience must be at least 1, not 0")
  }
}

/// What `train` says on standard error of epochs in which something goes wrong.
@Suite struct TrainingWarningTests {
  private func warnings(_ options: [String]) throws -> [Substring] {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 40, columns: 8))
    let outcome = try Tool.run(
      ["train", "--data", "data.csv", "--batch-size", "10", "--output", "run"] + options, folder: scratch.root
    )
    #expect(outcome.status == 0)
    return outcome.errorLines.filter { $0.hasPrefix("warning: ") }
  }

  /// Not while the weights leave their random beginning, but when they have grown and are thrown about.
  @Test func largeUpdates() throws {
    let options = ["--hidden", "4", "--learning-rate", "0.5"]
    let found = try warnings(options + ["--epochs", "60"]).filter { $0.contains("ΔW") }
    #expect(found.count == 1 && found[0].contains("for 5 epochs ‖ΔW‖/‖W‖ has been large"), "\(found)")
    #expect(try warnings(options + ["--epochs", "4"]).isEmpty)
  }

  @Test func smallUpdates() throws {
    let options = ["--hidden", "4", "--epochs", "6", "--learning-rate", "0.0000001"]
    let found = try warnings(options)
    #expect(found.count == 1 && found[0].contains("for 5 epochs ‖ΔW‖/‖W‖ has been small"), "\(found)")
    // A rate that the schedule has lowered is meant to be small: below half of it nothing is said.
    #expect(try warnings(options + ["--schedule", "exponential:0.1"]).isEmpty)
  }

  @Test func idleUnits() throws {
    let found = try warnings(["--hidden", "20", "--epochs", "40", "--learning-rate", "3", "--no-center"])
    #expect(found.contains { $0.contains("hidden units are dead and") }, "\(found)")
  }

  @Test func chains() throws {
    let found = try warnings([
      "--hidden", "16", "--epochs", "60", "--learning-rate", "1", "--method", "pcd", "--l2", "0",
    ])
    #expect(found.contains { $0.contains("the persistent chains no longer mix: R̂ ") }, "\(found)")
  }
}
