internal import Boltzmann
public import BoltzmannCompute

/// Cross-fitting done several times, each with other folds and other beginnings of the networks.
///
/// Repetitions differ by what chance does to a training (Chernozhukov et al. 2018, section 3.4). In each, every row is
/// judged three times by critics that have not seen it: by one of all rows of the other folds, and by one of each
/// half of them. All critics of a repetition cost about as much as two cross-fittings.
public struct RepeatedScores: Sendable, Hashable {
  public struct Repetition: Sendable, Hashable {
    public let whole: RatioScores
    /// By critics of half the rows; two, or none.
    public let halves: [RatioScores]

    public init(whole: RatioScores, halves: [RatioScores]) {
      precondition(
        halves.allSatisfy { $0.data.count == whole.data.count && $0.model.count == whole.model.count },
        "scores of the same rows")
      self.whole = whole
      self.halves = halves
    }
  }

  public let repetitions: [Repetition]

  public init(_ repetitions: [Repetition]) {
    precondition(!repetitions.isEmpty, "at least one repetition")
    self.repetitions = repetitions
  }

  /// - Throws: `SettingsError` where the settings make no sense or the rows do not fit; `TrainingDiverged`.
  public init(
    crossFitting data: MatrixView, model: MatrixView, settings: CriticSettings, parallel: Parallel = .all
  ) throws {
    try settings.validateRepetitions(data: data.rows, model: model.rows)
    try Critic.check(data, model)
    let fits = (0..<settings.repetitions).map { CrossFit(data, model, settings.repetition($0)) }
    // Repetitions and folds share the threads; a training's bits do not depend on how many it has.
    let count = settings.folds
    let scores = try parallel.map(settings.repetitions * count) { job, _ in
      try [nil, 0, 1].map { try fits[job / count].scores(of: job % count, half: $0) }
    }
    repetitions = fits.enumerated().map { number, fit in
      let own = scores[(number * count)..<((number + 1) * count)]
      let parts = (0..<3).map { part in fit.joined(own.map { $0[part] }) }
      return Repetition(whole: parts[0], halves: Array(parts[1...]))
    }
  }

  /// The mean log-ratio of every row over the repetitions, by critics of all other folds: less noisy than each.
  public var mean: RatioScores {
    let mean = { (values: [[Double]]) in
      values[0].indices.map { row in values.reduce(0) { $0 + $1[row] } / Double(values.count) }
    }
    return RatioScores(
      data: mean(repetitions.map(\.whole.data)), model: mean(repetitions.map(\.whole.model)))
  }
}
