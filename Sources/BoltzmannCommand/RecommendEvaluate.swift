public import ArgumentParser
internal import BoltzmannData
public import BoltzmannRecommendation

struct RecommendEvaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Predict the ratings of one file from those of another, and score that.",
    discussion: """
      Example:

        boltzmann recommend evaluate runs/films/model.safetensors \\
            --train train.tsv --ratings test.tsv --json

      Ratings of --train are inputs, those of --ratings are predicted. No rating is an input of its own prediction, \
      even where it is in both files. Lists of --count items leave out what the user has rated in --train; an item is \
      relevant where --ratings has it at --liked or above. What is in --seen is no rating: it may name pairs of \
      --ratings, which then are in no list.
      """)

  @OptionGroup var input: RecommenderOptions

  @Option(help: ArgumentHelp("The ratings to predict.", valueName: "file"))
  var ratings: String

  @Option(parsing: .unconditional, help: ArgumentHelp("Length of the lists.", valueName: "n"))
  var count = 10

  @OptionGroup var ranking: RankingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if count < 1 { throw ValidationError("--count must be at least 1, not \(count)") }
  }

  func run() throws {
    let predictor = try input.predictor(common)
    let table = try RatingTable.read(ratings, scale: predictor.recommender.scale)
    for note in table.notes { common.note("note: \(note)") }
    var options = RatingPredictor.RankingOptions()
    options.listLength = count
    options.ranking = ranking.rankBy
    options.liked = try ranking.likedLevel(on: predictor.recommender.scale)
    let score = try predictor.score(table, ranking: options, parallel: common.parallel)
    note(score)
    try common.json ? Console.result(score.json) : Console.result(score.table)
  }

  private func note(_ score: RecommendationScore) {
    if score.alsoKnown > 0 {
      common.note(
        "note: \(score.alsoKnown) ratings are in both files: predicted without themselves, but perhaps learned from"
      )
    }
    if score.alsoSeen > 0 {
      common.note(
        "note: \(score.alsoSeen) ratings of pairs in --seen: predicted, but neither listed nor relevant")
    }
    if score.unknownItems > 0 {
      common.note(
        "note: \(score.unknownItems) ratings of items that were not trained on: predicted by all ratings' shares"
      )
    }
    if score.unknownUsers > 0 {
      common.note(
        "note: \(score.unknownUsers) ratings by users without known ratings: predicted by the items' biases")
    }
  }
}

extension RecommendationScore {
  var json: JSONValue {
    var object: [String: JSONValue] = [
      "ratings": .integer(ratings), "rmse": .number(rmse), "mae": .number(mae),
      "log_likelihood": .number(logLikelihood), "unknown_items": .integer(unknownItems),
      "unknown_users": .integer(unknownUsers), "also_known": .integer(alsoKnown),
      "also_seen": .integer(alsoSeen),
    ]
    object["ndcg"] = ranking.map { .number($0.ndcg) } ?? .null
    object["precision"] = ranking.map { .number($0.precision) } ?? .null
    object["recall"] = ranking.map { .number($0.recall) } ?? .null
    object["coverage"] = ranking.map { .number($0.coverage) } ?? .null
    object["ranked_users"] = .integer(ranking?.users ?? 0)
    return .object(object)
  }

  var table: String {
    var rows = [
      ("ratings", "\(ratings)"), ("RMSE", formatted(rmse, 4)), ("MAE", formatted(mae, 4)),
      ("log-likelihood", "\(formatted(logLikelihood, 4)) nats a rating"),
    ]
    if let ranking {
      let n = ranking.listLength
      rows += [
        ("nDCG@\(n)", formatted(ranking.ndcg, 4)), ("precision@\(n)", formatted(ranking.precision, 4)),
        ("recall@\(n)", formatted(ranking.recall, 4)), ("coverage@\(n)", formatted(ranking.coverage, 4)),
      ]
    }
    return BoltzmannCommand.table(rows)
  }
}

/// A recommender and the ratings that it may use.
struct RecommenderOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The ratings that are known.", valueName: "file"))
  var train: String

  @Option(
    help: ArgumentHelp(
      "Pairs of user and item known to be rated, or bought, without the rating: inputs of --conditional machines, in no list.",
      valueName: "file"))
  var seen: String?

  @Option(help: ArgumentHelp("How ratings are predicted: exact or mean-field.", valueName: "how"))
  var prediction = RatingPrediction.exact

  @Option(help: ArgumentHelp("Which machine: both, user or item.", valueName: "machine"))
  var machine = RecommendShapeOptions.Orientation.both

  func predictor(_ common: CommonOptions) throws -> RatingPredictor {
    var recommender = try Recommender.read(model)
    if machine == .user { recommender.itemModel = nil }
    if machine == .item { recommender.userModel = nil }
    guard recommender.userModel != nil || recommender.itemModel != nil else {
      throw DataError(path: model, message: "holds no machine by \(machine.rawValue)")
    }
    let table = try RatingTable.read(train, scale: recommender.scale)
    let pairs = try seen.map { try SeenPairs.read($0) }
    let known = try KnownRatings(table, seen: pairs, for: recommender)
    for note in table.notes + (pairs?.notes ?? []) { common.note("note: \(note)") }
    note(known, of: recommender, common)
    var predictor = RatingPredictor(recommender, known: known)
    predictor.prediction = prediction
    return predictor
  }

  private func note(_ known: KnownRatings, of recommender: Recommender, _ common: CommonOptions) {
    if known.newUsers > 0 {
      common.note("note: \(known.newUsers) users that were not trained on: known by these files alone")
    }
    if known.unknownItemRatings > 0 {
      common.note("note: \(known.unknownItemRatings) ratings of items that were not trained on say nothing")
    }
    if known.unknownItemPairs > 0 {
      common.note("note: \(known.unknownItemPairs) pairs seen of items that were not trained on say nothing")
    }
    if known.ratedPairs > 0 {
      common.note("note: \(known.ratedPairs) pairs seen are rated in --train, which says all")
    }
    if seen != nil && !recommender.isConditional {
      common.note(
        "note: no machine here is conditional: pairs seen are listed to nobody, but move no prediction")
    }
  }
}

/// In which order items are recommended.
struct RankingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Order: relevance (P(rated) times P(liked)), rated, liked, expected or popularity. P(rated) is how often an item is rated, unless trained with --implicit.",
      valueName: "order"))
  var rankBy = RatingRanking.relevance

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The least rating that is liked. (default: the upper part, 4 of 1...5)", valueName: "rating"))
  var liked: Double?

  func likedLevel(on scale: RatingScale) throws -> Int? {
    guard let liked else { return nil }
    guard let level = scale.level(of: liked) else {
      throw ValidationError("--liked \(liked) is not on the scale \(scale)")
    }
    return level
  }
}

extension RatingPrediction: ExpressibleByArgument {}
extension RatingRanking: ExpressibleByArgument {}
