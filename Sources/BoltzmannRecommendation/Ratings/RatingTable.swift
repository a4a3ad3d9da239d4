internal import Boltzmann
internal import BoltzmannData

/// Ratings as a file has them, one after the other: who, what, how, and when.
public struct RatingTable: Sendable {
  public var users: NameList
  public var items: NameList
  /// Numbers among `users` and `items`.
  public var userOf: [UInt32]
  public var itemOf: [UInt32]
  public var values: [Float]
  /// Empty where the file has no times.
  public var times: [Double]
  /// The file's path.
  public var source: String
  /// What was done about ratings that do not go together, for people.
  public var notes: [String] = []

  public var count: Int { values.count }

  /// By which the same ratings are known again: how many there are, and checksums of who, what, how and all names.
  public var fingerprint: String {
    SeenPairs(self).fingerprint + ":\(values.withUnsafeBytes(CRC32.digits))"
  }

  /// The ratings at some places, with the same names.
  public func selecting(_ places: [Int]) -> RatingTable {
    var table = self
    table.userOf = places.map { userOf[$0] }
    table.itemOf = places.map { itemOf[$0] }
    table.values = places.map { values[$0] }
    if !times.isEmpty { table.times = places.map { times[$0] } }
    return table
  }

  /// The scale that the values suggest: the distinct ones, and what is missing between them where they are evenly
  /// spaced and not many are missing.
  ///
  /// Throws `DataError` unless there are 2 to 255 distinct values.
  public func scale() throws -> RatingScale {
    var distinct: Set<Float> = []
    for value in values where distinct.count <= RatingScale.mostLevels { distinct.insert(value) }
    guard let scale = RatingScale(values: distinct.compactMap { Double($0.description) }) else {
      let found =
        distinct.count > RatingScale.mostLevels ? "more than 255 different ratings" : "one rating only"
      throw DataError(path: source, message: "\(found), so that the scale must be given (--scale)")
    }
    return scale.filled
  }

  /// The levels of all ratings.
  ///
  /// Throws `DataError` where a value is not on the scale.
  public func levels(on scale: RatingScale) throws -> [UInt8] {
    var known: [Float: UInt8] = [:]
    return try values.enumerated().map { place, value in
      if let level = known[value] { return level }
      guard let level = scale.level(of: Double(value)) else {
        throw DataError(path: source, message: "\(written(value)) is not on the scale \(scale)")
      }
      known[value] = UInt8(level)
      return UInt8(level)
    }
  }

  /// The ratings as lists by user.
  ///
  /// Throws `DataError` where a value is not on the scale, `SettingsError` where there are too many.
  public func lists(on scale: RatingScale) throws -> RatingLists {
    try lists(users: users, items: items, on: scale)
  }

  /// The same in the numbers of `users` and `items`; ratings of other names are left out.
  ///
  /// Throws `DataError` where a value is not on the scale, `SettingsError` where there are too many.
  public func lists(users: NameList, items: NameList, on scale: RatingScale) throws -> RatingLists {
    let levels = try levels(on: scale)
    let pairs = NamedPairs(of: (self.users, userOf), (self.items, itemOf), among: (users, items))
    return try RatingLists(
      caseCount: users.count, siteCount: items.count, levelCount: scale.levelCount, cases: pairs.users,
      sites: pairs.items, levels: pairs.places.map { levels[$0] })
  }
}

extension RatingScale {
  /// The levels between the first and the last in steps of the smallest gap, where all are such steps apart and at
  /// most as many are missing as are there; else the scale itself.
  var filled: RatingScale {
    let gap = zip(values, values.dropFirst()).map { $1 - $0 }.min() ?? 1
    let steps = values.map { ($0 - values[0]) / gap }
    guard steps.allSatisfy({ abs($0 - $0.rounded()) < 1e-6 }), let last = steps.last,
      last + 1 <= 2 * Double(values.count)
    else { return self }
    return RatingScale(values: (0...Int(last.rounded())).map { values[0] + Double($0) * gap }) ?? self
  }
}

/// A value as people write it.
func written(_ value: Float) -> String {
  value == value.rounded() && abs(value) < 1e7 ? "\(Int(value))" : "\(value)"
}
