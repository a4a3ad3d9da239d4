import BoltzmannData
import BoltzmannReference
import Testing

@Suite struct DiagnoseTests {
  private func scratch(_ machine: TinyMachine = TinyMachine()) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("m.safetensors", machine.bytes)
    try scratch.write("data.csv", TinyMachine.stateText)
    return scratch
  }

  private static let small = ["--chains", "12", "--steps", "60"]

  private func diagnose(_ scratch: Scratch, _ options: [String]) throws -> (result: JSONValue, notes: String)
  {
    try scratch.json(["diagnose", "m.safetensors", "--data", "data.csv"] + options)
  }

  @Test func keys() throws {
    let scratch = try scratch()
    let (json, notes) = try diagnose(scratch, Self.small)
    #expect(notes.isEmpty)
    #expect(
      Set((json.object ?? [:]).keys) == [
        "chains", "steps", "mixing", "agreement_with_data", "rank_r_hat", "frozen_chains", "slowest",
        "observables", "samples", "moments", "adversarial_accuracy", "free_energy", "hidden_units",
        "singular_values", "tempered", "training",
      ])
    #expect(json["chains"] == 12 && json["steps"] == 30 && json["samples"] == 12)
    let names = json["observables"]?.array?.compactMap { $0["name"]?.string }
    #expect(names == ["free energy", "mean activity", "mode 1 of W", "mode 2 of W"])
    #expect(json["singular_values"]?.array?.count == 2 && json["training"] == [])
    #expect(json["moments"]?["pairs"]?["count"] == 3 && json["moments"]?["triples"]?["count"] == 1)
    #expect(json["hidden_units"]?["dead"] == [])
    // The same bits whatever the number of threads.
    let (again, _) = try diagnose(scratch, Self.small + ["--threads", "3"])
    #expect(again == json)
  }

  @Test func aMachineThatMixes() throws {
    let scratch = try scratch()
    let (json, _) = try diagnose(scratch, ["--chains", "20", "--steps", "1200"])
    #expect(json["mixing"] == "mixes")
    let outcome = try Tool.run(
      ["diagnose", "m.safetensors", "--data", "data.csv", "--chains", "20", "--steps", "1200"],
      folder: scratch.root)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(outcome.output.hasPrefix("The chains mix: "))
    for words in ["All 2 hidden units are alive.", "free energy", "rank R̂", "adversarial accuracy"] {
      #expect(outcome.output.contains(words), "\(outcome.output)")
    }
  }

  /// h = v and v = h: each chain stays where it starts.
  @Test func aMachineThatStandsStill() throws {
    let scratch = try scratch(.copying(units: 3))
    let (json, _) = try diagnose(scratch, Self.small)
    #expect(json["mixing"] == "does_not_mix" && json["frozen_chains"] == 12)
    #expect(json["observables"]?.array?[1]["rank_r_hat"] == .null)
    let outcome = try Tool.run(
      ["diagnose", "m.safetensors", "--data", "data.csv"] + Self.small, folder: scratch.root)
    #expect(outcome.output.hasPrefix("The chains do not mix in 30 steps: 12 of 12 stand still."))
  }

  /// All on or all off, 10⁻⁵ a Gibbs step between them: the base-rate machine is the way.
  @Test func tempering() throws {
    var machine = TinyMachine()
    machine.reference = ReferenceRBM(
      weights: [[Double]](repeating: [9], count: 6), visibleBias: [Double](repeating: -4.5, count: 6),
      hiddenBias: [-27])
    machine.referenceVisibleBias = [Float](repeating: 0, count: 6)
    let scratch = try scratch(machine)
    try scratch.write("data.csv", "0,0,0,0,0,0\n1,1,1,1,1,1\n")
    let (json, notes) = try diagnose(scratch, ["--chains", "10", "--steps", "800", "--tempering"])
    #expect(notes.isEmpty && json["mixing"] == "does_not_mix")
    let tempered = json["tempered"]
    #expect((tempered?["round_trips"]?.integer ?? 0) > 0)
    #expect(tempered?["swap_acceptances"]?.array?.count == (tempered?["temperatures"]?.integer ?? 0) - 1)
    #expect((tempered?["rank_r_hat"]?.double ?? 9) < (json["rank_r_hat"]?.double ?? 0))
  }

  @Test func unitsThatDoNothing() throws {
    var machine = TinyMachine()
    machine.reference.hiddenBias = [-30, 30]
    let scratch = try scratch(machine)
    let (json, _) = try diagnose(scratch, Self.small)
    #expect(json["hidden_units"]?["dead"] == [0] && json["hidden_units"]?["saturated"] == [1])
    let outcome = try Tool.run(
      ["diagnose", "m.safetensors", "--data", "data.csv"] + Self.small, folder: scratch.root)
    #expect(outcome.output.contains("Of 2 hidden units, 1 dead (1), 1 saturated (2)."))
  }

  @Test func pictureAndRun() throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 40, columns: 6))
    try scratch.train([
      "--data", "data.csv", "--hidden", "3", "--batch-size", "20", "--epochs", "4", "--keep-every", "2",
      "--output", "run",
    ])
    let (json, notes) = try scratch.json(
      ["diagnose", "run/model.safetensors", "--data", "data.csv", "--run", "run", "--picture", "p.png"]
        + Self.small)
    #expect(json["training"]?.array?.compactMap { $0["epoch"]?.integer } == [2, 4])
    #expect(json["training"]?.array?.last?["singular_values"] == json["singular_values"])
    #expect(try scratch.bytes("p.png").starts(with: [0x89, 0x50, 0x4e, 0x47]))
    #expect(notes.contains("p.png"))
  }

  /// Columns of every kind on both sides.
  @Test func everyKind() throws {
    let kinds = ["bernoulli", "categorical", "gaussian", "spin", "relu"], scratch = try Scratch()
    try scratch.write("data.csv", TinyData.columns(kinds, rows: 60))
    for hidden in ["bernoulli", "spin", "categorical:3", "gaussian", "relu"] {
      try scratch.train([
        "--data", "data.csv", "--visible-kind", kinds.map { "\($0)*1" }.joined(separator: ","),
        "--hidden-kind", hidden,
        "--hidden", "3", "--batch-size", "20", "--epochs", "1", "--output", hidden, "--no-learn-precision",
      ])
      let (json, _) = try scratch.json(
        ["diagnose", "\(hidden)/model.safetensors", "--data", "data.csv"] + Self.small)
      #expect(json["mixing"]?.string != nil)
      #expect(json["free_energy"]?["samples"]?.double?.isFinite == true)
    }
  }

  @Test func oneChain() throws {
    let (json, notes) = try diagnose(try scratch(), ["--chains", "1", "--steps", "400"])
    #expect(json["mixing"] != "mixes" && notes.contains("one chain") && json["samples"]?.integer != nil)
  }
}

