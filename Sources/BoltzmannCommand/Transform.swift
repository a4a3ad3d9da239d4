internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct Transform: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn data into features: the hidden means E[h | v] of every sample.",
    discussion: """
      Example:

        boltzmann transform runs/digits/model.safetensors --data digits \\
            --output features.npy

      A name ending in .csv gives a table, anything else NPY, float32, [samples, hidden].
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(help: ArgumentHelp("Where the features go: .npy or .csv.", valueName: "file"))
  var output: String

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let input = try ModelAndData(model: model, data: data, options: preprocessing, seed: common.seed)
    let means = input.model.machine.hiddenMeans(given: input.data.samples, parallel: common.parallel)
    if output.hasSuffix(".csv") {
      try CSV.write(.floats(means.values), columns: means.columns, to: output)
    } else {
      try NPY.write(means.values, shape: [means.rows, means.columns], to: output)
    }
    if common.json {
      try Console.result([
        "samples": .integer(means.rows), "hidden": .integer(means.columns), "output": .string(output),
      ])
    } else {
      common.note("\(means.rows) × \(means.columns) hidden means: \(output)")
    }
  }
}
