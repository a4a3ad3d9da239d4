internal import Boltzmann
public import BoltzmannCompute
internal import Foundation

/// How well ratings are predicted that were not known.
public struct RecommendationScore: Sendable, Equatable {
  /// How many were predicted.
  public var ratings = 0
  /// √ mean (rating − expected)²
  public var rmse = 0.0
  /// mean |rating − expected|
  public var mae = 0.0
  /// Mean log P(rating), in nats.
  public var logLikelihood = 0.0
  /// Ratings of items that the recommender does not know, and by users of whom nothing is known.
  public var unknownItems = 0
  public var unknownUsers = 0
  /// Ratings that were among the known ones: predicted without themselves, but perhaps learned from.
  public var alsoKnown = 0
  /// Ratings of pairs that were known to be seen: no leak, but no item that a list could show.
  public var alsoSeen = 0
  /// Of the ranking; nil where no user liked anything.
  public var ranking: RankingScore?
}

/// How good lists of N items are for users who liked at least one of those that were left out.
///
/// An item is relevant where its rating was left out and is liked. Lists never show an item that is known to be rated or
/// seen, so that items seen are not relevant.
public struct RankingScore: Sendable, Equatable {
  public let listLength: Int
  public let users: Int
  /// Mean of Σ_{relevant at rank r ≤ N} 1/log₂(r + 1), divided by what the best list would have.
  public let ndcg: Double
  /// Mean of (relevant in the list)/N.
  public let precision: Double
  /// Mean of (relevant in the list)/(relevant).
  public let recall: Double
  /// The share of all items that somebody's list shows.
  public let coverage: Double
}

extension RatingPredictor {
  /// What is measured of lists.
  public struct RankingOptions: Sendable {
    public var listLength = 10
    public var ranking = RatingRanking.relevance
    /// The lowest level that is liked; nil: the scale's.
    public var liked: Int?

    public init() {}
  }

  /// Predicts the ratings of a table from the known ones, and ranks what its users have not rated.
  ///
  /// Throws `DataError` where a rating is not on the scale.
  public func score(
    _ table: RatingTable, ranking options: RankingOptions? = RankingOptions(), parallel: Parallel = .all
  ) throws -> RecommendationScore {
    let users = try asked(table)
    var prepared = self
    prepared.prepareItems(parallel: parallel)
    let predictor = prepared
    let parts = parallel.map(users.count) { user, _ in predictor.measure(users[user], options) }
    return total(parts, options)
  }

  /// What is asked of one user.
  private struct Question: Sendable {
    var user: Int?
    var ratings: [(item: Int?, level: Int)] = []
  }

  /// What one user adds to the score.
  private struct Part: Sendable {
    var score = RecommendationScore()
    var list: [Int]?
    var measures: (ndcg: Double, precision: Double, recall: Double)?
  }

  private func asked(_ table: RatingTable) throws -> [Question] {
    let levels = try table.levels(on: recommender.scale)
    var questions = table.users.names.map { Question(user: known.users.number(of: $0)) }
    let items = table.items.names.map { recommender.items.number(of: $0) }
    for place in 0..<table.count {
      questions[Int(table.userOf[place])].ratings.append(
        (items[Int(table.itemOf[place])], Int(levels[place])))
    }
    return questions.filter { !$0.ratings.isEmpty }
  }

  /// Sums, not means, of what the ratings give.
  private func measure(_ question: Question, _ options: RankingOptions?) -> Part {
    var part = Part()
    let user = asker(question.user)
    for (item, level) in question.ratings {
      let predicted = predict(user, item: item)
      let error = recommender.scale.values[level] - predicted.expected
      part.score.ratings += 1
      part.score.rmse += error * error
      part.score.mae += abs(error)
      part.score.logLikelihood += log(predicted.probabilities[level])
      if item == nil { part.score.unknownItems += 1 }
      if !isKnown(user) { part.score.unknownUsers += 1 }
      if let item, let number = question.user, known.isKnown(user: number, item: item) {
        part.score.alsoKnown += 1
      }
      if let item, let number = question.user, known.isSeen(user: number, item: item) {
        part.score.alsoSeen += 1
      }
    }
    if let options { rank(question, user, options, &part) }
    return part
  }

  private func rank(_ question: Question, _ user: Asker, _ options: RankingOptions, _ part: inout Part) {
    let liked = options.liked ?? recommender.scale.likedLevel, length = options.listLength
    let open = question.ratings.filter { rating in
      guard let number = question.user, let item = rating.item else { return true }
      return !known.isSeen(user: number, item: item)
    }
    let relevant = Set(open.compactMap { $0.level >= liked ? $0.item : nil })
    guard !relevant.isEmpty else { return }
    let list = top(user, count: length, ranking: options.ranking, liked: liked).map(\.item)
    let hits = list.indices.filter { relevant.contains(list[$0]) }
    let gain = hits.reduce(0) { $0 + 1 / log2(Double($1) + 2) }
    let best = (0..<min(length, relevant.count)).reduce(0) { $0 + 1 / log2(Double($1) + 2) }
    part.list = list
    part.measures = (
      gain / best, Double(hits.count) / Double(length), Double(hits.count) / Double(relevant.count)
    )
  }

  private func total(_ parts: [Part], _ options: RankingOptions?) -> RecommendationScore {
    var score = RecommendationScore()
    for part in parts { score.add(part.score) }
    score.divide()
    let measures = parts.compactMap(\.measures), count = Double(measures.count)
    if let options, !measures.isEmpty {
      let shown = Set(parts.flatMap { $0.list ?? [] })
      score.ranking = RankingScore(
        listLength: options.listLength, users: measures.count,
        ndcg: measures.reduce(0) { $0 + $1.ndcg } / count,
        precision: measures.reduce(0) { $0 + $1.precision } / count,
        recall: measures.reduce(0) { $0 + $1.recall } / count,
        coverage: Double(shown.count) / Double(recommender.items.count))
    }
    return score
  }
}

extension RecommendationScore {
  fileprivate mutating func add(_ other: RecommendationScore) {
    ratings += other.ratings
    rmse += other.rmse
    mae += other.mae
    logLikelihood += other.logLikelihood
    unknownItems += other.unknownItems
    unknownUsers += other.unknownUsers
    alsoKnown += other.alsoKnown
    alsoSeen += other.alsoSeen
  }

  /// Means in place of sums.
  fileprivate mutating func divide() {
    let count = Double(max(ratings, 1))
    (rmse, mae, logLikelihood) = ((rmse / count).squareRoot(), mae / count, logLikelihood / count)
  }
}
