internal import ArgumentParser
internal import BoltzmannData

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a model file, and draw its filters.",
    discussion: """
      Example:

        boltzmann info runs/digits/model.safetensors --filters filters.png

      Any model: of `train`, `general`, `classify`, `recommend` or `gan`. A filter is the weights of one hidden unit in \
      the shape of a sample: white positive, black negative.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("Write the filters as a grid of pictures.", valueName: "file.png"))
  var filters: String?

  @Flag(help: "The description as JSON.")
  var json = false

  func run() throws {
    let described = try DescribedModel.read(model)
    if json {
      try Console.result(
        .object(Dictionary(uniqueKeysWithValues: described.facts.map { ($0.key, $0.json) })))
    } else {
      try Console.result(table(described.facts.map { ($0.label, $0.text) }))
    }
    if let filters {
      guard let pictures = described.filters else {
        throw DataError(
          path: model, message: "has no hidden units with one weight for each column of the data")
      }
      try PNG.write(pictures().grid, to: filters)
    }
  }
}
