internal import Boltzmann
internal import BoltzmannCompute

/// Gibbs steps of a few cases, one after the other on one thread.
struct RatingGibbs {
  let machine: RatingRBM
  let views: RatingViews
  /// Where the ratings of each case begin, and the end of the last.
  let offsets: ArraySlice<Int>
  /// The cases' own numbers.
  let cases: ArraySlice<UInt64>
  let seed: UInt64

  /// h ~ P(h | V), V ~ P(V | h), `steps` times; the means of the hidden units given the data and given the end.
  mutating func run(
    data: RowNumbers, model: RowNumbers, isPersistent: Bool, steps: Int, firstStep: UInt64
  ) -> Int {
    sumInputs(of: data, sums: views.dataSums, into: views.dataMeans)
    views.states.copy(views.dataMeans.view)
    writeMeans(views.dataMeans)
    if isPersistent { sumInputs(of: model, sums: views.modelSums, into: views.states) }
    var changes = 0
    for step in firstStep..<firstStep + UInt64(steps) {
      drawHiddens(step)
      changes = drawLevels(model, step)
      sumInputs(of: model, sums: views.modelSums, into: views.states)
    }
    views.modelMeans.copy(views.states.view)
    writeMeans(views.modelMeans)
    return changes
  }

  private func range(_ r: Int) -> Range<Int> {
    offsets[offsets.startIndex + r]..<offsets[offsets.startIndex + r + 1]
  }

  /// Σ_{i ∈ R} (D_i + W_i^{k(i)}), without c; where W = AB the sums of A's rows first.
  private func sumInputs(of rows: RowNumbers, sums: MutableMatrixView, into inputs: MutableMatrixView) {
    let target = machine.mixing == nil ? inputs : sums
    for r in cases.indices.map({ $0 - cases.startIndex }) {
      target.sumListedRows(of: machine.weights.view, rows, range(r), into: r)
      guard let conditional = machine.conditional else { continue }
      let sites = rows.numbers(in: range(r)).map { $0 / UInt32(machine.levelCount) }
      target.sumListedRows(of: conditional.view, sites[...], into: r, adding: true)
    }
    if let mixing = machine.mixing { inputs.multiply(sums.view, mixing.view) }
  }

  private func writeMeans(_ inputs: MutableMatrixView) {
    switch machine.hiddenKind {
    case .bernoulli: inputs.logistic(of: inputs.view, bias: machine.hiddenBias)
    case .gaussian:
      let bias = machine.hiddenBias
      inputs.apply { column, input in input + bias[column] }
    }
  }

  /// The states' inputs become states.
  private func drawHiddens(_ step: UInt64) {
    let random = RandomRows(RandomStream(seed: seed, purpose: .hidden, step: step), rows: cases)
    switch machine.hiddenKind {
    case .bernoulli:
      views.states.sampleBernoulli(inputs: views.states.view, bias: machine.hiddenBias, random: random)
    case .gaussian:
      let ones = [Float](repeating: 1, count: machine.hiddenCount)
      views.states.sampleGaussian(
        inputs: views.states.view, bias: machine.hiddenBias, precision: ones, random: random)
    }
  }

  /// Given h the levels are independent; with W = AB they see h by way of hBᵀ.
  private func drawLevels(_ rows: RowNumbers, _ step: UInt64) -> Int {
    if let mixing = machine.mixing { views.projected.multiply(views.states.view, mixing.view.transposed) }
    let seen = machine.mixing == nil ? views.states.view : views.projected.view
    let random = RandomStream(seed: seed, purpose: .visible, step: step)
    var changes = 0
    for (r, number) in cases.enumerated() {
      changes += machine.weights.view.drawLevels(
        rows, range(r), levels: machine.levelCount, bias: machine.visibleBias.view,
        hiddens: seen.rows(r..<r + 1), random: random, row: number)
    }
    return changes
  }
}
