internal import Boltzmann
public import BoltzmannCompute

/// Log-ratios log p_data/p_model of rows, each by a critic that has not seen it, in nats.
public struct RatioScores: Sendable, Hashable {
  /// Of the data, `[row]`.
  public let data: [Double]
  /// Of the model's samples, `[row]`.
  public let model: [Double]

  public init(data: [Double], model: [Double]) {
    precondition(!data.isEmpty && !model.isEmpty, "scores of no rows")
    self.data = data
    self.model = model
  }

  /// Cross-fitting: rows of both kinds are dealt into folds, and those of each fold are judged by a critic that was
  /// trained on all others.
  ///
  /// - Throws: `SettingsError` where the settings make no sense or the rows do not fit; `TrainingDiverged`.
  public init(
    crossFitting data: MatrixView, model: MatrixView, settings: CriticSettings, parallel: Parallel = .all
  ) throws {
    try settings.validate(data: data.rows, model: model.rows)
    try Critic.check(data, model)
    let fit = CrossFit(data, model, settings)
    // Folds share the threads; a training's bits do not depend on how many it has.
    self = try fit.joined(parallel.map(settings.folds) { fold, _ in try fit.scores(of: fold) })
  }
}

/// Rows of both kinds in folds, and critics that judge one fold and learn from the others.
struct CrossFit: Sendable {
  private let rows: [MatrixView]
  private let folds: [Folds]
  private let settings: CriticSettings

  init(_ data: MatrixView, _ model: MatrixView, _ settings: CriticSettings) {
    rows = [data, model]
    folds = rows.enumerated().map { Folds(of: $1.rows, settings, kind: UInt64($0)) }
    self.settings = settings
  }

  /// Log-ratios of a fold's rows by a critic of all others, or of one half of them.
  func scores(of fold: Int, half: Int? = nil) throws -> RatioScores {
    let alone = Parallel(threads: 1)
    let others = zip(folds, rows).map { $0.others(than: fold, of: $1, half: half) }
    let own = zip(folds, rows).map { $0.rows(fold, of: $1) }
    let critic = try Critic(
      data: others[0].view, model: others[1].view, settings: settings, parallel: alone)
    return try RatioScores(
      data: critic.logRatios(of: own[0].view, parallel: alone),
      model: critic.logRatios(of: own[1].view, parallel: alone))
  }

  /// The scores of all folds, put in the order of all rows.
  func joined(_ scores: [RatioScores]) -> RatioScores {
    RatioScores(data: folds[0].inOrder(scores.map(\.data)), model: folds[1].inOrder(scores.map(\.model)))
  }
}

/// Rows dealt into parts of nearly equal size.
struct Folds: Sendable {
  /// `[fold][place]`: the numbers of its rows.
  let numbers: [[Int]]

  init(of count: Int, _ settings: CriticSettings, kind: UInt64) {
    let order = RandomStream(seed: settings.seed, purpose: .folds, step: kind).permutation(
      row: 0, count: count)
    numbers = (0..<settings.folds).map { fold in
      stride(from: fold, to: count, by: settings.folds).map { order[$0] }
    }
  }

  func rows(_ fold: Int, of all: MatrixView) -> Matrix {
    SelectedRows(rows: all, numbers: numbers[fold]).matrix
  }

  /// All rows but those of a fold, or every second of them: half 0 or 1.
  func others(than fold: Int, of all: MatrixView, half: Int? = nil) -> Matrix {
    let others = numbers.enumerated().filter { $0.offset != fold }.flatMap(\.element)
    let chosen = half.map { stride(from: $0, to: others.count, by: 2).map { others[$0] } } ?? others
    return SelectedRows(rows: all, numbers: chosen).matrix
  }

  /// Values of the folds' rows, put in the order of all rows.
  func inOrder(_ values: [[Double]]) -> [Double] {
    var result = [Double](repeating: 0, count: numbers.reduce(0) { $0 + $1.count })
    for (own, values) in zip(numbers, values) {
      for (number, value) in zip(own, values) { result[number] = value }
    }
    return result
  }
}
