import Boltzmann
import BoltzmannCompute
import BoltzmannData
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// `boltzmann general`: machines with couplings within the layers.
@Suite struct GeneralTests {
  private static let spins = "1,-1,1,1\n-1,-1,1,-1\n1,1,1,1\n-1,1,-1,-1\n1,1,-1,1\n-1,-1,-1,-1\n"
  private static let bits = "1,0,1,1\n0,0,1,0\n1,1,1,1\n0,1,0,0\n1,1,0,1\n0,0,0,0\n"

  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("spins.csv", Self.spins)
    try scratch.write("bits.csv", Self.bits)
    return scratch
  }

  @discardableResult
  private func general(
    _ scratch: Scratch, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Tool.Outcome {
    let outcome = try Tool.run(["general"] + arguments, folder: scratch.root)
    #expect(outcome.status == 0, "\(outcome.error)", sourceLocation: sourceLocation)
    return outcome
  }

  private func train(_ data: String, _ more: [String]) -> [String] {
    ["train", "--data", data, "--batch-size", "6", "--epochs", "3", "--output", "m.safetensors"] + more
  }

  private func object(_ outcome: Tool.Outcome) throws -> JSONValue {
    try JSONValue.parse(Array(outcome.output.utf8), path: "output")
  }

  @Test(arguments: [
    ["--method", "pcd", "--hidden", "2"], ["--method", "pcd", "--hidden", "2", "--positive-phase", "gibbs"],
    ["--method", "exact", "--hidden", "3", "--lateral", "visible"], ["--method", "pseudo-likelihood"],
    ["--hidden", "3", "--hidden-kind", "bernoulli", "--lateral", "none", "--schedule", "linear"],
  ])
  func trainsEvaluatesAndSamples(options: [String]) throws {
    let scratch = try scratch()
    let outcome = try general(scratch, train("spins.csv", ["--visible-kind", "spin", "--json"] + options))
    #expect(outcome.outputLines.count == 3 && outcome.error.isEmpty)
    let last = try JSONValue.parse(Array(outcome.outputLines[2].utf8), path: "output")
    #expect(last["epoch"]?.integer == 3)
    #expect((last["pseudo_log_likelihood"]?.double != nil) == (options.contains("pseudo-likelihood")))

    let machine = try StoredBoltzmannMachine.read(scratch.path("m.safetensors")).machine
    let reference = ReferenceBoltzmannMachine(machine)
    let rows = Self.spins.split(separator: "\n").map { $0.split(separator: ",").map { Double($0)! } }
    let scored = try object(
      general(
        scratch, ["evaluate", "m.safetensors", "--data", "spins.csv", "--json", "--per-sample", "p.npy"]))
    let mean = try #require(scored["mean_log_likelihood"]?.double)
    // Within the roundoff of two sums in Float.
    #expect(abs(mean - reference.meanLogLikelihood(of: rows)) <= 2 * reference.roundoff)
    let bound = try #require(scored["log_partition_lower_bound"]?.double)
    #expect(bound <= scored["log_partition"]!["estimate"]!.double! + reference.roundoff)
    let each = try #require(NPYArray(scratch.bytes("p.npy"))).numbers(Double.self)
    #expect(abs(each.reduce(0, +) / 6 - mean) <= 1e-12 && each.count == 6)

    try general(scratch, ["sample", "m.safetensors", "--count", "5", "--steps", "3", "--output", "s.npy"])
    let samples = try #require(NPYArray(scratch.bytes("s.npy")))
    #expect(samples.type == "<f4" && samples.shape == [5, 4])
    #expect(samples.numbers(Float.self).allSatisfy { $0 == 1 || $0 == -1 })
  }

  /// Spins as {0, 1} are the same data; so a machine trained on either is the same.
  @Test func spellingsOfSpins() throws {
    let scratch = try scratch()
    func model(_ data: String) throws -> [UInt8] {
      try general(
        scratch, train(data, ["--visible-kind", "spin", "--hidden", "2", "--overwrite", "--quiet"]))
      return try scratch.bytes("m.safetensors")
    }
    #expect(try model("spins.csv") == model("bits.csv"))
    for data in ["spins.csv", "bits.csv"] {
      let outcome = try general(scratch, ["evaluate", "m.safetensors", "--data", data])
      #expect(outcome.output.contains("mean log-likelihood"))
    }
  }

  @Test func bitsAsBytes() throws {
    let scratch = try scratch()
    let text = try general(scratch, train("bits.csv", ["--method", "pseudo-likelihood"])).outputLines
    #expect(text.count == 4 && text[0].contains("pseudo-log-P"))
    for name in ["s.npy", "s.csv"] {
      let outcome = try general(
        scratch, ["sample", "m.safetensors", "--count", "9", "--steps", "2", "--output", name])
      #expect(outcome.output.isEmpty && outcome.error.contains("9 samples after 2 sweeps"))
    }
    #expect(try #require(NPYArray(scratch.bytes("s.npy"))).type == "|u1")
    #expect(
      try NumericTable.read(scratch.path("s.csv")).values
        == NumericTable.read(scratch.path("s.npy")).values)
  }

  @Test func seedAndThreads() throws {
    let scratch = try scratch()
    func bytes(_ options: [String]) throws -> [[UInt8]] {
      try general(scratch, train("bits.csv", ["--hidden", "3", "--overwrite", "--quiet"] + options))
      try general(
        scratch, ["sample", "m.safetensors", "--count", "150", "--steps", "4", "--output", "s.npy"] + options)
      return [try scratch.bytes("m.safetensors"), try scratch.bytes("s.npy")]
    }
    let expected = try bytes(["--threads", "1"])
    for threads in ["2", "3"] { #expect(try bytes(["--threads", threads]) == expected) }
    #expect(try bytes(["--seed", "1"])[1] != expected[1])
  }

  /// All ways side by side, each within five standard errors of the sum over all states.
  @Test func everyPartition() throws {
    let scratch = try scratch()
    try general(scratch, train("bits.csv", ["--hidden", "3", "--quiet"]))
    let options = ["--partition", "all", "--temperatures", "200", "--rounds", "512", "--json"]
    let scored = try object(
      general(scratch, ["evaluate", "m.safetensors", "--data", "bits.csv"] + options))
    let all = try #require(scored["log_partitions"]?.array)
    let exact = try #require(scored["log_partition"]?["estimate"]?.double)
    #expect(scored["log_partition"]?["kind"] == "exact" && all.count == 5)
    for estimate in all {
      let (value, error) = (estimate["estimate"]?.double, estimate["standard_error"]?.double)
      #expect(abs(try #require(value) - exact) <= 5 * (try #require(error)) + 1e-4)
    }
    let many = ["general", "evaluate", "m.safetensors", "--data", "bits.csv", "--partition", "ais"]
    try Tool.run(many + ["--chains", "100000000000"], folder: scratch.root).expectFailure(
      64, ["GB of memory"])
  }

  /// Too many coupled units for log Z: the pseudo-likelihood and the bound are left.
  @Test func largeMachines() throws {
    let scratch = try scratch()
    let wide = TinyData.binary(rows: 8, columns: 30)
    try scratch.write("wide.csv", wide)
    try general(
      scratch,
      [
        "train", "--data", "wide.csv", "--batch-size", "8", "--epochs", "2", "--quiet", "--output",
        "m.safetensors",
      ])
    let outcome = try general(scratch, ["evaluate", "m.safetensors", "--data", "wide.csv", "--json"])
    let scored = try object(outcome)
    #expect(scored["mean_log_likelihood"] == .null && scored["log_partition"] == nil)
    #expect(scored["pseudo_log_likelihood"]?.double != nil)
    #expect(scored["log_partition_lower_bound"]?.double != nil)
    #expect(outcome.error.contains("too many coupled units"))
    let exact = ["general", "evaluate", "m.safetensors", "--data", "wide.csv", "--partition", "exact"]
    try Tool.run(exact, folder: scratch.root)
      .expectFailure(64, ["at most 25 units that are coupled among themselves, not 30"])
    try Tool.run(exact.dropLast() + ["none", "--per-sample", "p.npy"], folder: scratch.root)
      .expectFailure(64, ["--per-sample needs a log Z"])
  }
}

