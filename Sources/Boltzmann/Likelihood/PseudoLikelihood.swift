public import BoltzmannCompute

/// The log-pseudo-likelihood Σ_i log P(v_i | v_−i), in nats (Besag 1975).
/// ```
/// log P(v_i | v_−i) = −softplus(F(v) − F(v with i flipped))
/// ```
/// for visibles of two states. A flip moves the hidden inputs by one row of the weights, so that no product
/// is needed beyond that of v itself.
public struct PseudoLikelihood: Sendable {
  private let model: RBM
  private let values: (low: Float, high: Float)

  /// Throws where visibles have more than two states.
  public init(of model: RBM) throws {
    guard let values = type(of: model.visible).binaryStates else {
      throw SettingsError(message: "the pseudo-likelihood needs visibles of two states")
    }
    self.model = model
    self.values = (values.0, values.1)
  }

  /// The exact mean over the samples.
  public func mean(of samples: any Samples, parallel: Parallel = .all) -> Double {
    let sums = parallel.mapBlocks(of: samples.count, size: 8) { range in
      exactSum(samples.matrix(range))
    }
    return sums.reduce(0, +) / Double(samples.count)
  }

  /// An unbiased estimate of the mean: m·log P(v_i | v_−i) for one i a row.
  public func mean(ofRows visibles: Matrix, flipping units: [Int], parallel: Parallel = .all) -> Double {
    precondition(units.count == visibles.rows, "one flip a row")
    let sums = parallel.mapBlocks(of: visibles.rows, size: rowsPerBlock) { range in
      let rows = visibles.view.rows(range)
      let inputs = MutableMatrixView(rows: range.count, columns: model.hiddenCount)
      model.hiddenInputs(given: rows, into: inputs)
      return sum(of: rows, hiddenInputs: inputs.view, flipping: units[range])
    }
    return sums.reduce(0, +) * Double(visibles.columns) / Double(visibles.rows)
  }

  /// Σ log P(v_i | v_−i), one i a row, from hidden inputs that are known already.
  func sum(of rows: MatrixView, hiddenInputs inputs: MatrixView, flipping units: ArraySlice<Int>) -> Double {
    let changes = zip(0..<rows.rows, units).map { row, unit in other(rows[row, unit]) - rows[row, unit] }
    let flipped = MutableMatrixView(rows: rows.rows, columns: model.hiddenCount)
    for (row, unit) in zip(0..<rows.rows, units) {
      flipped.rows(row..<(row + 1)).addScaledRows(
        of: model.weights.view.rows(unit..<(unit + 1)), to: inputs.rows(row..<(row + 1)),
        factors: [changes[row]])
    }
    let before = logNormalizers(inputs), after = logNormalizers(flipped.view)
    return zip(0..<rows.rows, units).reduce(0) { sum, pair in
      let bias = Double(model.visible.bias[pair.1])
      return sum - softplus(bias * Double(changes[pair.0]) + after[pair.0] - before[pair.0])
    }
  }

  private func logNormalizers(_ inputs: MatrixView) -> [Double] {
    var sums = [Double](repeating: 0, count: inputs.rows)
    model.hidden.addLogNormalizers(inputs: inputs, inverseTemperature: 1, to: &sums)
    return sums
  }

  private func other(_ value: Float) -> Float { value == values.low ? values.high : values.low }

  /// Σ over rows and units.
  private func exactSum(_ visibles: Matrix) -> Double {
    let inputs = MutableMatrixView(rows: visibles.rows, columns: model.hiddenCount)
    model.hiddenInputs(given: visibles.view, into: inputs)
    let base = logNormalizers(inputs.view)
    let blocks = Blocks(count: visibles.columns, size: 16)
    let tile = MutableMatrixView(rows: blocks.size, columns: model.hiddenCount)
    var sum = 0.0
    for row in 0..<visibles.rows {
      for block in 0..<blocks.count {
        let rowInputs = inputs.view.rows(row..<(row + 1))
        let states = blocks[block].map { visibles[row, $0] }
        sum += flips(of: blocks[block], states, rowInputs, base[row], tile.rows(0..<states.count))
      }
    }
    return sum
  }

  /// Σ_i log P(v_i | v_−i) over some units of one row.
  private func flips(
    of units: Range<Int>, _ states: [Float], _ inputs: MatrixView, _ base: Double, _ tile: MutableMatrixView
  ) -> Double {
    let changes = states.map { other($0) - $0 }
    tile.addScaledRows(of: model.weights.view.rows(units), to: inputs, factors: changes)
    let flipped = logNormalizers(tile.view)
    return units.indices.reduce(0) { sum, unit in
      let index = unit - units.lowerBound
      let gain = Double(model.visible.bias[unit]) * Double(changes[index]) + flipped[index] - base
      return sum - softplus(gain)
    }
  }
}
