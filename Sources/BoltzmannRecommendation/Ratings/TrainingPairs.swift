/// What pairs seen add to ratings that are learned from.
///
/// Items that were seen but never rated are sites, too: D may learn what it means to have met them. Users who rated
/// nothing say nothing of ratings; only who learns who has what can learn from them.
public struct TrainingPairs: Sendable {
  public let pairs: SeenPairs
  /// The ratings, with all items.
  public let table: RatingTable
  /// What there is, for people.
  public let notes: [String]

  /// Throws `SettingsError` where there are too many.
  public init(_ pairs: SeenPairs, of ratings: RatingTable) throws {
    var table = ratings
    table.items = ratings.items.appending(pairs.items)
    self.pairs = pairs
    self.table = table
    let ofRaters = try pairs.lists(users: table.users, items: table.items)
    let rated = try ratings.sites(users: table.users, items: table.items)
    let counts = [
      (pairs.count - ofRaters.count, "by users who rated nothing"),
      (ofRaters.count - ofRaters.withoutSites(of: rated).count, "rated, which says all"),
      (table.items.count - ratings.items.count, "items that nobody rated"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let all = "\(pairs.count) pairs seen" + (counts.isEmpty ? "" : ": ") + counts.joined(separator: ", ")
    notes = pairs.notes + [all]
  }

  /// What every user has met: lists of one level, users who rated nothing at the end.
  public func everybody() throws -> RatingLists {
    let users = table.users.appending(pairs.users)
    let seen = try pairs.lists(users: users, items: table.items)
    return try table.sites(users: users, items: table.items).met(also: seen)
  }
}

extension RatingTable {
  /// Who rated what, however: lists of one level in the numbers of `users` and `items`.
  fileprivate func sites(users: NameList, items: NameList) throws -> RatingLists {
    try SeenPairs(self).lists(users: users, items: items)
  }
}
