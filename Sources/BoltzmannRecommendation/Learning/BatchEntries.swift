internal import BoltzmannCompute

/// What the cases of a minibatch have in some lists: entries, one case after the other.
struct BatchEntries: Sendable {
  /// Entries of the r-th case: places offsets[r] ..< offsets[r + 1].
  private(set) var offsets: [Int] = [0]
  /// For each entry the place of its case in the minibatch, and the row that it names.
  private(set) var cases = RowNumbers(count: 0)
  private(set) var rows = RowNumbers(count: 0)

  var count: Int { offsets[offsets.count - 1] }
  var caseCount: Int { offsets.count - 1 }

  func range(_ r: Int) -> Range<Int> { offsets[r]..<offsets[r + 1] }

  /// Makes room for the entries of the cases `indices`; returns whether what was there before is gone.
  @discardableResult
  mutating func arrange(_ lists: RatingLists, _ indices: ArraySlice<Int>) -> Bool {
    offsets = indices.reduce(into: [0]) { $0.append($0[$0.count - 1] + lists.count(of: $1)) }
    // A copy of the minibatch may be at work.
    let isOurs = isKnownUniquelyReferenced(&cases) && isKnownUniquelyReferenced(&rows)
    guard rows.count < count || !isOurs else { return false }
    // Room for more than this minibatch, so that the next one seldom needs new.
    let room = count + count / 2
    (cases, rows) = (RowNumbers(count: room), RowNumbers(count: room))
    return true
  }

  /// Writes the entries of a case, the r-th of the minibatch.
  func write(_ entries: ArraySlice<UInt32>, of r: Int) {
    rows.copy(entries, to: offsets[r])
    cases.fill(UInt32(r), in: range(r))
  }
}
