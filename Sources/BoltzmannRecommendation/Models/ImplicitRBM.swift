public import Boltzmann
public import BoltzmannCompute

/// The traditional machine of binary visibles on implicit feedback: which items a user has rated, bought or seen at all.
/// ```
/// v_i = 1 where the user has item i, else 0          E(v, h) = −bᵀv − cᵀh − vᵀWh
/// ```
/// Here nothing is missing: what a user does not have is a 0 like what the user would never want, so that the machine
/// learns who meets what, not who likes it. That is what a list of recommendations needs besides the rating: a machine
/// of ratings says what somebody would think of an item *if* it were rated.
public struct ImplicitRBM: Sendable, Equatable {
  /// W, `[items, hidden]`.
  public var weights: Matrix
  /// b, `[items]`.
  public var visibleBias: [Float]
  /// c, `[hidden]`.
  public var hiddenBias: [Float]

  public init(weights: Matrix, visibleBias: [Float], hiddenBias: [Float]) {
    precondition(
      weights.rows == visibleBias.count && weights.columns == hiddenBias.count, "one bias a row and column")
    self.weights = weights
    self.visibleBias = visibleBias
    self.hiddenBias = hiddenBias
  }

  public init(_ machine: RBM) {
    self.init(weights: machine.weights, visibleBias: machine.visible.bias, hiddenBias: machine.hidden.bias)
  }

  /// Who has what, as bits: users by items. Levels do not matter: `lists` may have but one.
  public static func samples(_ lists: RatingLists) -> BitSamples {
    var samples = BitSamples(count: lists.caseCount, width: lists.siteCount)
    for user in 0..<lists.caseCount {
      for (item, _) in lists.ratings(of: user) { samples.setOn(user, item) }
    }
    return samples
  }

  /// The settings that are good for MovieLens 100k: CD-1, small weights, much decay.
  public static var settings: TrainingSettings {
    var settings = TrainingSettings()
    settings.epochs = 40
    settings.batchSize = 20
    settings.learningRate = 0.02
    settings.l2 = 0.01
    return settings
  }

  /// P(v_i = 1 | the hidden units' means given what the user has), of every item: one step of mean field.
  public func probabilities(given items: [Int]) -> [Double] {
    var inputs = Matrix(rows: 1, columns: hiddenBias.count)
    inputs.withMutableView { $0.sumListedRows(of: weights.view, items.map { UInt32($0) }[...], into: 0) }
    let means = zip(inputs.values, hiddenBias).map { Float(logistic(Double($0 + $1))) }
    return zip(weights.view.times(means), visibleBias).map { logistic(Double($0 + $1)) }
  }
}
