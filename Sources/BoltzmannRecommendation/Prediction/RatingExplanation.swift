internal import BoltzmannCompute

extension RatingPredictor {
  /// What one known rating does to a prediction.
  public struct Influence: Sendable {
    public let item: Int
    /// The rating itself.
    public let value: Double
    /// E[rating | all that is known] − E[rating | all but this one], of the user-oriented machine.
    public let effect: Double
  }

  /// Which ratings of a user moved the prediction of an item most, largest effect first.
  ///
  /// Each is taken out in turn: exact, at the cost of one prediction a rating. Empty without a user-oriented machine or
  /// for a user or an item that is not known.
  public func influences(user: String, item: String, count: Int) -> [Influence] {
    guard let model = recommender.userModel, let user = known.users.number(of: user),
      let item = recommender.items.number(of: item)
    else { return [] }
    let rows = Array(known.rows(ofUser: user, without: item)), levels = recommender.scale.levelCount
    func expected(_ rows: ArraySlice<UInt32>) -> Double {
      let inputs = model.hiddenInputs(given: rows)
      return recommender.scale.mean(
        of: model.levelProbabilities(of: item, inputs: inputs, prediction: prediction))
    }
    let all = expected(rows[...])
    let influences = rows.map { row in
      Influence(
        item: Int(row) / levels, value: recommender.scale.values[Int(row) % levels],
        effect: all - expected(rows.filter { $0 != row }[...]))
    }
    return Array(influences.sorted { (abs($1.effect), $0.item) < (abs($0.effect), $1.item) }.prefix(count))
  }
}
