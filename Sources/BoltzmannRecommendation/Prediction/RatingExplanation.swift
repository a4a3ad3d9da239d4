internal import BoltzmannCompute

extension RatingPredictor {
  /// What one known rating, or one item seen, does to a prediction.
  public struct Influence: Sendable {
    public let item: Int
    /// The rating itself; nil where only that the item was met is known.
    public let value: Double?
    /// E[rating | all that is known] − E[rating | all but this one], of the user-oriented machine.
    public let effect: Double
  }

  /// Which ratings of a user, and which items seen, moved the prediction of an item most, largest effect first.
  ///
  /// Each is taken out in turn: exact, at the cost of one prediction a rating. Empty without a user-oriented machine or
  /// for a user or an item that is not known.
  public func influences(user: String, item: String, count: Int) -> [Influence] {
    guard let model = recommender.userModel, let user = known.users.number(of: user),
      let item = recommender.items.number(of: item)
    else { return [] }
    let rows = known.rows(ofUser: user, without: item), levels = recommender.scale.levelCount
    let seen = model.conditional == nil ? [] : known.seenByUser.rows(of: user)
    func expected(_ rows: ArraySlice<UInt32>, _ seen: ArraySlice<UInt32>) -> Double {
      recommender.scale.mean(
        of: model.levelProbabilities(
          of: item, inputs: model.hiddenInputs(given: rows, seen: seen),
          isSeen: seen.contains(UInt32(item)), prediction: prediction))
    }
    let all = expected(rows, seen)
    let rated = rows.map { row in
      Influence(
        item: Int(row) / levels, value: recommender.scale.values[Int(row) % levels],
        effect: all - expected(rows.filter { $0 != row }[...], seen))
    }
    // That the item itself was met is part of the question, not of the answer.
    let met = seen.filter { $0 != item }.map { site in
      Influence(item: Int(site), value: nil, effect: all - expected(rows, seen.filter { $0 != site }[...]))
    }
    let influences = rated + met
    return Array(influences.sorted { (abs($1.effect), $0.item) < (abs($0.effect), $1.item) }.prefix(count))
  }
}