/// What is wrong is said in one line.
@Suite struct DiagnoseErrorTests {
  private func run(_ options: [String], data: String = TinyMachine.stateText) throws -> Tool.Outcome {
    let scratch = try Scratch()
    try scratch.write("m.safetensors", TinyMachine().bytes)
    try scratch.write("data.csv", data)
    return try Tool.run(["diagnose", "m.safetensors", "--data", "data.csv"] + options, folder: scratch.root)
  }

  @Test func widths() throws {
    try run([], data: "0,1\n1,0\n").expectFailure(65, ["data.csv", "2"])
  }

  @Test func options() throws {
    try run(["--chains", "0"]).expectUsageError("--chains must be at least 1, not 0")
    try run(["--steps", "15"]).expectUsageError("--steps must be at least 16, not 15")
    try run(["--chains", "100000", "--steps", "100000"]).expectUsageError("at most 100 million")
  }

  @Test func runs() throws {
    try run(["--run", "nowhere"]).expectFailure(66, ["nowhere"])
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 30, columns: 4))
    try scratch.train([
      "--data", "data.csv", "--hidden", "2", "--batch-size", "10", "--epochs", "1", "--output", "run",
    ])
    let outcome = try Tool.run(
      ["diagnose", "run/model.safetensors", "--data", "data.csv", "--run", "run"], folder: scratch.root)
    outcome.expectFailure(66, ["run", "--keep-every"])
  }

  @Test func pictures() throws {
    try run(["--chains", "4", "--steps", "16", "--picture", "nowhere/p.png"]).expectFailure(
      73, ["nowhere/p.png"])
  }
}
