/// The ratings that predictions may use, in the numbers of a recommender; users that it does not know have numbers
/// beyond its own.
///
/// The rule of honest evaluation lives here: ratings go in as inputs only by way of `rows(of:without:)`, which leaves
/// out the very pair that is asked for, so that no rating is ever an input of its own prediction.
public struct KnownRatings: Sendable {
  /// Users as cases, the recommender's first.
  let byUser: RatingLists
  /// Items as cases; sites are the recommender's users.
  let byItem: RatingLists
  public let users: NameList
  /// Ratings of items that the recommender does not know: of no use as inputs.
  public let unknownItemRatings: Int
  /// Users with ratings that the recommender does not know.
  public let newUsers: Int

  /// Throws `DataError` where a rating is not on the recommender's scale.
  public init(_ table: RatingTable, for recommender: Recommender) throws {
    let levels = try table.levels(on: recommender.scale), numbering = Numbering(table, recommender)
    let used = (0..<table.count).filter { numbering.items[Int(table.itemOf[$0])] != nil }
    let users = used.map { UInt32(numbering.users[Int(table.userOf[$0])]) }
    let items = used.compactMap { numbering.items[Int(table.itemOf[$0])].map { UInt32($0) } }
    let usedLevels = used.map { levels[$0] }
    byUser = try RatingLists(
      caseCount: numbering.names.count, siteCount: recommender.items.count,
      levelCount: recommender.scale.levelCount, cases: users, sites: items, levels: usedLevels)
    let old = used.indices.filter { Int(users[$0]) < recommender.users.count }
    byItem = try RatingLists(
      caseCount: recommender.items.count, siteCount: recommender.users.count,
      levelCount: recommender.scale.levelCount, cases: old.map { items[$0] }, sites: old.map { users[$0] },
      levels: old.map { usedLevels[$0] })
    self.users = numbering.names
    unknownItemRatings = table.count - used.count
    newUsers = numbering.names.count - recommender.users.count
  }

  /// A table's numbers in terms of a recommender's.
  private struct Numbering {
    let users: [Int]
    let items: [Int?]
    let names: NameList

    init(_ table: RatingTable, _ recommender: Recommender) {
      var names = recommender.users.names
      users = table.users.names.map { name in
        if let known = recommender.users.number(of: name) { return known }
        names.append(name)
        return names.count - 1
      }
      items = table.items.names.map { recommender.items.number(of: $0) }
      guard let list = NameList(names) else { preconditionFailure("a table's names are distinct") }
      self.names = list
    }
  }

  /// The ratings of a user but the one of an item.
  func rows(ofUser user: Int, without item: Int?) -> ArraySlice<UInt32> {
    byUser.rows(of: user, without: item)
  }

  /// The ratings of an item but the one by a user.
  func rows(ofItem item: Int, without user: Int?) -> ArraySlice<UInt32> {
    byItem.rows(of: item, without: user)
  }

  /// Whether a user's rating of an item is known.
  func isKnown(user: Int, item: Int) -> Bool { byUser.level(of: user, site: item) != nil }
}

extension RatingLists {
  fileprivate func rows(of case: Int, without site: Int?) -> ArraySlice<UInt32> {
    guard let site, let level = level(of: `case`, site: site) else { return rows(of: `case`) }
    let left = UInt32(site * levelCount + level)
    return rows(of: `case`).filter { $0 != left }[...]
  }
}
