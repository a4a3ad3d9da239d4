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

      The folder's model.safetensors holds both machines and all names. Each epoch prints one line.
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
    let table = try RatingTable.read(place.ratings, scale: place.scale)
    let scale = try place.scale ?? table.scale()
    let validation = try place.validation.map { try RatingTable.read($0, scale: scale) }
    let seen = try place.seen.map { try TrainingPairs(SeenPairs.read($0), of: table) }
    try place.requireFreeOutput()
    for note in table.notes + (validation?.notes ?? []) + (seen?.notes ?? []) { common.note("note: \(note)") }
    common.note(
      "\(table.count) ratings, \(table.users.count) users, \(table.items.count) items, scale \(scale)")
    var run = try RecommendRun(
      table: table, seen: seen, scale: scale, validation: validation, output: place.model, common: common)
    for orientation in shape.orientation.each {
      try run.train(
        orientation, shape: shape.shape, settings: learning.settings(orientation, seed: common.seed))
    }
    if shape.implicit { try run.trainImplicit(hidden: shape.hidden, seed: common.seed) }
    common.note("\(place.model): \(run.description)")
  }
}

/// Where ratings come from and the machines go.
struct RecommendPlaceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The ratings to learn from.", valueName: "file"))
  var ratings: String

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
  var output: String

  @Flag(help: "Replace a model that is there.")
  var overwrite = false

  var model: String { "\(output)/model.safetensors" }

  func requireFreeOutput() throws {
    try OutputFolder.require(output, free: ["model.safetensors"], overwrite: overwrite)
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

  @Flag(help: "Also learn which items go together, rated how ever: better lists.")
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

  func settings(_ orientation: RecommendOrientation, seed: UInt64) -> RatingSettings {
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
