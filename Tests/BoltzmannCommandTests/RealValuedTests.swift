import Boltzmann
import BoltzmannCompute
import BoltzmannData
import Testing

/// Real-valued data train with the settings that the tool has by itself.
@Suite struct RealValuedTests {
  private static let always = [
    "epoch", "learning_rate", "reconstruction_error", "weight_norm", "update_ratio", "seconds",
    "samples_per_second",
  ]

  /// The digits as real values, of which some columns are constant: nothing but numbers, and a likelihood that rises.
  @Test(arguments: ["bernoulli", "spin"])
  func digits(hidden: String) throws {
    let scratch = try Scratch()
    try scratch.train([
      "--data", "digits", "--visible-kind", "gaussian", "--hidden-kind", hidden, "--hidden", "10",
      "--log-likelihood-every", "19", "--output", "run", "--keep-every", "1",
    ])
    let epochs = try scratch.metrics("run")
    #expect(epochs.count == 20)
    for epoch in epochs {
      for key in Self.always { #expect(epoch[key]?.double?.isFinite == true, "\(key) \(epoch)") }
      #expect(epoch["pseudo_log_likelihood"] == .null)
    }
    func likelihood(_ model: String) throws -> Double {
      let (json, notes) = try scratch.json(["evaluate", model, "--data", "digits"])
      #expect(notes.isEmpty && json["log_partition"]?["kind"] == "exact")
      return try #require(json["mean_log_likelihood"]?.double)
    }
    let first = try likelihood("run/models/epoch-0001.safetensors")
    let last = try likelihood("run/models/epoch-0020.safetensors")
    #expect(first < last, "\(first) \(last)")
    let machine = try scratch.machine("run")
    let numbers = machine.weights.values + machine.visible.bias + machine.hidden.bias
    #expect(numbers.allSatisfy { $0.isFinite })
    #expect(machine.visible.precision.allSatisfy { $0 > 0 && $0.isFinite })
  }

  /// A constant column is learned as one that hardly varies; so are data of other sizes than 1.
  @Test(arguments: [
    ("gaussian", "3,7\n1,7\n2,7\n5,7\n"), ("relu", "3,7\n1,7\n2,7\n5,7\n"), ("gaussian", "7\n7\n7\n7\n"),
    ("relu", "0\n0\n0\n0\n"), ("gaussian*1,relu", "-2,0\n3,0\n1,0\n0.5,0\n"),
    ("gaussian", "3e6,1\n1e6,2\n-2e6,5\n5e6,3\n"), ("gaussian", "3e-6\n1e-6\n-2e-6\n5e-6\n"),
  ])
  func constantColumns(kind: String, text: String) throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", text)
    for hidden in ["bernoulli", "gaussian", "relu"] {
      try scratch.train([
        "--data", "data.csv", "--visible-kind", kind, "--hidden-kind", hidden, "--hidden", "2",
        "--batch-size", "2", "--output", hidden,
      ])
      let machine = try scratch.machine(hidden)
      #expect(machine.visible.precision.allSatisfy { $0 > 0 && $0.isFinite })
      #expect(try scratch.epochs(hidden).count == 20)
    }
  }

