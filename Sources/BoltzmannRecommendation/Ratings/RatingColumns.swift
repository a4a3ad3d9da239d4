/// Which field of a line is what.
struct RatingColumns {
  var user = 0
  var item = 1
  /// Nil where a line says only who met what.
  var rating: Int? = 2
  /// Nil where lines have no time.
  var time: Int?
  /// The fewest fields that a line must have.
  var width: Int { max(user, item, rating ?? 0, time ?? 0) + 1 }

  /// In the usual order: user, item, rating and, in a fourth field, the time.
  init(fields: Int) { time = fields > 3 ? 3 : nil }

  /// User and item, the first two fields.
  static var pairs: RatingColumns {
    var columns = RatingColumns(fields: 2)
    columns.rating = nil
    return columns
  }

  /// As a header names them; nil where it does not name a user, an item and a rating.
  init?(header names: [String]) {
    guard let pairs = RatingColumns(pairsHeader: names, words: users + ["u"], items + ["i"]),
      let rating = place(
        ["rating", "r", "ratings", "bookrating", "score", "stars", "value", "overall"], names)
    else { return nil }
    self = pairs
    self.rating = rating
    time = place(["timestamp", "time", "t", "date", "unixreviewtime"], names)
  }

  /// User and item of a header, whether or not it names a rating; nil where it does not name both.
  ///
  /// Without ratings nothing else tells a header from a first pair: names with digits (`user1`, `item7`) are a pair's,
  /// and so are single letters, unless the header names a rating, too.
  init?(pairsHeader names: [String]) {
    if var whole = RatingColumns(header: names), names.allSatisfy({ !$0.contains(where: \.isNumber) }) {
      (whole.rating, whole.time) = (nil, nil)
      self = whole
    } else {
      self.init(pairsHeader: names.map { $0.contains(where: \.isNumber) ? "" : $0 }, words: users, items)
    }
  }

  private init?(pairsHeader names: [String], words users: [String], _ items: [String]) {
    guard let user = place(users, names), let item = place(items, names) else { return nil }
    (self.user, self.item, rating) = (user, item, nil)
  }
}

private let users = ["user", "uid", "customer", "reviewer", "person"]
private let items = ["item", "iid", "movie", "film", "product", "book", "track", "song", "isbn", "asin"]

/// Where one of some words stands in a header, also as `wordId`, `word_id` or `word:type`.
private func place(_ words: [String], _ names: [String]) -> Int? {
  names.firstIndex { name in
    let plain = name.lowercased().prefix { $0 != ":" }.filter { $0.isLetter }
    return words.contains { plain == $0 || plain == $0 + "id" }
  }
}
