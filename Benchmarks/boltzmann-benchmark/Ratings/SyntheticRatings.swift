internal import BoltzmannCompute
internal import BoltzmannRecommendation
internal import Foundation

/// Ratings drawn from a known law, of any size: tastes and qualities of ten dimensions, popular and obscure items.
/// ```
/// P(user u rates item i) = min(1, a_u·p_i)        p_i ∝ 1/(i + items/50)        a_u log-normal
/// rating = ⌊3.6 + q_i + s_u + t_u·x_i + 0.8·z⌉ clipped to 1 … 5             all normal, variances 0.2, 0.15, 0.2
/// ```
struct SyntheticRatings {
  let users: Int
  let items: Int
  private static let dimensions = 10
  private let popularity: [Double]
  private let activity: [Double]
  private let itemTraits, userTraits: [[Double]]
  private let seed: UInt64

  /// About `count` ratings.
  init(users: Int, items: Int, count: Int, seed: UInt64) {
    (self.users, self.items, self.seed) = (users, items, seed)
    let flat = Double(items) / 50
    let shares = (0..<items).map { 1 / (Double($0) + flat) }, total = shares.reduce(0, +)
    popularity = shares.map { $0 / total }
    func normals(_ step: UInt64, _ rows: Int, _ columns: Int) -> [[Double]] {
      let random = RandomStream(seed: seed, purpose: .test, step: step)
      return (0..<rows).map { random.normals(row: UInt64($0), count: columns) }
    }
    let weights = normals(0, users, 1).map { exp($0[0]) }, sum = weights.reduce(0, +)
    activity = weights.map { $0 / sum * Double(count) }
    itemTraits = normals(1, items, 1 + Self.dimensions)
    userTraits = normals(2, users, 1 + Self.dimensions)
  }

  /// Users as cases, items as sites, five levels.
  func lists(parallel: Parallel) throws -> RatingLists {
    let drawn = parallel.map(users) { user, _ in ratings(of: user) }
    var cases: [UInt32] = [], sites: [UInt32] = [], levels: [UInt8] = []
    for (user, ratings) in drawn.enumerated() {
      cases += [UInt32](repeating: UInt32(user), count: ratings.count)
      sites += ratings.map(\.item)
      levels += ratings.map(\.level)
    }
    return try RatingLists(
      caseCount: users, siteCount: items, levelCount: 5, cases: cases, sites: sites, levels: levels)
  }

  private func ratings(of user: Int) -> [(item: UInt32, level: UInt8)] {
    let words = RandomStream(seed: seed, purpose: .test, step: 3).words(row: UInt64(user), count: items)
    let chosen = (0..<items).filter { Double(words[$0]) < activity[user] * popularity[$0] * 0x1p32 }
    let noise = RandomStream(seed: seed, purpose: .test, step: 4).normals(
      row: UInt64(user), count: chosen.count)
    return zip(chosen, noise).map { item, z in
      let u = userTraits[user], i = itemTraits[item]
      let match = zip(u.dropFirst(), i.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
      let mean = 3.6 + 0.45 * i[0] + 0.39 * u[0] + 0.45 * match / Double(Self.dimensions).squareRoot()
      return (UInt32(item), UInt8(min(max((mean + 0.8 * z).rounded(), 1), 5)) - 1)
    }
  }
}