/// What cannot work: a status, one line, and nothing written.
@Suite struct GeneralFailureTests {
  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 30, columns: 6))
    try scratch.write("grey.csv", TinyData.grey(rows: 30, columns: 6))
    try scratch.write("bad.csv", "1,-1\n2,1\n")
    try StoredBoltzmannMachine(BoltzmannMachine(visible: 3)).write(to: scratch.path("m.safetensors"))
    try scratch.write("rbm.safetensors", TinyMachine().bytes)
    return scratch
  }

  @Test(arguments: [
    (["--hidden", "-1"], "--hidden must not be negative, not -1"),
    (["--hidden", "999999999999"], "GB of memory"),
    (["--visible-kind", "gaussian"], "'gaussian' is invalid for '--visible-kind"),
    (["--method", "cd"], "'cd' is invalid for '--method"),
    (["--method", "pseudo-likelihood", "--hidden", "2"], "needs a machine without hidden units"),
    (["--method", "exact", "--hidden", "20"], "at most 25 units that are coupled among themselves, not 26"),
    (["--steps", "0"], "Gibbs steps must be at least 1, not 0"),
    (["--chains", "0"], "chains must be at least 1, not 0"),
    (["--chains", "9223372036854775807"], "GB of memory"),
    (["--batch-size", "31"], "a minibatch of 31 is larger than the 30 samples"),
    (["--epochs", "0"], "epochs must be at least 1, not 0"),
    (["--learning-rate", "nan"], "the learning rate must be positive and finite"),
    (["--momentum", "1"], "momentum must lie in [0, 1)"),
    (["--l2", "-1"], "weight decay must not be negative"),
    (["--lateral", "all"], "'all' is invalid for '--lateral"),
    (["--data", "grey.csv", "--binarize", "none"], "grey.csv has grey values"),
  ])
  func options(_ options: [String], _ message: String) throws {
    let scratch = try scratch()
    let before = try scratch.names()
    let size = options.contains("--batch-size") ? [] : ["--batch-size", "10"]
    let data = options.contains("--data") ? [] : ["--data", "data.csv"]
    let outcome = try Tool.run(
      ["general", "train", "--output", "new.safetensors"] + data + size + options, folder: scratch.root)
    outcome.expectUsageError(message)
    #expect(outcome.output.isEmpty)
    #expect(try scratch.names() == before)
  }

  @Test func files() throws {
    let scratch = try scratch()
    let before = try scratch.tree()
    func fails(_ status: Int32, _ arguments: [String], _ parts: [String]) throws {
      try Tool.run(["general"] + arguments, folder: scratch.root).expectFailure(status, parts)
    }
    try fails(73, ["train", "--data", "data.csv", "--output", "m.safetensors"], ["m.safetensors: exists"])
    try fails(
      73, ["train", "--data", "data.csv", "--output", "no/m.safetensors"],
      ["no/m.safetensors: there is no folder"])
    try fails(66, ["train", "--data", "no.csv", "--output", "n.safetensors"], ["no.csv: "])
    try fails(
      65, ["train", "--data", "bad.csv", "--output", "n.safetensors"], ["bad.csv: row 1, column 2: -1.0"])
    try fails(
      65, ["evaluate", "m.safetensors", "--data", "data.csv"],
      ["has 6 columns, but m.safetensors has 3 visible"])
    try fails(66, ["evaluate", "no.safetensors", "--data", "data.csv"], ["no.safetensors: "])
    try fails(
      65, ["sample", "rbm.safetensors", "--count", "1", "--output", "s.npy"],
      ["model \"rbm\" is unknown here, expected \"boltzmann-machine\""])
    try fails(
      73, ["sample", "m.safetensors", "--count", "1", "--steps", "1", "--output", "no/s.npy"], ["no/s.npy: "])
    #expect(try scratch.tree() == before)
  }

  @Test func divergence() throws {
    let scratch = try scratch()
    let outcome = try Tool.run(
      [
        "general", "train", "--data", "data.csv", "--batch-size", "10", "--learning-rate", "1e38", "--l2",
        "1", "--method",
        "pseudo-likelihood", "--output", "n.safetensors", "--json",
      ], folder: scratch.root)
    outcome.expectFailure(75, ["training diverged"])
    #expect(!scratch.exists("n.safetensors"))
  }

  /// Ctrl-C leaves the machine as it is.
  @Test func interruption() throws {
    let scratch = try scratch()
    let running = try RunningTool(
      [
        "general", "train", "--data", "data.csv", "--batch-size", "10", "--epochs", "100000000", "--output",
        "n.safetensors", "--json",
      ], folder: scratch.root, output: scratch.path("lines"))
    #expect(poll { (try? scratch.bytes("lines").isEmpty) == false })
    running.signal(2)
    #expect(try running.wait().status == 130)
    #expect(throws: Never.self) { try StoredBoltzmannMachine.read(scratch.path("n.safetensors")) }
  }

  /// On a terminal of 80 columns.
  @Test(arguments: [[], ["train"], ["evaluate"], ["sample"]])
  func help(subcommand: [String]) throws {
    let outcome = try Tool.run(["general"] + subcommand + ["--help"], environment: ["COLUMNS": "80"])
    #expect(outcome.status == 0)
    for line in outcome.outputLines where !line.hasPrefix("USAGE") { #expect(line.count <= 80, "\(line)") }
    #expect(outcome.output.contains("\n  boltzmann general "))
  }
}
