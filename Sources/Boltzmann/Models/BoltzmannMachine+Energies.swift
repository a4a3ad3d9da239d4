public import BoltzmannCompute

extension BoltzmannMachine {
  /// E(v, h) of every pair of rows, in nats; the machine without hiddens needs no hidden rows.
  public func energies(visibles: Matrix, hiddens: Matrix? = nil) -> [Double] {
    var states = Matrix(rows: visibles.rows, columns: unitCount)
    states.withMutableView {
      $0.columns(visibleUnits).copy(visibles.view)
      if let hiddens { $0.columns(hiddenUnits).copy(hiddens.view) }
    }
    return energies(of: states.view)
  }

  /// E(x) = −aᵀx − ½xᵀJx of every row x = (v, h), `[rows, units]`, in nats: one product.
  public func energies(of states: MatrixView) -> [Double] {
    quadraticEnergies(of: states, units: 0..<unitCount)
  }

  /// The energy of some units by themselves, rows `[rows, units]`.
  func quadraticEnergies(of states: MatrixView, units: Range<Int>) -> [Double] {
    var products = [Double](repeating: 0, count: states.rows), linear = products
    let inputs = MutableMatrixView(rows: states.rows, columns: units.count)
    inputs.multiply(states, window(units, units))
    inputs.view.addRowDots(with: states, to: &products)
    states.addRowDots(with: Array(bias[units]), to: &linear)
    return zip(linear, products).map { -$0 - $1 / 2 }
  }

  /// inputs ← c + v·W, what every hidden receives from bias and visibles, `[rows, hidden]`.
  public func hiddenFields(given visibles: MatrixView, into inputs: MutableMatrixView) {
    inputs.fillRows(hiddenBias)
    inputs.multiply(visibles, window(visibleUnits, hiddenUnits), beta: 1)
  }
}

extension TwoStateKind {
  /// sums[r] += Σ_j Γ(self[r, j]) of rows of inputs, in nats.
  func addLogNormalizers(inputs: MatrixView, to sums: inout [Double]) {
    let zeros = [Float](repeating: 0, count: inputs.columns)
    inputs.addSoftplusSums(bias: zeros, inverseTemperature: step, to: &sums)
    if low != 0 { inputs.addRowDots(with: zeros.map { _ in low }, to: &sums) }
  }

  /// means ← E[x | inputs]; means may be the inputs.
  func means(inputs: MatrixView, into means: MutableMatrixView) {
    let zeros = [Float](repeating: 0, count: inputs.columns)
    means.logistic(of: inputs, bias: zeros, inverseTemperature: step)
    if self != .bernoulli { means.scale(by: step, adding: low) }
  }
}
