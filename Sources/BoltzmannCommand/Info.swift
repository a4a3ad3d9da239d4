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
      try PNG.write(grid.image(of: stored.machine.weights.transposed.values), to: filters)
    }
  }

  private typealias Fact = (key: String, label: String, text: String, json: JSONValue)

  private func describe(_ stored: StoredModel) -> [Fact] {
    let machine = stored.machine
    func numbers(_ key: String, _ label: String, _ values: [Float]) -> Fact {
      let range = "\(formatted(Double(values.min() ?? 0))) … \(formatted(Double(values.max() ?? 0)))"
      let json: JSONValue = ["min": JSONValue(values.min() ?? 0), "max": JSONValue(values.max() ?? 0)]
      return (key, label, range, json)
    }
    func text(_ key: String, _ label: String, _ value: String?) -> [Fact] {
      value.map { [(key, label, $0, .string($0))] } ?? []
    }
    let shape = stored.visibleShape.map { shape in
      let text = shape.map(String.init).joined(separator: " × ")
      return [(key: "visible_shape", label: "shape of a sample", text: text, json: JSONValue(shape))]
    }
    let norm = machine.weights.view.squaredNorm.squareRoot()
    return [
      ("visible", "visible units", "\(machine.visibleCount)", .integer(machine.visibleCount)),
      ("visible_units", "  kind", machine.visible.kind, .string(machine.visible.kind)),
      ("hidden", "hidden units", "\(machine.hiddenCount)", .integer(machine.hiddenCount)),
      ("hidden_units", "  kind", machine.hidden.kind, .string(machine.hidden.kind)),
      ("weight_norm", "weights, Frobenius norm", formatted(norm), .number(norm)),
      numbers("weights", "weights", machine.weights.values),
      numbers("visible_bias", "visible biases", machine.visible.bias),
      numbers("hidden_bias", "hidden biases", machine.hidden.bias),
    ]
      + (shape ?? [])
      + text("binarization", "binarisation", stored.preprocessing?.binarization.description)
      + (stored.preprocessing?.scale.map { [("scale", "scale", "\($0)", .number($0))] } ?? [])
      + text("provenance", "provenance", stored.provenance)
  }
}

extension JSONValue {
  fileprivate init(_ shape: [Int]) { self = .array(shape.map { .integer($0) }) }
}
