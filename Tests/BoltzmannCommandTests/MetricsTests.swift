import Boltzmann
import BoltzmannData
import Testing

/// What `train` reports of each epoch, on standard output and in `metrics.jsonl`.
@Suite struct MetricsTests {
  private static let keys: Set = [
    "epoch", "seconds", "samples_per_second", "learning_rate", "reconstruction_error",
    "pseudo_log_likelihood", "weight_norm", "update_ratio", "dead_units", "saturated_units",
  ]
  private static let likelihoodKeys: Set = ["mean_log_likelihood", "log_partition"]

  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.grey(rows: 40, columns: 6))
    try scratch.write("other.csv", TinyData.binary(rows: 20, columns: 6, seed: 3))
    return scratch
  }

  private static let common = [
    "--data", "data.csv", "--hidden", "3", "--batch-size", "15", "--epochs", "4", "--output", "run",
    "--learning-rate", "0.03125",
  ]

  private func keys(_ options: [String]) throws -> [Set<String>] {
    let scratch = try scratch()
    let outcome = try scratch.train(Self.common + ["--json"] + options)
    let printed = outcome.output
    #expect(try scratch.text("run/metrics.jsonl") == printed)
    let objects = try scratch.metrics("run")
    // Written as they are read: keys sorted, numbers as short as they can be.
    #expect(objects.map { "\($0)\n" }.joined() == printed)
    #expect(objects.compactMap { $0["epoch"]?.integer } == [1, 2, 3, 4])
    return objects.map { Set(($0.object ?? [:]).keys) }
  }

  @Test func keysAlways() throws {
    #expect(try keys([]) == Array(repeating: Self.keys, count: 4))
  }

  @Test func keysWithValidation() throws {
    #expect(
      try keys(["--validation", "other.csv"])
        == Array(repeating: Self.keys.union(["free_energy_gap", "free_energy_gap_error"]), count: 4))
  }

  @Test func keysWithLikelihood() throws {
    let found = try keys(["--log-likelihood-every", "2"])
    let with = Self.keys.union(Self.likelihoodKeys)
    #expect(found == [Self.keys, with, Self.keys, with])
  }

  @Test func keysWithBoth() throws {
    let gap = Self.keys.union(["free_energy_gap", "free_energy_gap_error"])
    let with = gap.union(Self.likelihoodKeys).union(["validation_mean_log_likelihood"])
    #expect(try keys(["--validation", "other.csv", "--log-likelihood-every", "4"]) == [gap, gap, gap, with])
  }

  @Test func values() throws {
    let scratch = try scratch()
    try scratch.train(Self.common + ["--validation", "other.csv", "--log-likelihood-every", "4"])
    let objects = try scratch.metrics("run")
    for object in objects {
      #expect(object["learning_rate"]?.double == 0.03125)
      #expect((object["seconds"]?.double ?? 0) > 0)
      #expect((object["samples_per_second"]?.double ?? 0) > 0)
      #expect((0...1).contains(object["reconstruction_error"]?.double ?? -1))
      // No worse than fair coins by more than what 4 epochs can do, and never above certainty.
      #expect((-60...0).contains(object["pseudo_log_likelihood"]?.double ?? 1))
      #expect((0..<1).contains(object["update_ratio"]?.double ?? -1))
    }
    // At the end `evaluate` says the same: the same sums over the same bits.
    let outcome = try Tool.run(
      ["evaluate", "run/model.safetensors", "--data", "data.csv", "--json"], folder: scratch.root)
    let evaluated = try JSONValue.parse(Array(outcome.output.utf8), path: "output")
    #expect(evaluated["mean_log_likelihood"] == objects[3]["mean_log_likelihood"])
    #expect(evaluated["log_partition"] == objects[3]["log_partition"])
    let validated = try Tool.run(
      ["evaluate", "run/model.safetensors", "--data", "other.csv", "--json"], folder: scratch.root)
    #expect(
      try JSONValue.parse(Array(validated.output.utf8), path: "output")["mean_log_likelihood"]
        == objects[3]["validation_mean_log_likelihood"])
  }

  /// Grey values have no likelihood under a law of binary states.
  @Test func nullForGreyValues() throws {
    let scratch = try scratch()
    let outcome = try Tool.run(
      ["train", "--json", "--binarize", "none", "--log-likelihood-every", "4"] + Self.common,
      folder: scratch.root)
    #expect(outcome.status == 0)
    #expect(outcome.errorLines.count == 1 && outcome.error.contains("--binarize none"))
    for object in try scratch.metrics("run") { #expect(object["pseudo_log_likelihood"] == .null) }
    #expect(try scratch.metrics("run")[3]["mean_log_likelihood"] == .null)
    #expect(try scratch.metrics("run")[3]["log_partition"]?["estimate"]?.double != nil)
  }

  /// Not JSON's problem: numbers beyond every `Float` are null, the run goes on or says that it diverged.
  @Test func nullForNonFiniteNumbers() throws {
    let scratch = try scratch()
    let outcome = try Tool.run(
      ["train", "--json", "--quiet", "--weight-initialization", "normal:1e37", "--l2", "0"] + Self.common,
      folder: scratch.root)
    #expect([0, 75].contains(outcome.status))
    for line in outcome.outputLines {
      #expect(!line.contains("nan") && !line.contains("inf"))
      _ = try JSONValue.parse(Array(line.utf8), path: "output")
    }
  }

  @Test func tableForPeople() throws {
    let scratch = try scratch()
    let outcome = try Tool.run(
      ["train", "--validation", "other.csv", "--log-likelihood-every", "4"] + Self.common,
      folder: scratch.root)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let lines = outcome.outputLines
    #expect(lines.count == 5)
    #expect(lines.first?.contains("epoch") == true && lines.first?.contains("F gap") == true)
    #expect(lines.dropFirst().map { $0.split(separator: " ").first } == ["1", "2", "3", "4"])
    #expect(lines.last?.contains("log P = ") == true)
  }

  @Test func settingsAndProvenance() throws {
    let scratch = try scratch()
    try scratch.train(Self.common + ["--seed", "18446744073709551615", "--threshold", "0.25"])
    let settings = try JSONValue.read(scratch.path("run/run.json"))
    #expect(settings["data"]?.string == scratch.path("data.csv"))
    #expect(settings["binarization"]?.string == "threshold:0.25")
    #expect(settings["dataFingerprint"]?.string?.hasPrefix("40x6:crc32:") == true)
    #expect(settings["hidden"]?.integer == 3)
    #expect(settings["training"]?["batchSize"]?.integer == 15)
    let versions = Set((settings["versions"]?.object ?? [:]).keys)
    #expect(versions == ["blas", "boltzmann", "instruction_set"])
    let text = try scratch.text("run/run.json")
    #expect(text.contains("\"seed\" : 18446744073709551615"))
    let model = try StoredModel.read(scratch.path("run/model.safetensors"))
    #expect(model.provenance == "boltzmann train: cd-1, seed 18446744073709551615")
    #expect(model.preprocessing == Preprocessing(binarization: .threshold(0.25)))
  }
}
