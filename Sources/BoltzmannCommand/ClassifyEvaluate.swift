internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct ClassifyEvaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score a classifier on labelled data: accuracy, log loss in nats, confusion table.",
    discussion: """
      Example:

        boltzmann classify evaluate model.safetensors --data test.npy \\
            --labels test-labels.npy

      The confusion table has the true classes as rows and what they were taken for as columns.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(help: ArgumentHelp("Their labels, a file or `digits`, none missing.", valueName: "file"))
  var labels: String

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let input = try ClassifierAndData(model: model, data: data, options: preprocessing, seed: common.seed)
    let (classes, samples) = (input.model.classes, input.data.samples)
    let places = try LabelledData.known(labels, of: data, count: samples.count, in: classes)
    let score = ClassificationScore(
      of: input.model.machine, samples: samples, classes: places, parallel: common.parallel)
    if common.json {
      try Console.result(json(score, classes))
    } else {
      try Console.result(summary(score) + "\n\n" + confusionTable(score, classes))
    }
  }

  private func json(_ score: ClassificationScore, _ classes: [Int]) -> JSONValue {
    [
      "samples": .integer(score.samples), "accuracy": .number(score.accuracy), "error": .number(score.error),
      "errors": .integer(score.errors), "log_loss": .number(score.logLoss),
      "classes": .array(classes.map { .integer($0) }),
      "confusion": .array(score.confusion.map { .array($0.map { .integer($0) }) }),
    ]
  }

  private func summary(_ score: ClassificationScore) -> String {
    table([
      ("samples", "\(score.samples)"), ("accuracy", "\(formatted(100 * score.accuracy, 2)) %"),
      ("error", "\(formatted(100 * score.error, 2)) % (\(score.errors))"),
      ("log loss", "\(formatted(score.logLoss, 4)) nats"),
    ])
  }

  /// True classes down, answers across.
  private func confusionTable(_ score: ClassificationScore, _ classes: [Int]) -> String {
    let header = ["true"] + classes.map { "\($0)" }
    let rows = zip(classes, score.confusion).map { number, counts in ["\(number)"] + counts.map { "\($0)" } }
    let width = ([header] + rows).joined().map(\.count).max() ?? 0
    return ([header] + rows).map { cells in
      cells.map { String(repeating: " ", count: width - $0.count) + $0 }.joined(separator: " ")
    }.joined(separator: "\n")
  }
}
