public import BoltzmannCompute

/// The general Boltzmann machine: every pair of units may be coupled (Ackley, Hinton & Sejnowski 1985).
/// ```
/// E(v, h) = −bᵀv − cᵀh − vᵀWh − ½vᵀUv − ½hᵀPh          P(v, h) = e^{−E(v, h)} / Z
///         = −aᵀx − ½xᵀJx        x = (v, h)   a = (b, c)   J = [[U, W], [Wᵀ, P]]
/// ```
/// J is symmetric with zero diagonal. Units take the values 0 and 1, or −1 and +1. Without hiddens the machine is
/// fully visible (an Ising model); with U = P = 0 it is an `RBM`.
public struct BoltzmannMachine: Sendable {
  public let visibleCount: Int
  public let visibleKind: TwoStateKind
  public let hiddenKind: TwoStateKind
  /// a = (b, c), `[units]`: visibles first.
  public internal(set) var bias: [Float]
  /// J, `[units, units]`, symmetric bit for bit, zero on the diagonal.
  public internal(set) var couplings: Matrix

  /// The machine with these parameters: weights `[visible, hidden]`, U `[visible, visible]`, P `[hidden, hidden]`.
  ///
  /// A diagonal is folded in: ½U_ii v_i² is ½U_ii v_i, a bias, where v_i is 0 or 1, and a constant where it is ±1.
  ///
  /// Throws `SettingsError` where U or P is not symmetric, or a parameter is no finite number.
  public init(
    visibleBias: [Float], hiddenBias: [Float] = [], weights: Matrix? = nil, visibleCouplings: Matrix? = nil,
    hiddenCouplings: Matrix? = nil, visibleKind: TwoStateKind = .bernoulli,
    hiddenKind: TwoStateKind = .bernoulli
  ) throws {
    let (m, n) = (visibleBias.count, hiddenBias.count)
    self.init(visible: m, hidden: n, visibleKind: visibleKind, hiddenKind: hiddenKind)
    bias = visibleBias + hiddenBias
    try place(visibleCouplings, among: visibleUnits, kind: visibleKind, name: "visible couplings")
    try place(hiddenCouplings, among: hiddenUnits, kind: hiddenKind, name: "hidden couplings")
    if let weights {
      precondition(weights.rows == m && weights.columns == n, "weights are \(m) × \(n)")
      couplings.withMutableView {
        $0.rows(0..<m).columns(m..<(m + n)).copy(weights.view)
        $0.rows(m..<(m + n)).columns(0..<m).copy(weights.transposed.view)
      }
    }
    guard isFinite else { throw SettingsError(message: "a parameter is no finite number") }
  }

  /// All parameters zero: every state is equally likely.
  public init(
    visible: Int, hidden: Int = 0, visibleKind: TwoStateKind = .bernoulli,
    hiddenKind: TwoStateKind = .bernoulli
  ) {
    precondition(visible > 0 && hidden >= 0, "a machine has visible units")
    visibleCount = visible
    self.visibleKind = visibleKind
    self.hiddenKind = hiddenKind
    bias = [Float](repeating: 0, count: visible + hidden)
    couplings = Matrix(rows: visible + hidden, columns: visible + hidden)
  }

  private mutating func place(
    _ block: Matrix?, among units: Range<Int>, kind: TwoStateKind, name: String
  ) throws {
    guard let block else { return }
    precondition(block.rows == units.count && block.columns == units.count, "\(name): one row a unit")
    if let (row, column) = BoltzmannMachine.asymmetry(of: block) {
      throw SettingsError(message: "\(name) are not symmetric: (\(row), \(column)) differs from its mirror")
    }
    couplings.withMutableView { $0.rows(units).columns(units).copy(block.view) }
    for (index, unit) in units.enumerated() {
      if kind == .bernoulli { bias[unit] += block[index, index] / 2 }
      couplings[unit, unit] = 0
    }
  }

  /// The first entry that differs from the one across the diagonal.
  public static func asymmetry(of matrix: Matrix) -> (row: Int, column: Int)? {
    for row in 0..<matrix.rows {
      for column in 0..<row where matrix[row, column] != matrix[column, row] { return (row, column) }
    }
    return nil
  }
}

// MARK: - Its parts

extension BoltzmannMachine {
  public var unitCount: Int { bias.count }
  public var hiddenCount: Int { unitCount - visibleCount }
  public var visibleUnits: Range<Int> { 0..<visibleCount }
  public var hiddenUnits: Range<Int> { visibleCount..<unitCount }

  public var visibleBias: [Float] { Array(bias[visibleUnits]) }
  public var hiddenBias: [Float] { Array(bias[hiddenUnits]) }
  /// W, `[visible, hidden]`.
  public var weights: Matrix { block(visibleUnits, hiddenUnits) }
  /// U, `[visible, visible]`.
  public var visibleCouplings: Matrix { block(visibleUnits, visibleUnits) }
  /// P, `[hidden, hidden]`.
  public var hiddenCouplings: Matrix { block(hiddenUnits, hiddenUnits) }

  /// The layers whose own couplings are not all zero.
  public var lateral: LateralCouplings {
    var result: LateralCouplings = []
    if isCoupled(visibleUnits) { result.insert(.visible) }
    if isCoupled(hiddenUnits) { result.insert(.hidden) }
    return result
  }

  /// Whether every parameter is a finite number.
  public var isFinite: Bool { bias.allSatisfy(\.isFinite) && couplings.view.isFinite }

  private func block(_ rows: Range<Int>, _ columns: Range<Int>) -> Matrix {
    var result = Matrix(rows: rows.count, columns: columns.count)
    result.withMutableView { $0.copy(window(rows, columns)) }
    return result
  }

  /// Whether any of the units are coupled with each other.
  func isCoupled(_ units: Range<Int>) -> Bool { window(units, units).values.contains { $0 != 0 } }

  /// Some of the couplings, to read.
  func window(_ rows: Range<Int>, _ columns: Range<Int>) -> MatrixView {
    couplings.view.rows(rows).columns(columns)
  }

  func kind(_ unit: Int) -> TwoStateKind { unit < visibleCount ? visibleKind : hiddenKind }

  /// Both layers: their units and what these are.
  var layers: [(units: Range<Int>, kind: TwoStateKind)] {
    [(visibleUnits, visibleKind), (hiddenUnits, hiddenKind)]
  }
}

// MARK: - Other ways to write it

extension BoltzmannMachine {
  /// The restricted machine as a general one, U = P = 0; nil where its units have other than two states 0 and 1.
  public init?(_ machine: RBM) {
    guard machine.visible is BernoulliUnits && machine.hidden is BernoulliUnits else { return nil }
    try? self.init(
      visibleBias: machine.visible.bias, hiddenBias: machine.hidden.bias, weights: machine.weights)
  }

  /// The fully visible machine with E(x) = −xᵀQx over all pairs, Q any square matrix `[units, units]`.
  ///
  /// Q_ij x_i x_j and Q_ji x_j x_i are the same product, and each pair stands in ½xᵀJx twice:
  /// ```
  /// J_ij = Q_ij + Q_ji  (i ≠ j)        b_i = Q_ii for units 0 and 1, else 0 (x_i² = 1 is a constant)
  /// ```
  /// Throws `SettingsError` where an entry is no finite number.
  public init(quadraticForm q: Matrix, kind: TwoStateKind = .bernoulli) throws {
    try self.init(
      visibleBias: [Float](repeating: 0, count: q.rows),
      visibleCouplings: Matrix(rows: q.rows, columns: q.columns) { q[$0, $1] + q[$1, $0] },
      visibleKind: kind)
  }
}
