internal import ArgumentParser
internal import BoltzmannData
internal import BoltzmannRecommendation

struct RecommendTop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "The best items for a user, never one that the user has rated or seen.",
    discussion: """
      Example:

        boltzmann recommend top runs/films/model.safetensors --train u.data \\
            --user 196 --count 10 --explain 3
      """)

  @OptionGroup var input: RecommenderOptions

  @Option(help: ArgumentHelp("Who.", valueName: "user"))
  var user: String

  @Option(parsing: .unconditional, help: ArgumentHelp("How many items.", valueName: "n"))
  var count = 10

  @OptionGroup var ranking: RankingOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Show so many ratings that moved each.", valueName: "n"))
  var explain = 0

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if count < 1 { throw ValidationError("--count must be at least 1, not \(count)") }
    if explain < 0 { throw ValidationError("--explain must not be negative") }
  }

  func run() throws {
    var predictor = try input.predictor(common)
    if !predictor.isKnown(user: user) {
      common.note("note: nothing is known of user \(user): the same list for everybody")
    }
    predictor.prepareItems(parallel: common.parallel)
    let recommender = predictor.recommender
    let list = predictor.top(
      user: user, count: count, ranking: ranking.rankBy, liked: try ranking.likedLevel(on: recommender.scale))
    if common.json {
      try Console.result(["user": .string(user), "items": .array(list.map { json($0, predictor) })])
    } else {
      for (rank, entry) in list.enumerated() {
        try Console.result(
          "\(rank + 1)\t\(recommender.items[entry.item])\t\(formatted(entry.rating.expected, 3))")
        for reason in reasons(entry, predictor) { try Console.result("\t" + reason.line(recommender)) }
      }
    }
  }

  private func reasons(
    _ entry: RatingPredictor.Recommendation, _ predictor: RatingPredictor
  ) -> [RatingPredictor.Influence] {
    explain == 0
      ? [] : predictor.influences(user: user, item: predictor.recommender.items[entry.item], count: explain)
  }

  private func json(_ entry: RatingPredictor.Recommendation, _ predictor: RatingPredictor) -> JSONValue {
    var object: [String: JSONValue] = [
      "item": .string(predictor.recommender.items[entry.item]), "score": .number(entry.score),
      "expected": .number(entry.rating.expected),
    ]
    if explain > 0 {
      object["because"] = .array(reasons(entry, predictor).map { $0.json(predictor.recommender) })
    }
    return .object(object)
  }
}
