internal import BoltzmannCompute

/// The scales of real-valued units: the gradient is followed as if every unit had variance 1.
///
/// With ṽ = v/s and h̃ = h/r the weights are w̃ = W·s·r, the biases b̃ = b·s, and so on. A step of w̃ along
/// ∂L/∂w̃ = (∂L/∂W)/(s·r) is in plain parameters
/// ```
/// ΔW = rate·(∂L/∂W)/(s·r)²      Δb = rate·(∂L/∂b)/s²      Δc = rate·(∂L/∂c)/r²      Δlog γ = rate·γ·∂L/∂γ
/// ```
/// so that learning does not depend on the unit of measurement (RestrictedBoltzmannMachines.jl). s is the standard
/// deviation of the data, r² follows Var h over data: the variance of E[h | v] plus the mean of Var[h | v]. Both are
/// 1 for units that are not real.
struct Standardization: Checkpointed, Sendable {
  /// 1/s
  let visible: [Float]
  /// 1/r
  private(set) var hidden: [Float]
  /// Bounds of the precision γ of every visible, around 1/s².
  let precisions: [ClosedRange<Float>]
  private var variances: [Float]
  private let hiddenReals: [Range<Int>]
  private let rate: Float

  /// Nil where no unit is real.
  init?(model: RBM, data: ColumnStatistics, settings: TrainingSettings) {
    guard !model.visible.realColumns.isEmpty || !model.hidden.realColumns.isEmpty else { return nil }
    let squares = data.flooredVariances
    var visible = [Float](repeating: 1, count: model.visibleCount)
    for column in model.visible.realColumns.joined() { visible[column] = 1 / squares[column].squareRoot() }
    self.visible = visible
    precisions = visible.map { (0.01 * $0 * $0)...(100 * $0 * $0) }
    hiddenReals = model.hidden.realColumns
    variances = [Float](repeating: 1, count: model.hiddenCount)
    hidden = variances
    rate = Float(settings.offsetRate)
    follow(variancesAtRest(model.hidden), rate: 1)
  }

  /// r² += ν(E[h²] − E[h]² − r²) for the real hiddens.
  mutating func follow(_ data: Moments) {
    guard let squares = data.hiddenSquares else { return }
    follow(zip(squares, data.hiddenMeans).map { $0 - $1 * $1 }, rate: rate)
  }

  private mutating func follow(_ new: [Float], rate: Float) {
    for column in hiddenReals.joined() {
      variances[column] += rate * (max(new[column], Standardization.leastVariance) - variances[column])
      hidden[column] = 1 / variances[column].squareRoot()
    }
  }

  /// Of a hidden unit that hardly varies a larger step would only be noise.
  private static let leastVariance: Float = 0.01

  func save(to snapshot: inout Snapshot) { snapshot.vectors["scale.hidden_variance"] = variances }

  mutating func restore(from snapshot: Snapshot) throws {
    variances = try snapshot.vector("scale.hidden_variance", count: variances.count)
    follow(variances, rate: 0)
  }
}

/// Var[h] of units without inputs.
private func variancesAtRest(_ units: any Units) -> [Float] {
  let rest = MutableMatrixView(rows: 1, columns: units.count)
  units.variances(inputs: rest.view, inverseTemperature: 1, into: rest)
  return rest.view.values
}
