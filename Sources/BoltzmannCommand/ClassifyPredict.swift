internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct ClassifyPredict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Tell the class of every sample, or the probability of every class.",
    discussion: """
      Examples:

        boltzmann classify predict model.safetensors --data new.npy \\
            --output labels.npy
        boltzmann classify predict model.safetensors --data new.npy \\
            --probabilities --output probabilities.csv

      A name ending in .csv gives text, anything else NPY: labels int64 [samples], probabilities float32 \
      [samples, classes] with the classes in ascending order.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(help: ArgumentHelp("Where the answers go: .npy or .csv.", valueName: "file"))
  var output: String

  @Flag(help: "Write P(y | v) of every class in place of the most probable class.")
  var probabilities = false

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let input = try ClassifierAndData(model: model, data: data, options: preprocessing, seed: common.seed)
    let machine = input.model.machine, classes = input.model.classes, samples = input.data.samples
    if probabilities {
      try write(machine.classProbabilities(given: samples, parallel: common.parallel), classes)
    } else {
      let logs = machine.classLogProbabilities(given: samples, parallel: common.parallel)
      try Labels(numbers: logs.map { classes[mostProbable($0)] }, source: output).write(to: output)
    }
    if common.json {
      try Console.result([
        "samples": .integer(samples.count), "classes": .array(classes.map { .integer($0) }),
        "output": .string(output),
      ])
    } else {
      common.note("\(samples.count) samples, \(classes.count) classes: \(output)")
    }
  }

  private func write(_ probabilities: Matrix, _ classes: [Int]) throws {
    let values = probabilities.values
    if output.hasSuffix(".csv") {
      try CSV.write(.floats(values), columns: classes.count, names: classes.map { "P(\($0))" }, to: output)
    } else {
      try NPY.write(values, shape: [probabilities.rows, classes.count], to: output)
    }
  }
}

/// A classifier's file and data that fit it.
struct ClassifierAndData {
  let model: StoredClassificationRBM
  let data: DataSet

  init(model path: String, data: String, options: PreprocessingOptions, seed: UInt64) throws {
    model = try StoredClassificationRBM.read(path)
    let preprocessing = options.preprocessing(on: model.preprocessing)
    self.data = try DataSet(
      data, preprocessing: preprocessing, visibles: model.columns(name: path), seed: seed)
  }
}
