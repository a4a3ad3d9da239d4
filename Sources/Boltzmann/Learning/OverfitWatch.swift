/// Says when a training has begun to learn its data by heart: a score of data that it has not seen is worse than it was.
public struct OverfitWatch: Sendable {
  /// How many scores in a row must be worse than the best.
  public let patience: Int
  /// The best so far and its epoch, counted from 1.
  public private(set) var best: (score: Double, epoch: Int)?
  /// Scores in a row that were worse.
  public private(set) var worse = 0

  public init(patience: Int) { self.patience = patience }

  /// Takes note of a score; the smaller, the better. It is worse than the best where it lies above it by more than
  /// `margin`, what the score may be off; what is no number is worse than all.
  public mutating func observe(_ score: Double, margin: Double, epoch: Int) {
    guard let best else { return self.best = (score, epoch) }
    if score < best.score || !(best.score.isFinite) {
      self.best = (score, epoch)
      worse = 0
    } else {
      worse = score <= best.score + margin ? 0 : worse + 1
    }
  }

  /// Whether it is time to stop.
  public var isOver: Bool { worse >= patience }
}
