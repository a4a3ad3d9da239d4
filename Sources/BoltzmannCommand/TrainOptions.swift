internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannData

/// What a run learns from, and where it lives.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The training data, a file or `digits`. (default: digits)", valueName: "digits|file"))
  var data: String?

  @Option(help: ArgumentHelp("Data to compare free energies with.", valueName: "file"))
  var validation: String?

  @Option(
    help: ArgumentHelp("How much each sample counts: one positive number a row.", valueName: "file"))
  var sampleWeights: String?

  @Option(help: ArgumentHelp("The run folder to make.", valueName: "folder"))
  var output: String?

  @Flag(help: "Replace a run folder that is there.")
  var overwrite = false

  @Option(help: ArgumentHelp("Go on with this run, with its own settings.", valueName: "folder"))
  var resume: String?

  func validate() throws {
    if resume != nil {
      try ResumedOptions.require(
        in: CommandLine.arguments, only: ["resume", "epochs", "threads", "json", "quiet"],
        because: "--resume goes on with the run's own settings, only --epochs may change")
    } else if output == nil {
      throw ValidationError("--output says where the run goes (or --resume which one goes on)")
    }
  }

}

/// The options that may stand beside `--resume`.
enum ResumedOptions {
  /// Options have defaults, so what was typed is the only witness of what was asked for.
  static func require(in arguments: [String], only allowed: Set<String>, because reason: String) throws {
    for argument in arguments where argument.hasPrefix("--") {
      let name = argument.dropFirst(2).prefix { $0 != "=" }
      if !allowed.contains(String(name)) {
        throw ValidationError("--\(name) has no place here: \(reason)")
      }
    }
  }
}

/// What kind of machine is trained, and how it begins.
struct MachineOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("Hidden units.", valueName: "n"))
  var hidden = 64

  @Option(
    help: ArgumentHelp(
      "Kind of visible units: \(kinds). Columns of several kinds: bernoulli*12,categorical:4*2,gaussian.",
      valueName: "kind"))
  var visibleKind = BernoulliUnits.kind

  @Option(
    help: ArgumentHelp(
      "Kind of hidden units, likewise; categorical ones with their states.", valueName: "kind"))
  var hiddenKind = BernoulliUnits.kind

  @Option(
    help: ArgumentHelp("normal:σ, uniform:a or uniform:glorot4, which is ±4√(6/(m+n)).", valueName: "law"))
  var weightInitialization = WeightInitialization.normal(standardDeviation: 0.01)

  @Option(
    help: ArgumentHelp("The visible biases at first: the data's means as biases, or zero.", valueName: "how"))
  var visibleBiasInitialization = VisibleBias.data

  @Option(
    help: ArgumentHelp(
      "The hidden biases at first: zero, or share:x, for heavy tails of gaussian visibles.", valueName: "how")
  )
  var hiddenBiasInitialization = HiddenBiasInitialization.zero

  enum VisibleBias: String, ExpressibleByArgument, CaseIterable { case data, zero }

  private static var kinds: String { UnitKinds.all.map { $0.kind }.joined(separator: ", ") }

  func validate() throws {
    if hidden < 1 { throw ValidationError("--hidden must be at least 1, not \(hidden)") }
    for (option, kind) in [("--visible-kind", visibleKind), ("--hidden-kind", hiddenKind)]
    where LayerSpecification(kind) == nil {
      throw ValidationError("\(option) \"\(kind)\" is unknown, expected one of: \(MachineOptions.kinds)")
    }
  }

  func apply(to settings: inout RunSettings) {
    settings.visibleKind = visibleKind
    settings.hiddenKind = hiddenKind
    settings.weightInitialization = weightInitialization
    settings.hiddenBiasInitialization = hiddenBiasInitialization
    settings.visibleBiasFromData = visibleBiasInitialization == .data
  }
}

/// How it learns.
struct LearningOptions: ParsableArguments {
  private static let defaults = TrainingSettings()

