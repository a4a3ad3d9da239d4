internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct ClassifyTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a classification RBM.",
    discussion: """
      Examples:

        boltzmann classify train --data digits --labels digits --hidden 100 \\
            --output digits.safetensors
        boltzmann classify train --data train.npy --labels train-labels.npy \\
            --validation more.npy --validation-labels more-labels.npy \\
            --hidden 500 --binarize none --output model.safetensors
        boltzmann classify train --data few.csv --labels few-labels.csv \\
            --objective semi-supervised --output model.safetensors

      Objectives, per sample: discriminative log P(y | v), exact; generative log P(v, y); hybrid, the first plus \
      --generative-weight times the second; semi-supervised, the first plus --unsupervised-weight times log P(v) of \
      samples without a label. Each epoch prints one line. The file holds the last machine, or with a validation \
      set the best so far: by errors, then by log loss.
      """)

  @OptionGroup(title: "Run") var place: ClassifyPlaceOptions
  @OptionGroup(title: "Learning") var learning: ClassifyLearningOptions
  @OptionGroup(title: "Data") var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    Interruption.watch()
    try place.requireFreeOutput()
    let data = try LabelledData(
      training: place.data, labels: place.labels, preprocessing: preprocessing.preprocessing(on: nil),
      seed: common.seed)
    let validation = try place.validation.map {
      try LabelledData(validating: data, $0, labels: place.validationLabels ?? "", seed: common.seed)
    }
    let settings = learning.settings(seed: common.seed)
    noteUnlabelled(data, settings.objective)
    var run = try ClassificationRun(
      data: data, validation: validation, hidden: learning.hidden, settings: settings,
      patience: learning.patience, output: place.output, common: common)
    try run.finish()
  }

  private func noteUnlabelled(_ data: LabelledData, _ objective: ClassificationObjective) {
    let count = data.places.count { $0 == nil }
    if count > 0 && objective.unsupervised == 0 {
      common.note(
        "note: \(count) samples without a label are left out; --objective semi-supervised uses them")
    }
  }
}

/// What a classifier learns from, and where it goes.
struct ClassifyPlaceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The training data, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(help: ArgumentHelp("The class of every sample, a file or `digits`.", valueName: "file"))
  var labels: String

  @Option(help: ArgumentHelp("Data that say which epoch's machine is best.", valueName: "file"))
  var validation: String?

  @Option(help: ArgumentHelp("Their labels, none missing.", valueName: "file"))
  var validationLabels: String?

  @Option(help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output: String

  @Flag(help: "Replace a file that is there.")
  var overwrite = false

  func validate() throws {
    if (validation == nil) != (validationLabels == nil) {
      throw ValidationError("--validation and --validation-labels go together")
    }
  }

  /// Before anything is read: a long training must not end in an output that was never possible.
  func requireFreeOutput() throws { try OutputFile.requireFree(output, overwrite: overwrite) }
}

/// How a classifier learns.
struct ClassifyLearningOptions: ParsableArguments {
  private static let defaults = ClassificationSettings()

  enum Objective: String, ExpressibleByArgument, CaseIterable {
    case discriminative, generative, hybrid
    case semiSupervised = "semi-supervised"
  }

  @Option(help: ArgumentHelp("What is made large.", valueName: "objective"))
  var objective = Objective.discriminative

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Weight of log P(v, y). (default: 0.01 for hybrid, else 0)", valueName: "α"))
  var generativeWeight: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Weight of log P(v) of samples without a label. (default: 0.1 for semi-supervised)", valueName: "β"))
  var unsupervisedWeight: Double?

  @Option(help: ArgumentHelp("Where chains start that estimate gradients: cd or pcd.", valueName: "method"))
  var method = defaults.method

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Gibbs steps per update; 1,3@10 grows.", valueName: "k"))
  var steps = defaults.steps

  @Option(parsing: .unconditional, help: ArgumentHelp("Hidden units.", valueName: "n"))
  var hidden = 100

  @Option(parsing: .unconditional, help: ArgumentHelp("Passes over the data, at most.", valueName: "n"))
  var epochs = defaults.epochs

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Stop after so many epochs without a better machine.", valueName: "n"))
  var patience = 15

  @Option(parsing: .unconditional, help: ArgumentHelp("Samples in a minibatch.", valueName: "n"))
  var batchSize = defaults.batchSize

  @Option(parsing: .unconditional, help: ArgumentHelp("Learning rate.", valueName: "rate"))
  var learningRate = defaults.learningRate

  @Option(
    help: ArgumentHelp(
      "Rate over the epochs: constant, linear (to zero), exponential:factor or inverse:half-life.",
      valueName: "schedule"))
  var schedule = defaults.schedule

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Momentum; 0.5,0.9@5 changes with the epochs.", valueName: "momentum"))
  var momentum = defaults.momentum

  @Option(parsing: .unconditional, help: ArgumentHelp("Weight of ½Σw².", valueName: "weight"))
  var l2 = defaults.l2

  func validate() throws {
    if hidden < 1 { throw ValidationError("--hidden must be at least 1, not \(hidden)") }
    if patience < 1 { throw ValidationError("--patience must be at least 1, not \(patience)") }
    if generativeWeight != nil && ![.hybrid, .semiSupervised].contains(objective) {
      throw ValidationError("--generative-weight goes with --objective hybrid or semi-supervised")
    }
    if unsupervisedWeight != nil && objective != .semiSupervised {
      throw ValidationError("--unsupervised-weight goes with --objective semi-supervised")
    }
  }

  private var weightedObjective: ClassificationObjective {
    switch objective {
    case .discriminative: .discriminative
    case .generative: .generative
    case .hybrid: .hybrid(generative: generativeWeight ?? 0.01)
    case .semiSupervised:
      .hybrid(generative: generativeWeight ?? 0).semiSupervised(unsupervised: unsupervisedWeight ?? 0.1)
    }
  }

  func settings(seed: UInt64) -> ClassificationSettings {
    var settings = ClassificationSettings()
    settings.objective = weightedObjective
    settings.method = method
    settings.steps = steps
    settings.epochs = epochs
    settings.batchSize = batchSize
    settings.learningRate = learningRate
    settings.schedule = schedule
    settings.momentum = momentum
    settings.l2 = l2
    settings.seed = seed
    return settings
  }
}
