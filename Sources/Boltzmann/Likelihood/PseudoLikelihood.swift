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
      var flipped = Matrix(rows: range.count, columns: visibles.columns, values: rows.values)
      for row in 0..<range.count {
        flipped[row, units[range.lowerBound + row]] = other(rows[row, units[range.lowerBound + row]])
      }
      let before = model.freeEnergies(of: rows), after = model.freeEnergies(of: flipped.view)
      return zip(before, after).reduce(0) { $0 - softplus($1.0 - $1.1) }
    }
    return sums.reduce(0, +) * Double(visibles.columns) / Double(visibles.rows)
  }

  private func other(_ value: Float) -> Float { value == values.low ? values.high : values.low }

  /// Σ over rows and units.
  private func exactSum(_ visibles: Matrix) -> Double {
    let inputs = MutableMatrixView(rows: visibles.rows, columns: model.hiddenCount)
    model.hiddenInputs(given: visibles.view, into: inputs)
    var base = [Double](repeating: 0, count: visibles.rows)
    model.hidden.addLogNormalizers(inputs: inputs.view, inverseTemperature: 1, to: &base)
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
    var flipped = [Double](repeating: 0, count: units.count)
    model.hidden.addLogNormalizers(inputs: tile.view, inverseTemperature: 1, to: &flipped)
    return units.indices.reduce(0) { sum, unit in
      let index = unit - units.lowerBound
      let gain = Double(model.visible.bias[unit]) * Double(changes[index]) + flipped[index] - base
      return sum - softplus(gain)
    }
  }
}