  @Option(help: ArgumentHelp("The gradient: \(methods).", valueName: "method"))
  var method = defaults.method

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Gibbs steps per update; 1,3@10,5@20 grows with the epochs.", valueName: "k"))
  var steps = defaults.steps

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Persistent chains. (default: the minibatch size)", valueName: "n"))
  var chains: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Inverse temperatures of the chains of pt, from the base-rate machine to the model.", valueName: "n"))
  var temperatures = defaults.temperatures

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Rate of the fast weights of fpcd. (default: the learning rate)", valueName: "rate"))
  var fastLearningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Order in the weights of tap: 1 (mean-field), 2 or 3.", valueName: "order"))
  var tapOrder = defaults.tapOrder

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Iterations of the magnetisations per update of tap.", valueName: "n"))
  var tapIterations = defaults.tapIterations

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Passes over the data. (default: \(defaults.epochs))", valueName: "n"))
  var epochs: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Samples in a minibatch.", valueName: "n"))
  var batchSize = defaults.batchSize

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Learning rate. (default: \(defaults.learningRate); a tenth of it with real units)", valueName: "rate"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "Rate over the epochs: constant, linear (to zero), exponential:factor or inverse:half-life.",
      valueName: "schedule"))
  var schedule = defaults.schedule

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Momentum; 0.5,0.9@5 changes with the epochs.", valueName: "momentum"))
  var momentum = defaults.momentum

  @Option(parsing: .unconditional, help: ArgumentHelp("Weight of Σ|w|.", valueName: "weight"))
  var l1 = defaults.l1

  @Option(parsing: .unconditional, help: ArgumentHelp("Weight of ½Σw².", valueName: "weight"))
  var l2 = defaults.l2

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Wanted mean activity of hidden units. (default: none)", valueName: "mean"))
  var sparsityTarget: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Weight of the sparsity target.", valueName: "weight"))
  var sparsityCost = defaults.sparsityCost

  @Flag(inversion: .prefixedNo, help: "Follow the centred gradient.")
  var center = defaults.isCentered

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Bound of every entry of the gradient, in standardised units. (default: 1 with real units, else none)",
      valueName: "bound"))
  var gradientClip: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much the critic of `adversarial` counts beside the likelihood, below 1. (default: "
        + "\(AdversarialGradient.defaultWeight))", valueName: "γ"))
  var adversarialWeight: Double?

  @Flag(inversion: .prefixedNo, help: "Learn the precision of real visible units.")
  var learnPrecision = defaults.learnsPrecision

  func validate() throws {
    if let epochs, epochs < 1 { throw ValidationError("--epochs must be at least 1, not \(epochs)") }
    if adversarialWeight != nil && method != AdversarialGradient.name {
      throw ValidationError("--adversarial-weight goes with --method \(AdversarialGradient.name)")
    }
  }

  @Flag(inversion: .prefixedNo, help: "Take the samples in a new random order each epoch.")
  var shuffle = defaults.shuffles

  private static var methods: String { GradientEstimators.all.map { $0.name }.joined(separator: ", ") }

  func settings(seed: UInt64) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.method = method
    settings.steps = steps
    settings.chains = chains
    settings.temperatures = temperatures
    settings.fastLearningRate = fastLearningRate
    settings.tapOrder = tapOrder
    settings.tapIterations = tapIterations
    settings.epochs = epochs ?? settings.epochs
    settings.batchSize = batchSize
    settings.learningRate = learningRate ?? settings.learningRate
    settings.gradientClip = gradientClip
    settings.learnsPrecision = learnPrecision
    settings.adversarialWeight = adversarialWeight
    settings.schedule = schedule
    settings.momentum = momentum
    settings.l1 = l1
    settings.l2 = l2
    settings.sparsityTarget = sparsityTarget
    settings.sparsityCost = sparsityCost
    settings.isCentered = center
    settings.shuffles = shuffle
    settings.seed = seed
    return settings
  }
}

/// What is reported and saved on the way.
struct ReportingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Log-likelihood every N epochs: exact where a side has at most 20 units, else by annealing.",
      valueName: "n"))
  var logLikelihoodEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Minutes between checkpoints within an epoch.", valueName: "minutes"))
  var checkpointMinutes = 10.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Keep the machine of every Nth epoch in models/.", valueName: "n"))
  var keepEvery: Int?

  @Flag(
    help: ArgumentHelp(
      "Stop when the --validation data do worse, by log-likelihood with --log-likelihood-every, else by free energy."
    ))
  var stopWhenOverfit = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Scores in a row that are worse before it stops. (default: 5)", valueName: "n"))
  var patience: Int?

  /// Nil: a run that does not stop early.
  var patienceIfAny: Int? { stopWhenOverfit ? patience ?? 5 : patience }

  func validate() throws {
    for (option, value) in [
      ("--log-likelihood-every", logLikelihoodEvery), ("--keep-every", keepEvery), ("--patience", patience),
    ] {
      if let value, value < 1 { throw ValidationError("\(option) must be at least 1, not \(value)") }
    }
    if !(checkpointMinutes > 0 && checkpointMinutes.isFinite) {
      throw ValidationError("--checkpoint-minutes must be positive")
    }
  }

  func apply(to settings: inout RunSettings) {
    settings.logLikelihoodEvery = logLikelihoodEvery
    settings.checkpointMinutes = checkpointMinutes
    settings.keepEvery = keepEvery
    settings.patience = patienceIfAny
  }
}
