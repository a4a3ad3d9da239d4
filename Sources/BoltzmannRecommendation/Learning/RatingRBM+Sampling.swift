public import BoltzmannCompute

extension RatingRBM {
  /// The ratings that cases have after some Gibbs steps from theirs: h ~ P(h | V), V ~ P(V | h), on the sites that each
  /// has rated. A case draws with its own number. `seen`: what else it is known to have rated, lists of one level.
  public func sampled(
    from lists: RatingLists, seen: RatingLists? = nil, steps: Int, seed: UInt64, firstStep: UInt64 = 0,
    parallel: Parallel = .all
  ) -> RatingLists {
    precondition(lists.siteCount == siteCount && lists.levelCount == levelCount, "shapes differ")
    let met = conditional == nil ? nil : lists.met(also: seen)
    let blocks = Blocks(count: lists.caseCount, size: 4096)
    var chains = RatingChains(self, batchSize: min(lists.caseCount, blocks.size)), rows: [UInt32] = []
    rows.reserveCapacity(lists.count)
    for block in 0..<blocks.count {
      _ = chains.run(
        self, lists: lists, met: met, indices: Array(blocks[block])[...], start: nil, steps: steps,
        seed: seed, firstStep: firstStep, parallel: parallel)
      rows += chains.model.numbers(in: 0..<chains.count)
    }
    return lists.with(rows: rows)
  }
}

extension RatingLists {
  /// The same sites with other levels.
  func with(rows: [UInt32]) -> RatingLists {
    RatingLists(siteCount: siteCount, levelCount: levelCount, starts: starts, rows: rows)
  }
}
