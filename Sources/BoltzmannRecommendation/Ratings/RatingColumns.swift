/// Which field of a line is what.
struct RatingColumns {
  var user = 0
  var item = 1
  var rating = 2
  /// Nil where lines have no time.
  var time: Int?
  /// The fewest fields that a line must have.
  var width: Int { max(user, item, rating, time ?? 0) + 1 }

  /// In the usual order: user, item, rating and, in a fourth field, the time.
  init(fields: Int) { time = fields > 3 ? 3 : nil }

  /// As a header names them; nil where it does not name a user, an item and a rating.
  init?(header names: [String]) {
    func place(_ words: [String]) -> Int? {
      names.firstIndex { name in
        let plain = name.lowercased().prefix { $0 != ":" }.filter { $0.isLetter }
        return words.contains { plain == $0 || plain == $0 + "id" }
      }
    }
    guard let user = place(["user", "u", "uid", "customer", "reviewer", "person"]),
      let item = place([
        "item", "i", "iid", "movie", "film", "product", "book", "track", "song", "isbn", "asin",
      ]),
      let rating = place(["rating", "r", "ratings", "bookrating", "score", "stars", "value", "overall"])
    else { return nil }
    (self.user, self.item, self.rating) = (user, item, rating)
    time = place(["timestamp", "time", "t", "date", "unixreviewtime"])
  }
}
