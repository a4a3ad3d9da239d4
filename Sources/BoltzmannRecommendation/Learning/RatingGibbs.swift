internal import Boltzmann
internal import BoltzmannCompute

/// Gibbs steps of a few cases, one after the other on one thread.
struct RatingGibbs {
  let machine: RatingRBM
  /// Their rows of the layers.
  let views: RatingViews
  /// The minibatch that they are of: its ratings and, where there is D, the sites that are known to be rated.
  let data: BatchEntries
  let met: BatchEntries?
  /// Their places in the minibatch.
  let block: Range<Int>
  /// Their own numbers.
  let cases: ArraySlice<UInt64>
  let seed: UInt64

  /// h ~ P(h | V), V ~ P(V | h), `steps` times, V the rows in `model`; the means of the hidden units given the data and
  /// given the end.
  func run(_ model: RowNumbers, isPersistent: Bool, steps: Int, firstStep: UInt64) -> Int {
    let known = metSums()
    sumInputs(of: data.rows, known, sums: views.dataSums, into: views.dataMeans)
    views.states.copy(views.dataMeans.view)
    writeMeans(views.dataMeans)
    if isPersistent { sumInputs(of: model, known, sums: views.modelSums, into: views.states) }
    var changes = 0
    for step in firstStep..<firstStep + UInt64(steps) {
      drawHiddens(step)
      changes = drawLevels(model, step)
      sumInputs(of: model, known, sums: views.modelSums, into: views.states)
    }
    views.modelMeans.copy(views.states.view)
    writeMeans(views.modelMeans)
    return changes
  }

  /// Σ_{i ∈ R ∪ S} D_i of each case: no step changes it.
  private func metSums() -> MatrixView? {
    guard let conditional = machine.conditional, let met else { return nil }
    let sums = MutableMatrixView(rows: block.count, columns: conditional.columns)
    for (r, place) in block.enumerated() {
      sums.sumListedRows(of: conditional.view, met.rows, met.range(place), into: r)
    }
    return sums.view
  }

  /// Σ_{i ∈ R ∪ S} D_i + Σ_{i ∈ R} W_i^{k(i)}, without c; where W = AB the sums of A's rows first.
  private func sumInputs(
    of rows: RowNumbers, _ known: MatrixView?, sums: MutableMatrixView, into inputs: MutableMatrixView
  ) {
    let target = machine.mixing == nil ? inputs : sums
    if let known { target.copy(known) }
    for (r, place) in block.enumerated() {
      target.sumListedRows(
        of: machine.weights.view, rows, data.range(place), into: r, adding: known != nil)
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
        rows, data.range(block.lowerBound + r), levels: machine.levelCount, bias: machine.visibleBias.view,
        hiddens: seen.rows(r..<r + 1), random: random, row: number)
    }
    return changes
  }
}
