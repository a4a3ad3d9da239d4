public import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
public import BoltzmannRecommendation

struct RecommendTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train rating RBMs, by user and by item.",
    discussion: """
      Examples:

        boltzmann recommend train --ratings u.data --output runs/films
        boltzmann recommend train --ratings train.tsv --validation test.tsv \\
            --scale 1...5 --hidden 200 --output runs/large
        boltzmann recommend train --ratings ratings.csv --orientation user \\
            --conditional --factors 30 --output runs/many
        boltzmann recommend train --ratings train.tsv --conditional \\
            --seen bought.tsv --output runs/bought
        boltzmann recommend train --resume runs/films

      The folder's model.safetensors holds both machines and all names. Each epoch prints one line. Ctrl-C stops after a \
      checkpoint, from which --resume goes on to the same bits.
      """)

  @OptionGroup(title: "Run") var place: RecommendPlaceOptions
  @OptionGroup(title: "Machine") var shape: RecommendShapeOptions
  @OptionGroup(title: "Learning") var learning: RecommendLearningOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if place.seen != nil && !shape.conditional && !shape.implicit {
      throw ValidationError("--seen goes with --conditional or --implicit: other machines cannot use it")
    }
  }

  func run() throws {
    Interruption.watch()
    var run =
      try place.resume.map {
        try RecommendRun(resuming: $0, checkpointMinutes: place.checkpointMinutes, common: common)
      } ?? begin()
    try run.finish()
  }

  private func begin() throws -> RecommendRun {
    guard let ratings = place.ratings, let output = place.output else { throw place.missing }
    let data = try RecommendData(
      ratings: ratings, seen: place.seen, validation: place.validation, scale: place.scale)
    let settings = RecommendSettings(
      ratings: absolute(ratings), seen: place.seen.map(absolute), validation: place.validation.map(absolute),
      scale: data.scale, orientations: shape.orientation.each, shape: shape.shape,
      learning: learning.settings(seed: common.seed), isImplicit: shape.implicit,
      fingerprint: data.fingerprint)
    let run = try RecommendRun(
      beginning: settings, data: data, output: output, overwrite: place.overwrite,
      checkpointMinutes: place.checkpointMinutes, common: common)
    data.notes.forEach(common.note)
    return run
  }
}

/// Where ratings come from and the machines go.
struct RecommendPlaceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The ratings to learn from.", valueName: "file"))
  var ratings: String?

  @Option(
    help: ArgumentHelp(
      "Pairs of user and item known to be rated, or bought, without the rating: for --conditional and --implicit.",
      valueName: "file"))
  var seen: String?

  @Option(
    help: ArgumentHelp("Ratings that are predicted after every epoch, not learned from.", valueName: "file"))
  var validation: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The values of ratings: 1...5, 0.5...5:0.5 or 1,2,4. (default: as in the data)", valueName: "scale"))
  var scale: RatingScale?

  @Option(help: ArgumentHelp("The folder for model.safetensors.", valueName: "folder"))
  var output: String?

  @Flag(help: "Replace a training that is there.")
  var overwrite = false

  @Option(help: ArgumentHelp("Go on with this training, with its own settings.", valueName: "folder"))
  var resume: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Minutes between checkpoints.", valueName: "minutes"))
  var checkpointMinutes = 10.0

  func validate() throws {
    if !(checkpointMinutes > 0 && checkpointMinutes.isFinite) {
      throw ValidationError("--checkpoint-minutes must be positive")
    }
    if resume != nil {
      try ResumedOptions.require(
        in: CommandLine.arguments, only: ["resume", "checkpoint-minutes", "threads", "json", "quiet"],
        because: "--resume goes on with the training's own settings")
    } else if ratings == nil || output == nil {
      throw missing
    }
  }

  var missing: ValidationError {
    ValidationError(
      "--ratings and --output say what is learned and where it goes (or --resume which training goes on)")
  }
}

/// What the machines are.
struct RecommendShapeOptions: ParsableArguments {
  enum Orientation: String, ExpressibleByArgument, CaseIterable {
    case both, user, item

    var each: [RecommendOrientation] { self == .both ? [.user, .item] : self == .user ? [.user] : [.item] }
  }

  @Option(help: ArgumentHelp("What a case is: both, user or item.", valueName: "orientation"))
  var orientation = Orientation.both

  @Option(parsing: .unconditional, help: ArgumentHelp("Hidden units.", valueName: "n"))
  var hidden = 100

  @Option(help: ArgumentHelp("What hidden units are: bernoulli or gaussian.", valueName: "kind"))
  var hiddenKind = RatingRBM.HiddenKind.bernoulli

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Columns of A where W = AB, for many items. (default: W as it is)", valueName: "n"))
  var factors: Int?

  @Flag(help: "Let it count which sites were rated, however they were.")
  var conditional = false

  @Flag(help: "Also learn which items go together, however rated: better lists.")
  var implicit = false

  var shape: RatingRBM.Shape {
    var shape = RatingRBM.Shape()
    (shape.hidden, shape.hiddenKind, shape.factors, shape.isConditional) = (
      hidden, hiddenKind, factors, conditional
    )
    return shape
  }
}

/// How the machines learn.
struct RecommendLearningOptions: ParsableArguments {
  private static let defaults = RatingSettings()

  @Option(help: ArgumentHelp("Where chains start: cd or pcd.", valueName: "method"))
  var method = defaults.method

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Gibbs steps per update; 1,3@10 grows.", valueName: "k"))
  var steps = defaults.steps

  @Option(parsing: .unconditional, help: ArgumentHelp("Passes over the ratings.", valueName: "n"))
  var epochs = defaults.epochs

  @Option(parsing: .unconditional, help: ArgumentHelp("Cases in a minibatch.", valueName: "n"))
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

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much smaller the steps of what is rated often: 0 (every rating counts) to 1 (every item).",
      valueName: "power"))
  var balance = defaults.balance

  func settings(seed: UInt64) -> RatingSettings {
    var settings = RatingSettings()
    (settings.method, settings.steps, settings.epochs, settings.batchSize) = (
      method, steps, epochs, batchSize
    )
    (settings.learningRate, settings.schedule, settings.momentum) = (learningRate, schedule, momentum)
    (settings.l2, settings.balance, settings.seed) = (l2, balance, seed)
    return settings
  }
}

extension RatingScale: ExpressibleByArgument {}
extension RatingMethod: ExpressibleByArgument {}
extension RatingRBM.HiddenKind: ExpressibleByArgument {}
