public import BoltzmannCompute
internal import Foundation

/// How the weights of a new machine are drawn.
public enum WeightInitialization: Spelled {
  /// N(0, σ²); Hinton (2010) recommends σ = 0.01.
  case normal(standardDeviation: Double)
  /// Uniform in ±a.
  case uniform(bound: Double)
  /// Uniform in ±4√(6/(m + n)) (Glorot & Bengio 2010, for the logistic).
  case glorot

  /// `normal:0.01`, `uniform:0.1`, `uniform:glorot4`.
  public init?(_ text: String) {
    switch nameAndNumber(text) {
    case ("normal", let deviation?)? where deviation >= 0: self = .normal(standardDeviation: deviation)
    case ("uniform", let bound?)? where bound >= 0: self = .uniform(bound: bound)
    default:
      guard text == "uniform:glorot4" else { return nil }
      self = .glorot
    }
  }

  public var description: String {
    switch self {
    case .normal(let deviation): "normal:\(deviation)"
    case .uniform(let bound): "uniform:\(bound)"
    case .glorot: "uniform:glorot4"
    }
  }

  /// The weights, `[visible, hidden]`; entry (i, j) is drawn for unit j of row i.
  public func callAsFunction(visible: Int, hidden: Int, seed: UInt64) -> Matrix {
    let stream = RandomStream(seed: seed, purpose: .weights)
    var weights = Matrix(rows: visible, columns: hidden)
    weights.withMutableView { view in
      for row in 0..<visible { view.setRow(row, draws(stream, row, visible, hidden)) }
    }
    return weights
  }

  private func draws(_ stream: RandomStream, _ row: Int, _ visible: Int, _ hidden: Int) -> [Float] {
    switch self {
    case .normal(let deviation):
      return stream.normals(row: UInt64(row), count: hidden).map { Float(deviation * $0) }
    case .uniform(let bound):
      return stream.uniforms(row: UInt64(row), count: hidden).map { Float(bound * (2 * $0 - 1)) }
    case .glorot:
      let bound = 4 * (6 / Double(visible + hidden)).squareRoot()
      return WeightInitialization.uniform(bound: bound).draws(stream, row, visible, hidden)
    }
  }
}

/// The hidden biases of a new machine.
public enum HiddenBiasInitialization: Spelled {
  /// All zero.
  case zero
  /// Each hidden unit, on alone, has so much of the weight of all being off (Wang, Melchior & Wiskott 2014):
  /// ```
  /// c_j = log share − Σ_i [Γ_i(b_i + W_ij) − Γ_i(b_i)]
  /// ```
  /// With Gaussian visibles a machine is a mixture of Gaussians, one at b/γ, one at (b + W_:j)/γ for each hidden
  /// unit, and so on: a share of 0.1 lets the single shifts carry heavy tails from the first step on.
  case share(Double)

  /// `zero`, `share:0.1`.
  public init?(_ text: String) {
    switch nameAndNumber(text) {
    case ("zero", nil)?: self = .zero
    case ("share", let share?)? where share > 0: self = .share(share)
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .zero: "zero"
    case .share(let share): "share:\(share)"
    }
  }

  func callAsFunction(_ machine: RBM) -> [Float] {
    guard case .share(let share) = self else { return machine.hidden.bias.map { _ in 0 } }
    let rest = MutableMatrixView(rows: 1, columns: machine.visibleCount), alone = machine.weights.transposed
    var base = [0.0], shifted = [Double](repeating: 0, count: machine.hiddenCount)
    machine.visible.addLogNormalizers(inputs: rest.view, inverseTemperature: 1, to: &base)
    machine.visible.addLogNormalizers(inputs: alone.view, inverseTemperature: 1, to: &shifted)
    return shifted.map { Float(log(share) - ($0 - base[0])) }
  }
}

extension RBM {
  /// A new machine for data with these means and variances.
  ///
  /// The visible units fit the data's means as if they were independent, real ones the variances too (`fromData`,
  /// Hinton 2010 section 8), or have zero biases; the reference for annealing is the base-rate machine in either
  /// case. `weights` are those of standardised units: a row is divided by the standard
  /// deviation of a real visible.
  public static func initialized(
    visible: any Units, hidden: any Units, data: ColumnStatistics,
    weights: WeightInitialization = .normal(standardDeviation: 0.01), visibleBiasFromData: Bool = true,
    hiddenBias: HiddenBiasInitialization = .zero, seed: UInt64
  ) -> RBM {
    var visible: any Units = visible.fitted(to: data)
    let reference = visible.bias
    if !visibleBiasFromData { visible.bias = reference.map { _ in 0 } }
    var weights = weights(visible: visible.count, hidden: hidden.count, seed: seed)
    if !visible.realColumns.isEmpty {
      let scales = visible.precision.map { $0.squareRoot() }
      weights.withMutableView { $0.scaleRows(by: scales) }
    }
    var machine = RBM(visible: visible, hidden: hidden, weights: weights, referenceVisibleBias: reference)
    machine.hidden.bias = hiddenBias(machine)
    return machine
  }

  /// A new machine of two-state units for binary data with these means.
  public static func initialized(
    dataMeans: [Float], hidden: Int, weights: WeightInitialization = .normal(standardDeviation: 0.01),
    visibleBiasFromData: Bool = true, seed: UInt64
  ) -> RBM {
    initialized(
      visible: BernoulliUnits(bias: dataMeans),
      hidden: BernoulliUnits(bias: [Float](repeating: 0, count: hidden)),
      data: ColumnStatistics(means: dataMeans, variances: dataMeans.map { $0 * (1 - $0) }), weights: weights,
      visibleBiasFromData: visibleBiasFromData, seed: seed)
  }
}
