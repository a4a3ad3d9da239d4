public import BoltzmannCompute

/// Predicts ratings from those that are known.
///
/// The hidden units' inputs of users and items that are asked for more than once are kept; they are those of all their
/// known ratings. A pair that is known itself gets inputs of its own, without it.
public struct RatingPredictor: Sendable {
  public let recommender: Recommender
  public let known: KnownRatings
  public var prediction = RatingPrediction.exact
  /// x of every item for the item-oriented machine, where prepared.
  private var itemInputs: [Matrix] = []

  public init(_ recommender: Recommender, known: KnownRatings) {
    self.recommender = recommender
    self.known = known
  }

  /// Sums the inputs of all items once, for many predictions.
  public mutating func prepareItems(parallel: Parallel = .all) {
    guard let model = recommender.itemModel else { return }
    let known = known
    itemInputs = parallel.map(recommender.items.count) { item, _ in
      known.inputs(of: model, item: item, without: nil)
    }
  }

  /// A user of whom several items are asked.
  struct Asker {
    /// Nil for a user of whom nothing is known.
    let number: Int?
    let inputs: Matrix?
  }

  func asker(_ number: Int?) -> Asker {
    let inputs = recommender.userModel.map { known.inputs(of: $0, user: number, without: nil) }
    return Asker(number: number, inputs: inputs)
  }

  /// The rating of an item by a user, both by name; neither need be known.
  public func predict(user: String, item: String) -> PredictedRating {
    predict(asker(known.users.number(of: user)), item: recommender.items.number(of: item))
  }

  /// The mean of the laws of both machines, or of the one that applies.
  ///
  /// Nothing is known of an item that is no site: then the law is that of all ratings. A user of whom nothing is known is
  /// predicted by the items' biases, an item of which nothing is known by the users'.
  func predict(_ user: Asker, item: Int?) -> PredictedRating {
    guard let item else {
      return PredictedRating(recommender.levelShares, scale: recommender.scale, source: .shares)
    }
    let isLeak = user.number.map { known.isKnown(user: $0, item: item) } ?? false
    let laws = [userLaw(user, item, isLeak), itemLaw(user, item, isLeak)].compactMap { $0 }
    guard !laws.isEmpty else {
      return PredictedRating(recommender.levelShares, scale: recommender.scale, source: .shares)
    }
    let mean = laws[0].indices.map { k in laws.reduce(0) { $0 + $1[k] } / Double(laws.count) }
    return PredictedRating(mean, scale: recommender.scale, source: source(user, item))
  }

  private func userLaw(_ user: Asker, _ item: Int, _ isLeak: Bool) -> [Double]? {
    guard let model = recommender.userModel, let inputs = user.inputs else { return nil }
    return model.levelProbabilities(
      of: item, inputs: isLeak ? known.inputs(of: model, user: user.number, without: item) : inputs,
      isSeen: isSeen(user, item), prediction: prediction)
  }

  /// Whether the inputs hold what it means that the user met the item.
  private func isSeen(_ user: Asker, _ item: Int) -> Bool {
    user.number.map { known.isSeen(user: $0, item: item) } ?? false
  }

  private func itemLaw(_ user: Asker, _ item: Int, _ isLeak: Bool) -> [Double]? {
    guard let model = recommender.itemModel, let number = user.number, number < model.siteCount else {
      return nil
    }
    let isPrepared = !isLeak && !itemInputs.isEmpty
    let inputs =
      isPrepared
      ? itemInputs[item] : known.inputs(of: model, item: item, without: isLeak ? number : nil)
    return model.levelProbabilities(
      of: number, inputs: inputs, isSeen: isSeen(user, item), prediction: prediction)
  }

  /// Which machines know anything to the point; where none does, what they say is the biases.
  private func source(_ user: Asker, _ item: Int) -> PredictedRating.Source {
    let byUser = recommender.itemCounts[item] > 0 && knowsByUser(user), byItem = knowsByItem(user, item)
    return byUser && byItem ? .both : byUser ? .user : byItem ? .item : .bias
  }

  /// Whether anything is known that the user-oriented machine makes use of.
  private func knowsByUser(_ user: Asker) -> Bool {
    guard let model = recommender.userModel, let number = user.number else { return false }
    return known.byUser.count(of: number) > 0
      || (model.conditional != nil && known.seenByUser.count(of: number) > 0)
  }

  /// Whether the user is a site of the item-oriented machine, and anything is known of the item that it makes use of.
  private func knowsByItem(_ user: Asker, _ item: Int) -> Bool {
    guard let model = recommender.itemModel, let number = user.number, number < model.siteCount else {
      return false
    }
    return known.byItem.count(of: item) > 0
      || (model.conditional != nil && known.seenByItem.count(of: item) > 0)
  }

  /// Whether anything is known of a user by which predictions differ from those for anybody.
  func isKnown(_ user: Asker) -> Bool {
    let isSite = user.number.map { $0 < recommender.itemModel?.siteCount ?? 0 } ?? false
    return isSite || knowsByUser(user)
  }

  /// The same by name.
  public func isKnown(user: String) -> Bool { isKnown(asker(known.users.number(of: user))) }
}

extension RatingPredictor {
  /// An item and why it is where it is in a list.
  public struct Recommendation: Sendable {
    public let item: Int
    public let score: Double
    public let rating: PredictedRating
  }

  /// The best items for a user, never one that is known to be rated or seen, best first; equal ones in the order of the
  /// items.
  public func top(
    user: String, count: Int, ranking: RatingRanking = .relevance, liked: Int? = nil
  ) -> [Recommendation] {
    top(
      asker(known.users.number(of: user)), count: count, ranking: ranking,
      liked: liked ?? recommender.scale.likedLevel)
  }

  func top(_ user: Asker, count: Int, ranking: RatingRanking, liked: Int) -> [Recommendation] {
    let open = recommender.items.names.indices.filter { item in
      user.number.map { !known.isKnown(user: $0, item: item) && !known.isSeen(user: $0, item: item) } ?? true
    }
    let rated = [.relevance, .rated].contains(ranking) ? ratedWeights(user) : []
    let scored = open.map { item in
      let rating = predict(user, item: item)
      return Recommendation(item: item, score: score(rating, item, ranking, liked, rated), rating: rating)
    }
    return Array(scored.sorted { ($1.score, $0.item) < ($0.score, $1.item) }.prefix(count))
  }

  /// What a user is to rate, up to a factor, `[item]`.
  private func ratedWeights(_ user: Asker) -> [Double] {
    guard let model = recommender.implicitModel, let number = user.number else {
      return recommender.itemCounts.map { Double($0) + 1 }
    }
    let rated = known.byUser.ratings(of: number).map(\.site)
    return model.probabilities(given: rated + known.seenByUser.rows(of: number).map(Int.init))
  }

  private func score(
    _ rating: PredictedRating, _ item: Int, _ ranking: RatingRanking, _ liked: Int, _ rated: [Double]
  ) -> Double {
    switch ranking {
    case .relevance: rated[item] * rating.probability(from: liked)
    case .rated: rated[item]
    case .liked: rating.probability(from: liked)
    case .expected: rating.expected
    case .popularity: Double(recommender.itemCounts[item])
    }
  }
}
