internal import Boltzmann
public import BoltzmannCompute
internal import Foundation

/// A discriminator as an estimate of a density ratio.
///
/// For equally many rows of both kinds the best discriminator is D = p_data/(p_data + p_model), so that its logit is
/// ```
/// log D/(1 − D) = log p_data(x)/p_model(x)      in nats
/// ```
/// at every x, without any partition function; for unequal numbers log(n_data/n_model) is taken off. A network is
/// trained on most of the rows; the rest ends its training before it learns rows by heart, and calibrates it.
public struct Critic: Sendable {
  private let scaling: ColumnScaling
  private let network: DenseNetwork
  public let calibration: Calibration
  /// log(n_data/n_model) of the rows it learned from.
  private let logOdds: Double

  /// Trains a critic between rows of data and rows of a model's samples.
  ///
  /// - Throws: `SettingsError` where the settings make no sense or the rows are not equally wide or not finite;
  ///   `TrainingDiverged`.
  public init(
    data: MatrixView, model: MatrixView, settings: CriticSettings, parallel: Parallel = .all
  ) throws {
    try Critic.check(data, model)
    let scaling = ColumnScaling(of: [data, model])
    let data = CriticRows(data, settings, stream: 0), model = CriticRows(model, settings, stream: 1)
    let training = LabelledRows(data: data.training, model: model.training, scaling)
    let aside = LabelledRows(data: data.aside, model: model.aside, scaling)
    self.scaling = scaling
    network = try CriticTraining.run(on: training, aside: aside, settings, parallel)
    calibration = Calibration(logits: try aside.logits(network, parallel), labels: aside.labels)
    logOdds = log(Double(data.aside.count) / Double(model.aside.count))
  }

  static func check(_ data: MatrixView, _ model: MatrixView) throws {
    guard data.columns == model.columns else {
      throw SettingsError(
        message: "data have \(data.columns) columns and the model's samples \(model.columns)")
    }
    guard data.rows >= 5 && model.rows >= 5 else {
      throw SettingsError(message: "a critic needs at least 5 samples of the data and 5 of the model")
    }
    guard data.isFinite && model.isFinite else {
      throw SettingsError(message: "samples must be finite numbers")
    }
  }

  /// The estimate of log p_data(x)/p_model(x) of every row, in nats.
  public func logRatios(of rows: MatrixView, parallel: Parallel = .all) throws -> [Double] {
    var scaled = Matrix(rows: rows.rows, columns: rows.columns)
    scaled.withMutableView { scaling.apply(rows, to: $0) }
    return try network.outputs(of: scaled.view, parallel: parallel).values.map {
      calibration(Double($0)) - logOdds
    }
  }
}

/// Rows of one kind, and which of them are set aside.
struct CriticRows {
  let rows: MatrixView
  private let order: [Int]
  private let asideCount: Int

  init(_ rows: MatrixView, _ settings: CriticSettings, stream: UInt64) {
    self.rows = rows
    order = RandomStream(seed: settings.seed, purpose: .folds, step: 2 + stream)
      .permutation(row: 0, count: rows.rows)
    asideCount = min(max(1, Int(settings.asideShare * Double(rows.rows))), rows.rows - 1)
  }

  var aside: SelectedRows { SelectedRows(rows: rows, numbers: Array(order[..<asideCount])) }
  var training: SelectedRows { SelectedRows(rows: rows, numbers: Array(order[asideCount...])) }
}

/// Some rows of a matrix.
struct SelectedRows {
  let rows: MatrixView
  let numbers: [Int]

  var count: Int { numbers.count }

  func copy(to target: MutableMatrixView) {
    for (place, number) in numbers.enumerated() {
      target.rows(place..<(place + 1)).copy(rows.rows(number..<(number + 1)))
    }
  }

  var matrix: Matrix {
    var result = Matrix(rows: count, columns: rows.columns)
    result.withMutableView { copy(to: $0) }
    return result
  }
}

/// Scaled rows with their labels: 1 for data, 0 for samples.
struct LabelledRows {
  let rows: Matrix
  let labels: [Double]

  init(data: SelectedRows, model: SelectedRows, _ scaling: ColumnScaling) {
    var rows = Matrix(rows: data.count + model.count, columns: data.rows.columns)
    rows.withMutableView { target in
      data.copy(to: target.rows(0..<data.count))
      model.copy(to: target.rows(data.count..<target.rows))
      scaling.apply(target.view, to: target)
    }
    self.rows = rows
    labels = data.numbers.map { _ in 1 } + model.numbers.map { _ in 0 }
  }

  func logits(_ network: DenseNetwork, _ parallel: Parallel) throws -> [Double] {
    try network.outputs(of: rows.view, parallel: parallel).values.map { Double($0) }
  }

  /// The mean cross entropy, in nats.
  func cost(_ network: DenseNetwork, _ parallel: Parallel) throws -> Double {
    try zip(logits(network, parallel), labels).reduce(0) {
      $0 + CrossEntropy.cost(logit: $1.0, label: $1.1)
    } / Double(labels.count)
  }
}
