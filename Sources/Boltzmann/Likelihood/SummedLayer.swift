internal import BoltzmannCompute

/// A layer without couplings of its own, summed out beside every state of the other one.
///
/// Inputs of the low units' states stand in a table; those of a state of all units are one addition more.
struct SummedLayer: Sendable {
  private let units: Range<Int>
  private let enumerated: Range<Int>
  private let kind: TwoStateKind
  private let otherKind: TwoStateKind
  private let couplings: MatrixView
  private let bias: [Float]
  private let states: PairwiseStates
  /// The states of the low units, `[low states, low units]`, and what they contribute, `[low states, summed]`.
  private let lowStates: Matrix
  private var low: Matrix

  init(_ machine: BoltzmannMachine, enumerated: Range<Int>, summed: Range<Int>, states: PairwiseStates) {
    let other = enumerated.isEmpty ? machine.visibleKind : machine.kind(enumerated.lowerBound)
    units = summed
    self.enumerated = enumerated
    kind = machine.kind(summed.lowerBound)
    otherKind = other
    couplings = machine.window(enumerated, summed)
    bias = Array(machine.bias[summed])
    self.states = states
    lowStates = Matrix(rows: states.lowCount, columns: states.lowUnits.count) { state, unit in
      state >> unit & 1 == 1 ? other.high : other.low
    }
    low = Matrix(rows: states.lowCount, columns: summed.count)
    low.withMutableView { [lowStates, couplings] in
      $0.multiply(lowStates.view, couplings.rows(states.lowUnits))
    }
  }

  func scratch() -> MutableMatrixView { MutableMatrixView(rows: low.rows, columns: units.count) }

  /// The values of all enumerated units, one row for each state of the low ones.
  private func values(high: Int) -> Matrix {
    let on = Set(states.on(high))
    return Matrix(rows: low.rows, columns: enumerated.count) { row, unit in
      if unit < lowStates.columns { return lowStates[row, unit] }
      return on.contains(unit) ? otherKind.high : otherKind.low
    }
  }

  /// logWeights[s] += Σ_r Γ_r(a_r + J_rs s); inputs ← the inputs, `[low states, summed]`.
  func addLogNormalizers(high: Int, _ inputs: MutableMatrixView, to logWeights: inout [Double]) {
    let on = Set(states.on(high))
    let highValues = states.highUnits.map { on.contains($0) ? otherKind.high : otherKind.low }
    var row = Matrix(rows: 1, columns: units.count)
    let fields = couplings.rows(states.highUnits).transposedTimes(highValues)
    row.withMutableView { $0.setRow(0, zip(fields, bias).map { $0 + $1 }) }
    inputs.addScaledRows(of: low.view, to: row.view, factors: [Float](repeating: 1, count: low.rows))
    kind.addLogNormalizers(inputs: inputs.view, to: &logWeights)
  }

  func noMoments() -> SummedMoments {
    SummedMoments(
      products: Matrix(rows: enumerated.count, columns: units.count),
      means: [Float](repeating: 0, count: units.count))
  }

  /// Adds the states of these probabilities; the inputs become the means.
  func add(_ probabilities: [Double], high: Int, _ inputs: MutableMatrixView, to moments: inout SummedMoments)
  {
    kind.means(inputs: inputs.view, into: inputs)
    let values = values(high: high), weights = probabilities.map { Float($0) }
    let weighted = Matrix(rows: values.rows, columns: values.columns) { weights[$0] * values[$0, $1] }
    moments.products.withMutableView { $0.multiply(weighted.view.transposed, inputs.view.asIs, beta: 1) }
    inputs.view.addColumnSums(scale: 1, weights: weights, to: &moments.means)
  }

  func place(_ parts: [SummedMoments], into result: inout PairMoments) {
    result.pairs.withMutableView { pairs in
      for part in parts {
        pairs.rows(enumerated).columns(units).add(part.products.view, scale: 1)
        pairs.rows(units).columns(enumerated).add(part.products.transposed.view, scale: 1)
      }
    }
    for (index, unit) in units.enumerated() {
      result.means[unit] = Float(parts.reduce(0) { $0 + Double($1.means[index]) })
    }
  }
}

/// Sums of p(s)·s E[r | s]ᵀ, `[enumerated, summed]`, and p(s)·E[r | s].
struct SummedMoments: Sendable {
  var products: Matrix
  var means: [Float]
}
