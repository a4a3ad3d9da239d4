import BoltzmannData
import BoltzmannReference
import Testing

@Suite struct EvaluateTests {
  private func scratch(_ machine: TinyMachine = TinyMachine()) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("m.safetensors", machine.bytes)
    try scratch.write("data.csv", TinyMachine.stateText)
    try scratch.write("grey.csv", "0,0.6,0.4\n0.8,1,1\n0.35,0,0\n")
    return scratch
  }

  private func evaluate(_ scratch: Scratch, _ options: [String]) throws -> (JSONValue, String) {
    let outcome = try Tool.run(["evaluate", "m.safetensors", "--json"] + options, folder: scratch.root)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.outputLines.count == 1)
    return (try JSONValue.parse(Array(outcome.output.utf8), path: "output"), outcome.error)
  }

  /// Sums are `Double`, over softplus in `Float`: at most 15 of them (a pseudo-likelihood has three conditionals
  /// of five each), each below 8 and within 4 ulps of 2⁻²¹.
  private static let tolerance = 15 * 4 * 0x1p-21

  private func expect(
    _ value: JSONValue?, _ expected: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let difference = abs((value?.double ?? .nan) - expected)
    #expect(difference <= Self.tolerance, "\(value ?? .null) \(expected)", sourceLocation: sourceLocation)
  }

  @Test func exactly() throws {
    let reference = TinyMachine().reference
    let (json, notes) = try evaluate(scratch(), ["--data", "data.csv"])
    #expect(notes.isEmpty)
    #expect(
      Set((json.object ?? [:]).keys) == [
        "samples", "mean_unnormalized_log_likelihood", "pseudo_log_likelihood", "mean_log_likelihood",
        "log_partition",
      ])
    #expect(json["samples"] == .integer(5))
    expect(json["mean_log_likelihood"], reference.meanLogLikelihood(of: TinyMachine.states))
    let energies = TinyMachine.states.map { reference.freeEnergy(visible: $0) }
    expect(json["mean_unnormalized_log_likelihood"], -energies.reduce(0, +) / 5)
    let pseudo = TinyMachine.states.map { reference.pseudoLogLikelihood(of: $0) }
    expect(json["pseudo_log_likelihood"], pseudo.reduce(0, +) / 5)
    let partition = json["log_partition"]
    #expect(
      Set((partition?.object ?? [:]).keys) == [
        "method", "estimate", "standard_error", "lower", "upper", "relative_deviation", "kind",
      ])
    for key in ["estimate", "lower", "upper"] { expect(partition?[key], reference.logPartition()) }
    #expect(partition?["method"] == "exact" && partition?["kind"] == "exact")
    #expect(partition?["standard_error"]?.double == 0)
    #expect(partition?["relative_deviation"]?.double == 0)
  }

  @Test func annealed() throws {
    var machine = TinyMachine()
    machine.referenceVisibleBias = [0.5, 0.5, -1]
    let (json, notes) = try evaluate(
      scratch(machine), ["--data", "data.csv", "--partition", "ais", "--temperatures", "50"])
    #expect(notes.isEmpty)
    let partition = json["log_partition"]
    #expect(partition?["method"] == "ais" && partition?["kind"] == "interval3")
    let estimate = try #require(partition?["estimate"]?.double)
    let error = try #require(partition?["standard_error"]?.double)
    #expect(error > 0)
    // 4.9 standard errors: once in 10⁶ seeds, and the seed is fixed.
    #expect(abs(estimate - machine.reference.logPartition()) < 4.9 * error)
    let lower = try #require(partition?["lower"]?.double), upper = try #require(partition?["upper"]?.double)
    #expect(lower < estimate && estimate < upper)
    let unnormalized = json["mean_unnormalized_log_likelihood"]?.double ?? .nan
    expect(json["mean_log_likelihood"], unnormalized - estimate)
  }

  @Test func annealedWithoutReference() throws {
    let scratch = try scratch()
    let options = ["--data", "data.csv", "--partition", "ais", "--temperatures", "50"]
    let (json, notes) = try evaluate(scratch, options)
    #expect(
      notes == "note: the model has no reference biases; annealing starts from the means of the data\n")
    #expect(json["log_partition"]?["method"] == "ais")
    #expect(try evaluate(scratch, options + ["--quiet"]).1.isEmpty)
  }

  @Test func warnsOfSpreadWeights() throws {
    let (json, notes) = try evaluate(
      scratch(), ["--data", "data.csv", "--partition", "ais", "--temperatures", "1", "--chains", "30"])
    #expect((json["log_partition"]?["relative_deviation"]?.double ?? 0) > 0.3)
    #expect(notes.contains("warning: the annealing weights spread widely"))
  }

  /// Every way to log Z of a machine that can be summed, side by side; the exact one counts.
  @Test func allPartitions() throws {
    let (json, _) = try evaluate(
      scratch(), ["--data", "data.csv", "--partition", "all", "--temperatures", "100", "--quiet"])
    let estimates = try #require(json["log_partitions"]?.array)
    #expect(
      estimates.map { $0["method"] } == ["exact", "ais", "sandwich", "tempering", "integration"])
    #expect(json["log_partition"]?["method"] == "exact")
    let exact = try #require(estimates[0]["estimate"]?.double)
    for estimate in estimates.dropFirst() {
      let error = try #require(estimate["standard_error"]?.double)
      // Five standard errors, which are below 0.1 here.
      #expect(abs((estimate["estimate"]?.double ?? .nan) - exact) <= 5 * error + Self.tolerance)
      #expect(error < 0.1 && (estimate["effective_sample_size"]?.double ?? 0) > 1)
    }
    #expect(estimates[2]["reverse_start"] == "exact" && estimates[2]["kind"] == "sandwich")
    #expect((estimates[3]["round_trips"]?.integer ?? 0) > 10 && estimates[3]["r_hat"]?.double != nil)
  }

  /// A sandwich bounds the mean log-likelihood too.
  @Test func sandwich() throws {
    let (json, _) = try evaluate(
      scratch(), ["--data", "data.csv", "--partition", "sandwich", "--error", "0.05", "--quiet"])
    let exact = TinyMachine().reference.meanLogLikelihood(of: TinyMachine.states)
    let lower = try #require(json["mean_log_likelihood_lower"]?.double)
    let upper = try #require(json["mean_log_likelihood_upper"]?.double)
    #expect(lower <= exact + Self.tolerance && exact - Self.tolerance <= upper)
    #expect((json["log_partition"]?["standard_error"]?.double ?? 1) <= 0.05)
    let scratch = try scratch()
    let table = try Tool.run(
      [
        "evaluate", "m.safetensors", "--data", "data.csv", "--partition", "all", "--temperatures", "50",
        "--quiet",
      ], folder: scratch.root)
    #expect(table.status == 0 && table.output.contains("integration"))
  }

  /// One chain has no standard error: null, not a number that looks like one.
  @Test func oneChain() throws {
    let (json, _) = try evaluate(
      scratch(), ["--data", "data.csv", "--partition", "ais", "--temperatures", "9", "--chains", "1"])
    for key in ["standard_error", "lower", "upper", "relative_deviation"] {
      #expect(json["log_partition"]?[key] == .null)
    }
    #expect(json["log_partition"]?["estimate"]?.double != nil)
  }

  /// Salakhutdinov & Murray's schedule by both its names; any other number is another one.
  @Test func schedules() throws {
    let scratch = try scratch()
    let estimates = try ["sm2008", "14500", "14499"].map { schedule in
      try evaluate(
        scratch,
        ["--data", "data.csv", "--partition", "ais", "--chains", "2", "--temperatures", schedule, "--quiet"]
      ).0["log_partition"]?["estimate"]
    }
    #expect(estimates[0] == estimates[1] && estimates[0] != estimates[2])
  }

  @Test func withoutPartition() throws {
    let (json, notes) = try evaluate(scratch(), ["--data", "data.csv", "--partition", "none"])
    #expect(notes.isEmpty)
    #expect(
      Set((json.object ?? [:]).keys) == [
        "samples", "mean_unnormalized_log_likelihood", "pseudo_log_likelihood",
      ])
  }

  @Test func seedAndThreads() throws {
    let scratch = try scratch()
    func result(_ options: [String]) throws -> String {
      let ais = ["--data", "data.csv", "--partition", "ais", "--temperatures", "20", "--chains", "130"]
      return try evaluate(scratch, ais + options).0.description
    }
    let expected = try result(["--threads", "1"])
    for threads in ["2", "3"] { #expect(try result(["--threads", threads]) == expected) }
    #expect(try result(["--seed", "0"]) == expected)
    #expect(try result(["--seed", "1"]) != expected)
  }

  @Test func perSample() throws {
    let scratch = try scratch(), reference = TinyMachine().reference
    for (method, logZ) in [("exact", reference.logPartition()), ("none", 0)] {
      let (json, _) = try evaluate(
        scratch, ["--data", "data.csv", "--partition", method, "--per-sample", "scores.npy"])
      let array = try #require(NPYArray(scratch.bytes("scores.npy")))
      #expect(array.type == "<f8" && array.shape == [5])
      let scores = array.numbers(Double.self)
      for (score, state) in zip(scores, TinyMachine.states) {
        expect(.number(score), -reference.freeEnergy(visible: state) - logZ)
      }
      let key = method == "none" ? "mean_unnormalized_log_likelihood" : "mean_log_likelihood"
      // The mean of five differences against the difference of means: ten roundings of numbers below 8.
      let mean = scores.reduce(0, +) / 5, reported = try #require(json[key]?.double)
      #expect(abs(mean - reported) <= 10 * 0x1p-50)
    }
  }

  @Test func tableForPeople() throws {
    let scratch = try scratch()
    let exact = try Tool.run(["evaluate", "m.safetensors", "--data", "data.csv"], folder: scratch.root)
    #expect(exact.outputLines.count == 5 && exact.output.contains("log Z (exact)"))
    let annealed = try Tool.run(
      ["evaluate", "m.safetensors", "--data", "data.csv", "--partition", "ais", "--temperatures", "9"],
      folder: scratch.root)
    #expect(annealed.outputLines.count == 9 && annealed.output.contains("log Z (ais)"))
    #expect(annealed.output.contains("relative deviation"))
  }

  // MARK: - Grey data

  private static func states(_ threshold: Double) -> [[Double]] {
    [[0, 0.6, 0.4], [0.8, 1, 1], [0.35, 0, 0]].map { $0.map { $0 >= threshold ? 1 : 0 } }
  }

  @Test(arguments: [
    (nil, [], 0.5), ("threshold:0.3", [], 0.3), ("threshold:0.3", ["--threshold", "0.7"], 0.7),
    ("none", ["--binarize", "threshold"], 0.5), ("sample", ["--binarize", "threshold:0.38"], 0.38),
  ])
  func storedPreprocessingAndItsOverride(stored: String?, options: [String], threshold: Double) throws {
    var machine = TinyMachine()
    machine.metadata["preprocessing"] = stored.map { #"{"binarization":"\#($0)"}"# }
    let (json, notes) = try evaluate(scratch(machine), ["--data", "grey.csv"] + options)
    #expect(notes.isEmpty)
    expect(json["mean_log_likelihood"], machine.reference.meanLogLikelihood(of: Self.states(threshold)))
  }

  @Test func storedScale() throws {
    var machine = TinyMachine()
    machine.metadata["preprocessing"] = #"{"binarization":"threshold:0.5","scale":16}"#
    let scratch = try scratch(machine)
    try scratch.write("bytes.csv", "0,7,8\n16,9,0\n")
    let (json, _) = try evaluate(scratch, ["--data", "bytes.csv"])
    expect(json["mean_log_likelihood"], machine.reference.meanLogLikelihood(of: [[0, 0, 1], [1, 1, 0]]))
    let (other, _) = try evaluate(scratch, ["--data", "bytes.csv", "--scale", "20"])
    expect(other["mean_log_likelihood"], machine.reference.meanLogLikelihood(of: [[0, 0, 0], [1, 0, 0]]))
  }

  @Test func greyValuesHaveNoLikelihood() throws {
    let scratch = try scratch()
    let (json, notes) = try evaluate(scratch, ["--data", "grey.csv", "--binarize", "none"])
    #expect(notes.split(separator: "\n").count == 1 && notes.contains("no log-likelihood"))
    #expect(json["mean_log_likelihood"] == .null && json["pseudo_log_likelihood"] == .null)
    #expect(json["mean_unnormalized_log_likelihood"]?.double != nil)
    expect(json["log_partition"]?["estimate"], TinyMachine().reference.logPartition())
    let binary = try evaluate(scratch, ["--data", "data.csv", "--binarize", "none"])
    #expect(binary.1.isEmpty)
    expect(
      binary.0["mean_log_likelihood"], TinyMachine().reference.meanLogLikelihood(of: TinyMachine.states))
  }

  @Test func sampledValuesDependOnTheSeed() throws {
    let scratch = try scratch()
    func result(_ seed: String) throws -> JSONValue? {
      let sample = ["--data", "grey.csv", "--binarize", "sample", "--seed", seed]
      return try evaluate(scratch, sample).0["mean_unnormalized_log_likelihood"]
    }
    #expect(try result("1") == result("1"))
    // Three sites draw at random; eight seeds agree by chance with probability below 0.7³ˣ⁷ < 10⁻³.
    #expect(try Set((0..<8).map { "\(try result("\($0)") ?? .null)" }).count > 1)
  }
}
