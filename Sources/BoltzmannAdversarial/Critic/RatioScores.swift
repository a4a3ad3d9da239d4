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
    let folds = [Folds(of: data.rows, settings, kind: 0), Folds(of: model.rows, settings, kind: 1)]
    // Folds share the threads; a training's bits do not depend on how many it has.
    let scores = try parallel.map(settings.folds) { fold, _ in
      try RatioScores(judging: fold, of: folds, data, model, settings)
    }
    self.init(
      data: folds[0].inOrder(scores.map(\.data)), model: folds[1].inOrder(scores.map(\.model)))
  }

  private init(
    judging fold: Int, of folds: [Folds], _ data: MatrixView, _ model: MatrixView, _ settings: CriticSettings
  ) throws {
    let alone = Parallel(threads: 1)
    let (rest, own) = (
      [data, model].enumerated().map { folds[$0].others(than: fold, of: $1) },
      [data, model].enumerated().map { folds[$0].rows(fold, of: $1) }
    )
    let critic = try Critic(data: rest[0].view, model: rest[1].view, settings: settings, parallel: alone)
    self.init(
      data: try critic.logRatios(of: own[0].view, parallel: alone),
      model: try critic.logRatios(of: own[1].view, parallel: alone))
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

  func others(than fold: Int, of all: MatrixView) -> Matrix {
    let others = numbers.enumerated().filter { $0.offset != fold }.flatMap(\.element)
    return SelectedRows(rows: all, numbers: others).matrix
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
