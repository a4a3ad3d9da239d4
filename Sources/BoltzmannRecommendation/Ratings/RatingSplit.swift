internal import Boltzmann
internal import BoltzmannCompute

/// How ratings are parted into those that are learned from and those that are predicted.
public enum RatingSplit: Sendable, Hashable {
  /// So large a share of all ratings, at random, is predicted.
  case holdOut(Double)
  /// k parts of the same size, at random; each is predicted in turn from all others.
  case folds(Int)
  /// So many ratings of every user who has more, at random or the latest, are predicted.
  case leaveOut(Int, latest: Bool)
  /// The latest ratings of all, so large a share, are predicted: nothing is learned from the future.
  case latest(Double)

  /// How many parts there are: of a single split 0 is learned from and 1 predicted, of folds each is predicted once.
  public var parts: Int {
    if case .folds(let count) = self { count } else { 2 }
  }

  /// The part of each rating.
  ///
  /// Throws `SettingsError` for shares, numbers and tables with which this cannot be done.
  public func parts(of table: RatingTable, seed: UInt64) throws -> [Int] {
    switch self {
    case .holdOut(let share):
      let order = RatingSplit.random(seed).permutation(row: 0, count: table.count)
      return try mark(order.prefix(RatingSplit.count(share, of: table)), table)
    case .folds(let count):
      guard count >= 2 && count <= table.count else {
        throw SettingsError(message: "\(table.count) ratings cannot be parted into \(count) folds")
      }
      var parts = [Int](repeating: 0, count: table.count)
      let order = RatingSplit.random(seed).permutation(row: 0, count: table.count)
      for (place, rating) in order.enumerated() { parts[rating] = place % count }
      return parts
    case .leaveOut(let count, let latest):
      guard count >= 1 else {
        throw SettingsError(message: "at least 1 rating of each user must be left out")
      }
      return try mark(leftOut(count, latest, table, seed)[...], table)
    case .latest(let share):
      let order = try RatingSplit.byTime(Array(0..<table.count), table)
      return try mark(order.suffix(RatingSplit.count(share, of: table)), table)
    }
  }

  private static func random(_ seed: UInt64) -> RandomStream {
    RandomStream(seed: seed, purpose: .ratingSplit)
  }

  private static func count(_ share: Double, of table: RatingTable) throws -> Int {
    let count = (share * Double(table.count)).rounded()
    guard share > 0, share < 1, count >= 1, count < Double(table.count) else {
      throw SettingsError(message: "a share of \(share) of \(table.count) ratings leaves one part empty")
    }
    return Int(count)
  }

  private func mark(_ places: ArraySlice<Int>, _ table: RatingTable) throws -> [Int] {
    guard !places.isEmpty else {
      throw SettingsError(message: "no user has enough ratings to leave some out")
    }
    var parts = [Int](repeating: 0, count: table.count)
    for place in places { parts[place] = 1 }
    return parts
  }

  /// Ascending by time, equal times in the order of the file.
  private static func byTime(_ places: [Int], _ table: RatingTable) throws -> [Int] {
    guard !table.times.isEmpty else { throw SettingsError(message: "\(table.source) has no times to go by") }
    return places.sorted { (table.times[$0], $0) < (table.times[$1], $1) }
  }

  private func leftOut(_ count: Int, _ latest: Bool, _ table: RatingTable, _ seed: UInt64) throws -> [Int] {
    var places = [[Int]](repeating: [], count: table.users.count)
    for (place, user) in table.userOf.enumerated() { places[Int(user)].append(place) }
    return try places.enumerated().flatMap { user, own -> ArraySlice<Int> in
      guard own.count > count else { return [] }
      if latest { return try RatingSplit.byTime(own, table).suffix(count) }
      let order = RatingSplit.random(seed).permutation(row: UInt64(user), count: own.count)
      return order.prefix(count).map { own[$0] }[...]
    }
  }
}
