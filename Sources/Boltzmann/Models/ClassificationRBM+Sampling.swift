public import BoltzmannCompute
internal import Foundation

// Draws of one layer given the other: block Gibbs sampling alternates between h and (v, y).

extension ClassificationRBM {
  /// states ← a draw from P(h | v, y), one class a row.
  public func sampleHiddens(
    given visibles: MatrixView, classes: some Collection<Int>, random: RandomRows,
    into states: MutableMatrixView
  ) {
    hiddenInputs(given: visibles, classes: classes, into: states)
    states.sampleBernoulli(inputs: states.view, bias: hiddenBias, random: random)
  }

  /// states ← a draw from P(v | h).
  public func sampleVisibles(
    given hiddens: MatrixView, random: RandomRows, into states: MutableMatrixView
  ) {
    states.multiply(hiddens, weights.view.transposed)
    states.sampleBernoulli(inputs: states.view, bias: visibleBias, random: random)
  }

  /// A draw from P(y | h) ∝ e^{d_y + U_{y:}h} for every row.
  public func sampleClasses(given hiddens: MatrixView, random: RandomRows) -> [Int] {
    sampleClasses(
      given: hiddens, random: random, scratch: MutableMatrixView(rows: hiddens.rows, columns: classCount))
  }

  /// The same with memory for h·Uᵀ, `[rows, classes]`.
  func sampleClasses(given hiddens: MatrixView, random: RandomRows, scratch inputs: MutableMatrixView)
    -> [Int]
  {
    inputs.multiply(hiddens, classWeights.view.transposed)
    return (0..<hiddens.rows).map { row in
      let logits = (0..<classCount).map { Double(inputs[row, $0] + classBias[$0]) }
      return drawClass(logits, uniform: random.uniforms(at: row)[0])
    }
  }
}

/// The first class up to which the probabilities ∝ e^{logit} sum to more than the uniform number in [0, 1).
func drawClass(_ logits: [Double], uniform: Double) -> Int {
  let largest = logits.max() ?? 0
  let terms = logits.map { exp($0 - largest) }
  var rest = uniform * terms.reduce(0, +)
  for (k, term) in terms.enumerated() {
    rest -= term
    if rest < 0 { return k }
  }
  return logits.count - 1
}

extension RandomRows {
  /// Two uniform numbers of a row: for the class of a Gibbs step, and for the class that a chain starts with.
  func uniforms(at row: Int) -> [Double] {
    stream.uniforms(row: rows[rows.startIndex + row], count: 2)
  }
}
