internal import ArgumentParser
internal import BoltzmannData
internal import BoltzmannRecommendation

struct RecommendPredict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict how a user would rate an item.",
    discussion: """
      Example:

        boltzmann recommend predict runs/films/model.safetensors \\
            --train u.data --user 196 --item 302 --explain 5

      A user that was not trained on is known by the ratings in --train. With --explain, the known ratings that moved \
      the prediction most, and what of --seen did: how far it is from what it would be without them.
      """)

  @OptionGroup var input: RecommenderOptions

  @Option(help: ArgumentHelp("Who.", valueName: "user"))
  var user: String

  @Option(help: ArgumentHelp("What.", valueName: "item"))
  var item: String

  @Option(parsing: .unconditional, help: ArgumentHelp("Show so many ratings that moved it.", valueName: "n"))
  var explain = 0

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if explain < 0 { throw ValidationError("--explain must not be negative") }
  }

  func run() throws {
    let predictor = try input.predictor(common)
    noteUnknown(predictor)
    let rating = predictor.predict(user: user, item: item)
    let reasons = predictor.influences(user: user, item: item, count: explain)
    if common.json {
      var object = rating.json(on: predictor.recommender.scale)
      object["user"] = .string(user)
      object["item"] = .string(item)
      if explain > 0 { object["because"] = .array(reasons.map { $0.json(predictor.recommender) }) }
      try Console.result(.object(object))
    } else {
      try Console.result(rating.table(on: predictor.recommender.scale))
      for reason in reasons { try Console.result(reason.line(predictor.recommender)) }
    }
  }

  private func noteUnknown(_ predictor: RatingPredictor) {
    if predictor.recommender.items.number(of: item) == nil {
      common.note("note: item \(item) was not trained on: predicted by the shares of all ratings")
    }
    if !predictor.isKnown(user: user) {
      common.note("note: nothing is known of user \(user): predicted by the item's bias")
    }
  }
}

extension PredictedRating {
  func json(on scale: RatingScale) -> [String: JSONValue] {
    [
      "expected": .number(expected), "mode": .number(mode), "source": .string(source.rawValue),
      "probabilities": .array(probabilities.map { .number($0) }),
      "scale": .array(scale.values.map { .number($0) }),
    ]
  }

  func table(on scale: RatingScale) -> String {
    let law = zip(scale.values, probabilities).map { ("P(\(formatted($0, 1)))", formatted($1, 4)) }
    return BoltzmannCommand.table(
      [("expected", formatted(expected, 3)), ("most probable", formatted(mode, 1))] + law + [
        ("source", source.rawValue)
      ])
  }
}

extension RatingPredictor.Influence {
  func json(_ recommender: Recommender) -> JSONValue {
    [
      "item": .string(recommender.items[item]), "rating": value.map { .number($0) } ?? .null,
      "effect": .number(effect),
    ]
  }

  /// `+0.132  rated 5.0: item`, or `seen: item`
  func line(_ recommender: Recommender) -> String {
    let what = value.map { "rated \(formatted($0, 1))" } ?? "seen"
    return "\(effect < 0 ? "−" : "+")\(formatted(abs(effect), 3))  \(what): \(recommender.items[item])"
  }
}
