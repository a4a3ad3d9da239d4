public import BoltzmannCompute

/// E[x_i x_j] for i ≠ j and E[x_i] of a law over all units of a general Boltzmann machine, visibles first.
///
/// The gradient of the log-likelihood is a difference of two of them:
/// ```
/// ∂L/∂J_ij = E_data[x_i x_j] − E_model[x_i x_j]        ∂L/∂a_i = E_data[x_i] − E_model[x_i]
/// ```
/// J_ij and J_ji are one parameter, whose two entries move together.
public struct PairMoments: Sendable, Equatable {
  /// `[units, units]`, symmetric bit for bit, zero on the diagonal, which has no parameter.
  public internal(set) var pairs: Matrix
  /// `[units]`
  public internal(set) var means: [Float]

  public init(pairs: Matrix, means: [Float]) {
    precondition(pairs.rows == means.count && pairs.columns == means.count, "one mean a unit")
    self.pairs = pairs
    self.means = means
    self.pairs.withMutableView { $0.symmetrize() }
  }

  /// The means over the columns of states or means, unit by unit: `[units, columns]`.
  public init(columns states: MatrixView, parallel: Parallel = .all) {
    let share = 1 / Float(states.columns)
    var pairs = Matrix(rows: states.rows, columns: states.rows)
    pairs.withMutableView { pairs in
      parallel.forEachBlock(of: states.rows, size: 64) { rows in
        pairs.rows(rows).multiply(states.rows(rows).asIs, states.transposed, alpha: share)
      }
    }
    var sums = [Double](repeating: 0, count: states.rows)
    states.addRowDots(with: [Float](repeating: 1, count: states.columns), to: &sums)
    self.init(pairs: pairs, means: sums.map { Float($0 / Double(states.columns)) })
  }

  /// All zero.
  public init(units: Int) {
    pairs = Matrix(rows: units, columns: units)
    means = [Float](repeating: 0, count: units)
  }

  public static func - (a: PairMoments, b: PairMoments) -> PairMoments {
    var result = a
    result.pairs.withMutableView { $0.add(b.pairs.view, scale: -1) }
    result.means = difference(a.means, b.means)
    return result
  }

  /// The same with zeros for pairs within layers that have no couplings of their own.
  func keeping(_ lateral: LateralCouplings, of machine: BoltzmannMachine) -> PairMoments {
    var result = self
    result.pairs.withMutableView { pairs in
      for (layer, units) in [
        (LateralCouplings.visible, machine.visibleUnits), (.hidden, machine.hiddenUnits),
      ] where !lateral.contains(layer) { pairs.rows(units).columns(units).fill(0) }
    }
    return result
  }
}
