internal import BoltzmannCompute

/// The ratings that predictions may use, in the numbers of a recommender; users that it does not know have numbers
/// beyond its own.
///
/// The rule of honest evaluation lives here: ratings go in as inputs only by way of `rows(of:without:)`, which leaves
/// out the very pair that is asked for, so that no rating is ever an input of its own prediction. That a pair was seen
/// is no rating: a conditional machine knows it of the very pair that it is asked for.
public struct KnownRatings: Sendable {
  /// Users as cases, the recommender's first.
  let byUser: RatingLists
  /// Items as cases; sites are the recommender's users.
  let byItem: RatingLists
  /// What users have met without a rating that is known: lists of one level, none of the pairs in `byUser`, `byItem`.
  let seenByUser, seenByItem: RatingLists
  public let users: NameList
  /// Ratings of items that the recommender does not know: of no use as inputs.
  public let unknownItemRatings: Int
  /// Pairs seen of such items, and pairs seen that have a rating, too, so that they say no more than it.
  public let unknownItemPairs, ratedPairs: Int
  /// Users with ratings or pairs seen that the recommender does not know.
  public let newUsers: Int

  /// Throws `DataError` where a rating is not on the recommender's scale.
  public init(_ table: RatingTable, seen: SeenPairs? = nil, for recommender: Recommender) throws {
    let names = recommender.users.appending(table.users)
    users = seen.map { names.appending($0.users) } ?? names
    newUsers = users.count - recommender.users.count
    byUser = try table.lists(users: users, items: recommender.items, on: recommender.scale)
    byItem = try table.lists(users: recommender.users, items: recommender.items, on: recommender.scale)
      .transposed()
    unknownItemRatings = table.count - byUser.count
    let all = try seen?.lists(users: users, items: recommender.items) ?? byUser.withoutEntries
    let old = try seen?.lists(users: recommender.users, items: recommender.items).transposed()
    seenByUser = all.withoutSites(of: byUser)
    seenByItem = (old ?? byItem.withoutEntries).withoutSites(of: byItem)
    unknownItemPairs = (seen?.count ?? 0) - all.count
    ratedPairs = all.count - seenByUser.count
  }

  /// The ratings of a user but the one of an item.
  func rows(ofUser user: Int, without item: Int?) -> ArraySlice<UInt32> {
    byUser.rows(of: user, without: item)
  }

  /// The ratings of an item but the one by a user.
  private func rows(ofItem item: Int, without user: Int?) -> ArraySlice<UInt32> {
    byItem.rows(of: item, without: user)
  }

  /// x of a user for the user-oriented machine, without the rating of an item; of nil, a user of whom nothing is known.
  func inputs(of model: RatingRBM, user: Int?, without item: Int?) -> Matrix {
    guard let user else { return model.hiddenInputs(given: []) }
    return model.hiddenInputs(given: rows(ofUser: user, without: item), seen: seenByUser.rows(of: user))
  }

  /// x of an item for the item-oriented machine, without the rating by a user.
  func inputs(of model: RatingRBM, item: Int, without user: Int?) -> Matrix {
    model.hiddenInputs(given: rows(ofItem: item, without: user), seen: seenByItem.rows(of: item))
  }

  /// Whether a user's rating of an item is known.
  func isKnown(user: Int, item: Int) -> Bool { byUser.level(of: user, site: item) != nil }

  /// Whether a user is known to have met an item, and no more.
  func isSeen(user: Int, item: Int) -> Bool { seenByUser.level(of: user, site: item) != nil }
}

extension RatingLists {
  fileprivate func rows(of case: Int, without site: Int?) -> ArraySlice<UInt32> {
    guard let site, let level = level(of: `case`, site: site) else { return rows(of: `case`) }
    let left = UInt32(site * levelCount + level)
    return rows(of: `case`).filter { $0 != left }[...]
  }
}
