internal import Boltzmann

/// Who rated what, and how: for each case the list of its ratings.
///
/// A case is a user and its sites are items, or the other way round. A rating is one number, the place of its 1 in
/// the one-hot vector of all sites and levels, which is the row of the weights that it selects:
/// ```
/// row = site · levels + level
/// ```
/// So memory is 4 bytes a rating and 8 a case, whatever the numbers of sites and levels.
public struct RatingLists: Sendable, Equatable {
  public let siteCount: Int
  public let levelCount: Int
  /// Ratings of case c: places starts[c] ..< starts[c + 1] of `rows`.
  let starts: [Int]
  /// Ascending within a case: by site.
  let rows: [UInt32]

  init(siteCount: Int, levelCount: Int, starts: [Int], rows: [UInt32]) {
    self.siteCount = siteCount
    self.levelCount = levelCount
    self.starts = starts
    self.rows = rows
  }

  /// The lists of ratings in any order, no pair of case and site twice.
  ///
  /// Throws `SettingsError` where sites times levels do not fit into 32 bits.
  public init(
    caseCount: Int, siteCount: Int, levelCount: Int, cases: [UInt32], sites: [UInt32], levels: [UInt8]
  ) throws {
    precondition(cases.count == sites.count && sites.count == levels.count, "three numbers a rating")
    precondition(levels.allSatisfy { Int($0) < levelCount }, "levels count from 0")
    guard max(caseCount, siteCount).multipliedReportingOverflow(by: levelCount).partialValue < 1 << 32 else {
      throw SettingsError(message: "\(max(caseCount, siteCount)) × \(levelCount) levels are too many")
    }
    // Cases by site first: transposing them gives lists by case that are in the order of the sites.
    let bySite = RatingLists.sorted(
      groups: siteCount, of: { sites[$0] }, count: cases.count, others: caseCount, levelCount: levelCount
    ) { cases[$0] * UInt32(levelCount) + UInt32(levels[$0]) }
    self = bySite.transposed()
  }

  /// Ratings by group, each group's in the order in which they come (a counting sort).
  private static func sorted(
    groups: Int, of group: (Int) -> UInt32, count: Int, others: Int, levelCount: Int, row: (Int) -> UInt32
  ) -> RatingLists {
    var ends = [Int](repeating: 0, count: groups + 1)
    for i in 0..<count { ends[Int(group(i)) + 1] += 1 }
    for g in 0..<groups { ends[g + 1] += ends[g] }
    let starts = ends
    var rows = [UInt32](repeating: 0, count: count)
    for i in 0..<count {
      let g = Int(group(i))
      rows[ends[g]] = row(i)
      ends[g] += 1
    }
    return RatingLists(siteCount: others, levelCount: levelCount, starts: starts, rows: rows)
  }

  /// The same ratings with cases and sites exchanged.
  public func transposed() -> RatingLists {
    let levels = UInt32(levelCount)
    var caseOf = [UInt32](repeating: 0, count: count)
    for c in 0..<caseCount {
      for place in starts[c]..<starts[c + 1] { caseOf[place] = UInt32(c) }
    }
    return RatingLists.sorted(
      groups: siteCount, of: { rows[$0] / levels }, count: count, others: caseCount, levelCount: levelCount
    ) { caseOf[$0] * levels + rows[$0] % levels }
  }

  public var caseCount: Int { starts.count - 1 }

  /// How many ratings there are.
  public var count: Int { rows.count }

  public func count(of case: Int) -> Int { starts[`case` + 1] - starts[`case`] }

  /// The ratings of a case, ascending.
  public func rows(of case: Int) -> ArraySlice<UInt32> { rows[starts[`case`]..<starts[`case` + 1]] }

  /// Site and level of every rating of a case.
  public func ratings(of case: Int) -> [(site: Int, level: Int)] {
    rows(of: `case`).map { (Int($0) / levelCount, Int($0) % levelCount) }
  }

  /// The level that a case gave a site, nil where it gave none.
  public func level(of case: Int, site: Int) -> Int? {
    let rows = rows(of: `case`), first = UInt32(site * levelCount)
    var (low, high) = (rows.startIndex, rows.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < first { low = middle + 1 } else { high = middle }
    }
    guard low < rows.endIndex, rows[low] < first + UInt32(levelCount) else { return nil }
    return Int(rows[low] - first)
  }

  /// How often each site was rated with each level, `[site · levels + level]`.
  public func rowCounts() -> [Int] {
    rows.reduce(into: [Int](repeating: 0, count: siteCount * levelCount)) { $0[Int($1)] += 1 }
  }

  /// How often each site was rated.
  public func siteCounts() -> [Int] { siteCounts(of: Array(0..<caseCount)) }

  /// How often each site was rated by some cases.
  func siteCounts(of cases: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: siteCount)
    for number in cases {
      for row in rows(of: number) { counts[Int(row) / levelCount] += 1 }
    }
    return counts
  }
}
