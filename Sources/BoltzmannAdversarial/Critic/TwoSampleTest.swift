internal import Boltzmann
public import BoltzmannCompute

/// A test of whether data and samples come from the same law, by a critic (Lopez-Paz & Oquab 2017).
///
/// A critic is trained on one half of the rows. On the other half
/// ```
/// t = mean of D over data − mean of D over samples
/// ```
/// is compared with what it is when the labels of this half are dealt out anew. If both kinds come from the same
/// law, all dealings are equally likely whatever the critic, so the p-value is exact for any number of rows:
/// ```
/// p = (1 + number of dealings with t′ ≥ t) / (1 + dealings)
/// ```
public struct TwoSampleTest: Sendable, Hashable {
  /// t, between −1 and 1.
  public let statistic: Double
  /// The probability of so large a t, or a larger one, if there were no difference.
  public let pValue: Double

  /// - Throws: `SettingsError` where the settings make no sense or the rows do not fit; `TrainingDiverged`.
  public init(
    data: MatrixView, model: MatrixView, settings: CriticSettings, dealings: Int = 999,
    parallel: Parallel = .all
  ) throws {
    var halves = settings
    halves.folds = 2
    try halves.validate(data: data.rows, model: model.rows)
    try Critic.check(data, model)
    guard dealings >= 1 else { throw SettingsError(message: "a test needs at least 1 dealing of the labels") }
    // Other halves than those of a cross-fit with the same seed.
    let own = [data, model].enumerated().map { Folds(of: $1.rows, halves, kind: 8 + UInt64($0)) }
    let critic = try Critic(
      data: own[0].rows(0, of: data).view, model: own[1].rows(0, of: model).view, settings: settings,
      parallel: parallel)
    let scores = try [(own[0], data), (own[1], model)].map { folds, rows in
      try critic.logRatios(of: folds.rows(1, of: rows).view, parallel: parallel).map { logistic($0) }
    }
    self.init(data: scores[0], model: scores[1], dealings: dealings, seed: settings.seed, parallel: parallel)
  }

  /// The test for scores that a critic gave to rows it has not seen.
  public init(
    data: [Double], model: [Double], dealings: Int = 999, seed: UInt64 = 0, parallel: Parallel = .all
  ) {
    precondition(!data.isEmpty && !model.isEmpty && dealings >= 1, "scores of both kinds and a dealing")
    let all = data + model, total = all.reduce(0, +), count = data.count
    let difference = { (sum: Double) in sum / Double(count) - (total - sum) / Double(all.count - count) }
    let observed = data.reduce(0, +)
    let sums = parallel.map(dealings) { dealing, _ in
      let stream = RandomStream(seed: seed, purpose: .permutation, step: UInt64(dealing))
      return stream.permutation(row: 0, count: all.count).prefix(count).reduce(0) { $0 + all[$1] }
    }
    statistic = difference(observed)
    // t grows with the data's sum. Dealings that are the same but for rounding count as equal.
    let rounding = 1e-12 * Double(all.count)
    pValue = Double(1 + sums.count { $0 >= observed - rounding }) / Double(1 + dealings)
  }
}