  /// Numbers whose squares leave the range of Float: a clear end, never a trap or a machine that cannot be read.
  @Test(arguments: ["1e30\n-1e30\n2e30\n", "1e-30\n-1e-30\n2e-30\n", "3e38\n-3e38\n3e38\n", "1e-45\n0\n0\n"])
  func extremeValues(text: String) throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", text)
    let outcome = try Tool.run(
      [
        "train", "--data", "data.csv", "--visible-kind", "gaussian", "--hidden", "2", "--batch-size", "1",
        "--epochs", "2", "--quiet", "--output", "run",
      ], folder: scratch.root)
    #expect([0, 65, 75].contains(outcome.status), "\(outcome.status) \(outcome.error)")
    #expect(outcome.errorLines.count == (outcome.status == 0 ? 0 : 1))
    if scratch.exists("run") { _ = try scratch.machine("run") }
  }

  @Test func varianceBeyondFloat() throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", "1,1e30\n2,-1e30\n3,2e30\n")
    let train = ["train", "--visible-kind", "gaussian", "--batch-size", "1", "--hidden", "2", "--data"]
    try Tool.run(train + ["data.csv", "--output", "run"], folder: scratch.root)
      .expectFailure(65, ["data.csv: the values of visible 2 vary too much for numbers of 32 bits"])
    #expect(try scratch.names() == ["data.csv"])
    try scratch.train(Array(train.dropFirst()) + ["data.csv", "--output", "run", "--scale", "1e30"])
  }

  // MARK: - Precisions

  private func precisions(_ options: [String]) throws -> [Float] { try trained(options).visible.precision }

  private func trained(_ options: [String]) throws -> RBM {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.columns(["gaussian", "gaussian"], rows: 60))
    try scratch.train(
      [
        "--data", "data.csv", "--visible-kind", "gaussian", "--hidden", "3", "--batch-size", "20",
        "--learning-rate", "0.02", "--output", "run",
      ] + options)
    return try scratch.machine("run")
  }

  /// Without learning the precisions stay those of the data, 1 / variance; and a precision per column it is.
  @Test func learnedOrNot() throws {
    let fixed = try precisions(["--no-learn-precision"])
    #expect(try precisions(["--no-learn-precision", "--epochs", "1"]) == fixed)
    let text = TinyData.columns(["gaussian", "gaussian"], rows: 60)
    let rows = text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map { Double($0)! } }
    for column in 0..<2 {
      let values = rows.map { $0[column] }, mean = values.reduce(0, +) / 60
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 60
      // Sums of 60 numbers in Float: each step is off by half an ulp, 2⁻²⁴ of a partial sum, at most; likewise the
      // mean, the squares and the quotient.
      #expect(abs(Double(fixed[column]) * variance - 1) <= 70 * 0x1p-23)
    }
    let learned = try precisions([])
    #expect(zip(learned, fixed).allSatisfy { $0 != $1 } && learned.allSatisfy { $0 > 0 && $0.isFinite })
  }

  /// The bound of the gradient reaches the training: one so tight that nothing moves leaves the first weights.
  @Test func gradientClip() throws {
    func weights(_ options: [String]) throws -> [Float] {
      try trained(options + ["--l2", "0"]).weights.values
    }
    let first = try weights(["--epochs", "1", "--gradient-clip", "1e-30"])
    #expect(try weights(["--epochs", "9", "--gradient-clip", "1e-30"]) == first)
    #expect(try weights(["--epochs", "9"]) != first)
  }

  // MARK: - Metrics

  @Test func metrics() throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.columns(["gaussian", "gaussian"], rows: 60))
    try scratch.write("other.csv", TinyData.columns(["gaussian", "gaussian"], rows: 30, seed: 6))
    try scratch.train([
      "--data", "data.csv", "--validation", "other.csv", "--visible-kind", "gaussian", "--hidden", "3",
      "--batch-size", "20", "--epochs", "2", "--log-likelihood-every", "2", "--output", "run", "--whiten",
      "zca",
    ])
    let epochs = try scratch.metrics("run")
    let keys = Set(
      Self.always + [
        "pseudo_log_likelihood", "free_energy_gap", "free_energy_gap_error", "dead_units", "saturated_units",
      ])
    let likelihood: Set = [
      "mean_log_likelihood", "validation_mean_log_likelihood", "log_partition",
    ]
    #expect(epochs.map { Set(($0.object ?? [:]).keys) } == [keys, keys.union(likelihood)])
    for (key, file) in [
      ("mean_log_likelihood", "data.csv"), ("validation_mean_log_likelihood", "other.csv"),
    ] {
      let (json, _) = try scratch.json(["evaluate", "run/model.safetensors", "--data", file])
      #expect(json["mean_log_likelihood"] == epochs[1][key])
    }
  }
}
