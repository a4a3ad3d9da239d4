/// Rating machines of both orientations, and the names of what they know.
///
/// The user-oriented machine has users as cases and items as sites: it knows a person from what the person rated, so
/// that new users need no training. The item-oriented one has items as cases and users as sites. Where both apply, a
/// prediction is the mean of their two laws.
public struct Recommender: Sendable, Equatable {
  public var scale: RatingScale
  public var users: NameList
  public var items: NameList
  /// Users as cases; its sites are `items`.
  public var userModel: RatingRBM?
  /// Items as cases; its sites are `users`.
  public var itemModel: RatingRBM?
  /// Which items go together, however they are rated; its visibles are `items`.
  public var implicitModel: ImplicitRBM?
  /// How often each item was rated in training.
  public var itemCounts: [Int]
  /// The share of each level in training.
  public var levelShares: [Double]

  /// A recommender that knows how often what was rated, before its machines have learned.
  ///
  /// Throws `DataError` where ratings are not on the scale.
  public init(_ table: RatingTable, scale: RatingScale) throws {
    self.scale = scale
    users = table.users
    items = table.items
    let lists = try table.lists(on: scale)
    itemCounts = lists.siteCounts()
    levelShares = LevelShares(counts: lists.rowCounts(), levels: scale.levelCount).shares
  }

  /// A recommender from its parts, which must fit each other.
  public init(
    scale: RatingScale, users: NameList, items: NameList, userModel: RatingRBM?, itemModel: RatingRBM?,
    implicitModel: ImplicitRBM? = nil, itemCounts: [Int], levelShares: [Double]
  ) {
    precondition(userModel.map { $0.siteCount == items.count } ?? true, "one site an item")
    precondition(implicitModel.map { $0.visibleBias.count == items.count } ?? true, "one visible an item")
    precondition(itemModel.map { $0.siteCount == users.count } ?? true, "one site a user")
    precondition(itemCounts.count == items.count && levelShares.count == scale.levelCount, "counts fit names")
    self.scale = scale
    self.users = users
    self.items = items
    self.userModel = userModel
    self.itemModel = itemModel
    self.implicitModel = implicitModel
    self.itemCounts = itemCounts
    self.levelShares = levelShares
  }
}

extension Recommender {
  /// Whether a machine makes use of what was seen without a rating.
  public var isConditional: Bool { userModel?.conditional != nil || itemModel?.conditional != nil }
}

/// How items are ranked for a user.
public enum RatingRanking: String, Sendable, CaseIterable {
  /// P(rated) · P(liked), where P(rated) is the implicit machine's, or else how often the item is rated. Ratings are
  /// not missing at random: what nobody rates is seldom what one wants to see.
  case relevance
  /// P(rated) alone: what a machine of implicit feedback has to say.
  case rated
  /// P(liked): what would be liked if it were rated.
  case liked
  /// The expected rating.
  case expected
  /// How often it is rated, the same for all users: what others are compared with.
  case popularity
}

/// What is predicted of one rating.
public struct PredictedRating: Sendable, Equatable {
  /// Where a prediction comes from.
  public enum Source: String, Sendable { case both, user, item, bias, shares }

  /// P of each level.
  public let probabilities: [Double]
  /// Σ_k P_k · value_k
  public let expected: Double
  /// The most probable value.
  public let mode: Double
  public let source: Source

  init(_ probabilities: [Double], scale: RatingScale, source: Source) {
    self.probabilities = probabilities
    expected = scale.mean(of: probabilities)
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    mode = scale.values[best]
    self.source = source
  }

  /// P(level ≥ `liked`)
  func probability(from liked: Int) -> Double { probabilities[liked...].reduce(0, +) }
}
