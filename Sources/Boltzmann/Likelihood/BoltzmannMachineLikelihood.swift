public import BoltzmannCompute
internal import Foundation

extension BoltzmannMachine {
  /// F(v) = −log Σ_h e^{−E(v, h)} of every row, in nats: P(v) = e^{−F(v)}/Z.
  /// ```
  /// F(v) = −bᵀv − ½vᵀUv − log Σ_h e^{fᵀh + ½hᵀPh}        f = c + Wᵀv
  /// ```
  /// The sum is in closed form for P = 0, else over all 2ⁿ states of the hiddens for every row; throws
  /// `SettingsError` where these are more than 25.
  public func freeEnergies(of visibles: MatrixView, parallel: Parallel = .all) throws -> [Double] {
    let hiddens = try ClampedHiddens(of: self)
    let parts = parallel.mapBlocks(of: visibles.rows, size: clampedRows) { range in
      let rows = visibles.rows(range)
      let logSums = hiddens.logSums(given: rows)
      return zip(quadraticEnergies(of: rows, units: visibleUnits), logSums).map { $0 - $1 }
    }
    return parts.flatMap { $0 }
  }

  /// F(v) of every sample, in nats.
  public func freeEnergies(of samples: any Samples, parallel: Parallel = .all) throws -> [Double] {
    try freeEnergies(of: samples.matrix(0..<samples.count).view, parallel: parallel)
  }

  /// The moments with the visibles at these rows and the hiddens as P(h | v) has them: the positive phase, exactly.
  ///
  /// For P = 0 hiddens are independent given v, so that E[h_i h_j | v] is the product of their means.
  public func clampedMoments(of visibles: MatrixView, parallel: Parallel = .all) throws -> PairMoments {
    let hiddens = try ClampedHiddens(of: self)
    let columns = MutableMatrixView(rows: unitCount, columns: visibles.rows)
    columns.rows(visibleUnits).transpose(visibles)
    let parts = parallel.mapBlocks(of: visibles.rows, size: clampedRows) { range in
      hiddens.moments(given: visibles.rows(range), means: columns.rows(hiddenUnits).columns(range))
    }
    var result = PairMoments(columns: columns.view, parallel: parallel)
    guard isCoupled(hiddenUnits) else { return result }
    for i in 0..<hiddenCount {
      for j in 0..<hiddenCount where j != i {
        let sum = parts.reduce(0) { $0 + $1[max(i, j)][min(i, j)] }
        result.pairs[visibleCount + i, visibleCount + j] = Float(sum / Double(visibles.rows))
      }
    }
    return result
  }
}

/// Rows that one worker takes at a time.
private let clampedRows = 16

/// The law of the hiddens beside given visibles: a machine of its own, with the fields c + Wᵀv.
struct ClampedHiddens: Sendable {
  private let machine: BoltzmannMachine
  private let form: BitForm
  private let isCoupled: Bool

  /// Throws `SettingsError` where the hiddens are coupled and too many to enumerate.
  init(of machine: BoltzmannMachine) throws {
    self.machine = machine
    isCoupled = machine.isCoupled(machine.hiddenUnits)
    guard !isCoupled || machine.hiddenCount <= BoltzmannMachineEnumeration.limit else {
      throw SettingsError(
        message: "P(v) needs at most \(BoltzmannMachineEnumeration.limit) coupled hidden units, "
          + "not \(machine.hiddenCount)")
    }
    form = BitForm(machine, units: isCoupled ? machine.hiddenUnits : 0..<0)
  }

  private func fields(given rows: MatrixView) -> MutableMatrixView {
    let fields = MutableMatrixView(rows: rows.rows, columns: machine.hiddenCount)
    machine.hiddenFields(given: rows, into: fields)
    return fields
  }

  /// log Σ_h e^{fᵀh + ½hᵀPh} of every row, in nats.
  func logSums(given rows: MatrixView) -> [Double] {
    let fields = fields(given: rows).view
    var sums = [Double](repeating: 0, count: rows.rows)
    if !isCoupled {
      machine.hiddenKind.addLogNormalizers(inputs: fields, to: &sums)
      return sums
    }
    return sums.indices.map { row in
      let (states, constant) = states(fields.rows(row..<(row + 1)))
      return constant + states.logSum
    }
  }

  private func states(_ fields: MatrixView) -> (PairwiseStates, constant: Double) {
    let fields = fields.values.map(Double.init)
    let states = PairwiseStates(bias: form.bias(fields: fields), couplings: form.couplings)
    return (states, form.constant(fields: fields))
  }

  /// means ← E[h | v], `[hidden, rows]`; returns Σ over rows of E[h_i h_j | v], j < i, where hiddens are coupled.
  func moments(given rows: MatrixView, means: MutableMatrixView) -> [[Double]] {
    let fields = fields(given: rows)
    guard isCoupled else {
      machine.hiddenKind.means(inputs: fields.view, into: fields)
      means.transpose(fields.view)
      return []
    }
    var total = [[Double]](repeating: [Double](repeating: 0, count: means.rows), count: means.rows)
    for row in 0..<rows.rows {
      let (states, _) = states(fields.view.rows(row..<(row + 1)))
      let bits = bitMoments(of: states)
      for i in 0..<means.rows {
        means[i, row] = Float(form.mean(i, bits.means[i]))
        for j in 0..<i {
          total[i][j] += form.pair(i, j, both: bits.pairs[i][j], bits.means[i], bits.means[j])
        }
      }
    }
    return total
  }

  private func bitMoments(of states: PairwiseStates) -> PairwiseSums {
    let logSum = states.logSum
    var sums = PairwiseSums(units: states.highUnits.upperBound)
    for high in 0..<states.highCount {
      sums.add(states.logWeights(high: high).map { exp($0 - logSum) }, high: high, of: states)
    }
    return sums
  }
}
