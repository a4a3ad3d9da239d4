internal import Boltzmann
internal import BoltzmannData
internal import BoltzmannRecommendation

/// What a recommender learns from and is measured on.
struct RecommendData {
  /// With the items that were only seen.
  let table: RatingTable
  let seen: TrainingPairs?
  let validation: RatingTable?
  let scale: RatingScale
  let fingerprint: String
  /// For people.
  let notes: [String]

  /// `scale`: nil as the ratings suggest.
  init(ratings: String, seen: String?, validation: String?, scale: RatingScale?) throws {
    let table = try RatingTable.read(ratings, scale: scale)
    let found = try scale ?? table.scale()
    self.scale = found
    self.validation = try validation.map { try RatingTable.read($0, scale: found) }
    self.seen = try seen.map { try TrainingPairs(SeenPairs.read($0), of: table) }
    self.table = self.seen?.table ?? table
    fingerprint = table.fingerprint + (self.seen.map { ":seen:\($0.pairs.fingerprint)" } ?? "")
    let size =
      "\(table.count) ratings, \(table.users.count) users, \(table.items.count) items, scale \(found)"
    let remarks = table.notes + (self.validation?.notes ?? []) + (self.seen?.notes ?? [])
    notes = remarks.map { "note: \($0)" } + [size]
  }

  /// The data that a training began with, or an error.
  init(_ settings: RecommendSettings) throws {
    try self.init(
      ratings: settings.ratings, seen: settings.seen, validation: settings.validation, scale: settings.scale)
    guard fingerprint == settings.fingerprint else {
      throw DataError(
        path: settings.ratings,
        message: "is not what the training began with: \(fingerprint) instead of \(settings.fingerprint)")
    }
  }

  /// Ratings and pairs seen with users or items as cases.
  func lists(_ orientation: RecommendOrientation) throws -> (rated: RatingLists, seen: RatingLists?) {
    let rated = try table.lists(on: scale)
    let seen = try seen?.pairs.lists(users: table.users, items: table.items)
    return orientation == .user ? (rated, seen) : (rated.transposed(), seen?.transposed())
  }

  /// What every user has met.
  func everybody() throws -> RatingLists { try seen?.everybody() ?? table.lists(on: scale).sites }
}
