/// Keeps the best of the models that a training passes, and says when to stop waiting for a better one.
public struct EarlyStopping<Model: Sendable, Score: Comparable & Sendable>: Sendable {
  /// What was best.
  public struct Best: Sendable {
    public let model: Model
    public let score: Score
    /// Counted from 1.
    public let epoch: Int
  }

  /// How many epochs in a row may bring nothing better.
  public let patience: Int
  public private(set) var best: Best?
  /// Epochs since the best.
  public private(set) var waited = 0

  public init(patience: Int) { self.patience = patience }

  /// Takes note of a model; the smaller the score, the better.
  public mutating func observe(_ model: Model, score: Score, epoch: Int) {
    if let best, !(score < best.score) {
      waited += 1
    } else {
      best = Best(model: model, score: score, epoch: epoch)
      waited = 0
    }
  }

  /// Whether it is time to stop.
  public var isOver: Bool { waited >= patience }
}
