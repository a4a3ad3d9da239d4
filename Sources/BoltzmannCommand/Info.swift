internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a model file, and draw its filters.",
    discussion: """
      Example:

        boltzmann info runs/digits/model.safetensors --filters filters.png

      A filter is the weights of one hidden unit in the shape of a sample: white positive, black negative.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("Write the filters as a grid of pictures.", valueName: "file.png"))
  var filters: String?

  @Flag(help: "The description as JSON.")
  var json = false

  func run() throws {
    let stored = try StoredModel.read(model)
    let facts = describe(stored)
    if json {
      try Console.result(.object(Dictionary(uniqueKeysWithValues: facts.map { ($0.key, $0.json) })))
    } else {
      try Console.result(table(facts.map { ($0.label, $0.text) }))
    }
    if let filters {
      let (height, width) = stored.tileShape
      let grid = ImageGrid(tileHeight: height, tileWidth: width, scaling: .tileSymmetric)
      try PNG.write(grid.image(of: filterValues(stored)), to: filters)
    }
  }

  /// The weights of every hidden unit, of whitened data as a direction in the user's units.
  private func filterValues(_ stored: StoredModel) -> [Float] {
    let filters = stored.machine.weights.transposed
    guard let whitening = stored.preprocessing?.fittedWhitening else { return filters.values }
    var result = Matrix(rows: filters.rows, columns: whitening.mean.count)
    result.withMutableView { $0.multiply(filters.view, whitening.inverse.view) }
    return result.values
  }

  private typealias Fact = (key: String, label: String, text: String, json: JSONValue)

  private func describe(_ stored: StoredModel) -> [Fact] {
    units(stored.machine) + parameters(stored.machine) + origins(stored)
  }

  private func units(_ machine: RBM) -> [Fact] {
    [
      ("visible", "visible units", "\(machine.visibleCount)", .integer(machine.visibleCount)),
      ("visible_units", "  kind", kinds(machine.visible), .string(kinds(machine.visible))),
      ("hidden", "hidden units", "\(machine.hiddenCount)", .integer(machine.hiddenCount)),
      ("hidden_units", "  kind", kinds(machine.hidden), .string(kinds(machine.hidden))),
    ]
  }

  private func kinds(_ layer: any Units) -> String {
    layer.blocks.count == 1 ? layer.kind : "\(LayerSpecification(layer.blocks))"
  }

  private func parameters(_ machine: RBM) -> [Fact] {
    let norm = machine.weights.view.squaredNorm.squareRoot()
    let precisions = [
      ("visible_precision", "visible precisions", machine.visible.precision),
      ("hidden_precision", "hidden precisions", machine.hidden.precision),
    ]
    return [
      ("weight_norm", "weights, Frobenius norm", formatted(norm), .number(norm)),
      range("weights", "weights", machine.weights.values),
      range("visible_bias", "visible biases", machine.visible.bias),
      range("hidden_bias", "hidden biases", machine.hidden.bias),
    ] + precisions.filter { !$0.2.isEmpty }.map { range($0.0, $0.1, $0.2) }
  }

  private func range(_ key: String, _ label: String, _ values: [Float]) -> Fact {
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    let text = "\(formatted(Double(least))) … \(formatted(Double(greatest)))"
    return (key, label, text, ["min": JSONValue(least), "max": JSONValue(greatest)])
  }

  /// What the file says of data and training, as far as it does.
  private func origins(_ stored: StoredModel) -> [Fact] {
    let shape = stored.visibleShape
    let binarization = stored.preprocessing?.binarization.description
    let facts: [Fact?] = [
      shape.map { ("visible_shape", "shape of a sample", spelled($0), JSONValue($0)) },
      binarization.map { ("binarization", "binarisation", $0, .string($0)) },
      stored.preprocessing?.fittedWhitening.map {
        ("whitening", "whitening", $0.kind.rawValue, .string($0.kind.rawValue))
      },
      stored.preprocessing?.scale.map { ("scale", "scale", "\($0)", .number($0)) },
      stored.provenance.map { ("provenance", "provenance", $0, .string($0)) },
    ]
    return facts.compactMap { $0 }
  }

  private func spelled(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " × ") }
}

extension JSONValue {
  fileprivate init(_ shape: [Int]) { self = .array(shape.map { .integer($0) }) }
}
