public import BoltzmannCompute

/// How a classifier does on labelled samples.
public struct ClassificationScore: Sendable, Equatable {
  /// How many samples of class t were taken for class p, `[t][p]`.
  public let confusion: [[Int]]
  /// Mean −log P(y | v), nats.
  public let logLoss: Double

  /// From log P(y | v), `[sample][class]`, and the true classes.
  public init(logProbabilities: [[Double]], classes: [Int], classCount: Int) {
    precondition(logProbabilities.count == classes.count, "one class a sample")
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    for (logs, y) in zip(logProbabilities, classes) { confusion[y][mostProbable(logs)] += 1 }
    self.confusion = confusion
    logLoss = mean(zip(logProbabilities, classes).map { -$0[$1] })
  }

  /// Of a machine on samples of known classes.
  public init(
    of model: ClassificationRBM, samples: any Samples, classes: [Int], parallel: Parallel = .all
  ) {
    self.init(
      logProbabilities: model.classLogProbabilities(given: samples, parallel: parallel), classes: classes,
      classCount: model.classCount)
  }

  public var samples: Int { confusion.joined().reduce(0, +) }

  public var errors: Int { samples - confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }

  /// The share of samples that are taken for another class.
  public var error: Double { Double(errors) / Double(max(samples, 1)) }

  public var accuracy: Double { 1 - error }
}

extension ClassificationScore: Comparable {
  /// Fewer errors are better; among as many, the smaller log loss. `<` says better.
  public static func < (a: Self, b: Self) -> Bool { (a.errors, a.logLoss) < (b.errors, b.logLoss) }
}

/// The class with the largest value; the first of several.
public func mostProbable(_ values: [Double]) -> Int {
  values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
}
