import Boltzmann
import BoltzmannCompute
import BoltzmannData
import BoltzmannReference
import Testing

/// Machines of every kind of units from training to samples.
@Suite struct UnitKindsTests {
  /// What the layers are, and the kinds of the data's columns.
  struct Case: CustomStringConvertible {
    let visible: String
    let hidden: String
    let columns: [String]
    var hiddenUnits = 3

    var description: String { "\(visible) × \(hidden)" }
  }

  private static func all(_ kind: String) -> [String] { [String](repeating: kind, count: 4) }

  private static let mixed = ["bernoulli", "bernoulli", "categorical", "gaussian", "spin"]
  static let cases = [
    Case(visible: "bernoulli", hidden: "spin", columns: all("bernoulli")),
    Case(visible: "bernoulli", hidden: "categorical:3", columns: all("bernoulli")),
    Case(visible: "bernoulli", hidden: "gaussian", columns: all("bernoulli")),
    Case(visible: "spin", hidden: "spin", columns: all("spin")),
    Case(visible: "spin", hidden: "relu", columns: all("bernoulli")),
    Case(visible: "categorical", hidden: "bernoulli", columns: all("categorical")),
    Case(visible: "categorical:5", hidden: "bernoulli*1,gaussian", columns: all("categorical")),
    Case(visible: "gaussian", hidden: "bernoulli", columns: all("gaussian")),
    Case(visible: "gaussian", hidden: "categorical:4", columns: all("gaussian")),
    Case(visible: "gaussian", hidden: "gaussian", columns: all("gaussian")),
    Case(visible: "relu", hidden: "bernoulli", columns: all("relu")),
    Case(
      visible: "bernoulli*2,categorical*1,gaussian*1,spin", hidden: "bernoulli", columns: mixed),
    Case(
      visible: "bernoulli*2,categorical:4*1,gaussian*1,spin", hidden: "spin*1,categorical:3*1,bernoulli",
      columns: mixed),
  ]

  private static let trained = Memory<String, PreparedFolder>()

  private func scratch(_ example: Case) throws -> Scratch {
    try Self.trained.value(for: example.description) { try Self.train(example) }.copy()
  }

  /// A run of four epochs in `run`.
  private static func train(_ example: Case) throws -> PreparedFolder {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.columns(example.columns, rows: 60))
    try scratch.train([
      "--data", "data.csv", "--visible-kind", example.visible, "--hidden-kind", example.hidden, "--hidden",
      "\(example.hiddenUnits)", "--batch-size", "20", "--epochs", "4", "--log-likelihood-every", "4",
      "--seed", "2", "--output", "run",
    ])
    return try PreparedFolder(scratch)
  }

  private static let model = "run/model.safetensors"

  /// `evaluate` says what the last epoch said, and what the reference says of the machine in the file.
  @Test(arguments: cases)
  func likelihood(example: Case) throws {
    let scratch = try scratch(example)
    let (json, notes) = try scratch.json(["evaluate", Self.model, "--data", "data.csv"])
    #expect(notes.isEmpty)
    let last = try #require(scratch.metrics("run").last)
    #expect(json["mean_log_likelihood"] == last["mean_log_likelihood"])
    #expect(json["log_partition"] == last["log_partition"] && json["log_partition"]?["kind"] == "exact")
    let machine = try scratch.machine("run"), reference = ReferenceLayeredRBM(of: machine)
    let visibles = VisibleColumns(of: machine.visible.blocks, name: "m")
    let data = try DataSet(scratch.path("data.csv"), visibles: visibles)
    let rows = (0..<data.samples.count).map { data.samples.matrix($0..<($0 + 1)).values.map(Double.init) }
    let expected = try #require(reference.meanLogLikelihood(of: rows))
    // F(v) and log Z are sums in Double over less than 20 units of terms in Float; here all are below 64, so
    // that each is within 4 ulps of 2⁻¹⁸.
    let found = try #require(json["mean_log_likelihood"]?.double)
    #expect(abs(found - expected) <= 2 * 20 * 4 * 0x1p-18)
    let isReal = machine.visible.precision.isEmpty == false
    #expect((json["pseudo_log_likelihood"] == .null) == isReal)
  }

  /// Samples are a table as the data are, under the same names, and can be read as data.
  @Test(arguments: cases)
  func samples(example: Case) throws {
    let scratch = try scratch(example)
    for name in ["s.csv", "s.npy"] {
      let options = ["--count", "70", "--steps", "9", "--initial", "data.csv", "--quiet", "--output", name]
      let outcome = try Tool.run(["sample", Self.model] + options, folder: scratch.root)
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    }
    let table = try NumericTable.read(scratch.path("s.csv"))
    #expect(table.rows == 70 && table.names == example.columns.indices.map { "c\($0)" })
    let isBinary = example.visible == "bernoulli"
    let array = try #require(NPYArray(scratch.bytes("s.npy")))
    #expect(array.shape == [70, example.columns.count] && array.type == (isBinary ? "|u1" : "<f4"))
    let numbers = isBinary ? array.payload.map(Float.init) : array.numbers(Float.self)
    #expect((0..<table.values.count).map { table.values[$0] } == numbers)
    let machine = try scratch.machine("run")
    let visibles = VisibleColumns(of: machine.visible.blocks, name: "m")
    let data = try DataSet(scratch.path("s.csv"), visibles: visibles)
    #expect(data.samples.count == 70)
    for column in numbers.indices.prefix(example.columns.count) {
      let values = Set(stride(from: column, to: numbers.count, by: example.columns.count).map { numbers[$0] })
      switch example.visible.hasPrefix("spin") ? "spin" : example.columns[column] {
      case "bernoulli": #expect(values.isSubset(of: [0, 1]))
      case "spin": #expect(values.isSubset(of: [-1, 1]))
      case "categorical": #expect(values.isSubset(of: [0, 1, 2, 3, 4]) && values.count > 1)
      case "relu": #expect(values.allSatisfy { $0 >= 0 && $0.isFinite })
      default: #expect(values.allSatisfy { $0.isFinite } && values.count > 60)
      }
    }
    let picture = ["sample", Self.model, "--count", "5", "--steps", "1", "--output", "s.png"]
    #expect(try Tool.run(picture, folder: scratch.root).status == 0)
  }

  @Test(arguments: cases)
  func featuresAndFacts(example: Case) throws {
    let scratch = try scratch(example), machine = try scratch.machine("run")
    let (result, _) = try scratch.json(
      ["transform", Self.model, "--data", "data.csv", "--output", "f.npy"])
    #expect(result["samples"] == 60 && result["hidden"] == .integer(machine.hiddenCount))
    let means = try #require(NPYArray(scratch.bytes("f.npy")))
    #expect(means.shape == [60, machine.hiddenCount])
    #expect(means.numbers(Float.self).allSatisfy { $0.isFinite })
    let (facts, _) = try scratch.json(["info", Self.model, "--filters", "f.png"])
    #expect(facts["visible"] == .integer(machine.visibleCount))
    for (key, layer) in [("visible_units", machine.visible), ("hidden_units", machine.hidden)] {
      let specification = "\(LayerSpecification(layer.blocks))"
      #expect(facts[key]?.string == (layer.blocks.count == 1 ? layer.kind : specification))
    }
    for (key, layer) in [("visible_precision", machine.visible), ("hidden_precision", machine.hidden)] {
      #expect((facts[key] == nil) == layer.precision.isEmpty)
    }
  }

  /// Sites and whitened columns have other numbers in a picture than in a table.
  @Test func picturesOfSites() throws {
    let scratch = try Scratch()
    let states: [Float] = [0, 2, 1, 0, 1, 1, 2, 0, 2, 1, 0, 1]
    try scratch.write("data.npy", NPY.encode(states, shape: [6, 1, 2]))
    try scratch.train([
      "--data", "data.npy", "--visible-kind", "categorical", "--hidden", "3", "--batch-size", "3", "--epochs",
      "2", "--output", "run",
    ])
    for command in [
      ["sample", Self.model, "--count", "3", "--steps", "1", "--output", "s.png"],
      ["sample", Self.model, "--count", "3", "--steps", "1", "--output", "s.npy"],
      ["info", Self.model, "--filters", "f.png"],
    ] { #expect(try Tool.run(command, folder: scratch.root).status == 0) }
    #expect(NPYArray(try scratch.bytes("s.npy"))?.shape == [3, 1, 2])
  }
}
