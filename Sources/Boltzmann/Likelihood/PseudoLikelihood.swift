public import BoltzmannCompute

/// The log-pseudo-likelihood Σ_s log P(v_s | v_−s) over the sites of discrete visibles, in nats (Besag 1975).
/// ```
/// log P(v_s | v_−s) = −log Σ_a e^{F(v) − F(v with s in state a)}
/// ```
/// A site that moves to another state changes the hidden inputs by few rows of the weights, so that no product is
/// needed beyond that of v itself. For two states the sum is 1 + e^{F(v) − F(v with s flipped)}.
public struct PseudoLikelihood: Sendable {
  private let model: RBM
  private let sites: [Site]
  private let bias: [Float]

  /// Throws where visibles are real numbers.
  public init(of model: RBM) throws {
    guard let sites = model.visible.sites else {
      throw SettingsError(message: "the pseudo-likelihood needs visibles of a few states each")
    }
    self.model = model
    self.sites = sites
    bias = model.visible.bias
  }

  public var siteCount: Int { sites.count }

  /// The exact mean over the samples.
  public func mean(of samples: any Samples, parallel: Parallel = .all) -> Double {
    let sums = parallel.mapBlocks(of: samples.count, size: 8) { range in
      exactSum(samples.matrix(range).view)
    }
    return sums.reduce(0, +) / Double(samples.count)
  }

  /// An unbiased estimate of the mean: log P(v_s | v_−s) of one site a row, times the number of sites.
  public func mean(ofRows visibles: Matrix, flipping sites: [Int], parallel: Parallel = .all) -> Double {
    precondition(sites.count == visibles.rows, "one flip a row")
    let sums = parallel.mapBlocks(of: visibles.rows, size: rowsPerBlock) { range in
      let rows = visibles.view.rows(range)
      let inputs = MutableMatrixView(rows: range.count, columns: model.hiddenCount)
      model.hiddenInputs(given: rows, into: inputs)
      return sum(of: rows, hiddenInputs: inputs.view, flipping: sites[range])
    }
    return sums.reduce(0, +) * Double(siteCount) / Double(visibles.rows)
  }

  /// Σ log P(v_s | v_−s), one site a row, from hidden inputs that are known already.
  func sum(of rows: MatrixView, hiddenInputs inputs: MatrixView, flipping sites: ArraySlice<Int>) -> Double {
    let moves = zip(0..<rows.rows, sites).flatMap { self.moves(of: $1, in: rows, row: $0) }
    return sum(moves, of: rows, inputs, before: logNormalizers(inputs))
  }

  /// Σ over all rows and sites, a few sites at a time.
  private func exactSum(_ visibles: MatrixView) -> Double {
    let inputs = MutableMatrixView(rows: visibles.rows, columns: model.hiddenCount)
    model.hiddenInputs(given: visibles, into: inputs)
    let before = logNormalizers(inputs.view), blocks = Blocks(count: siteCount, size: 16)
    return (0..<visibles.rows).reduce(0) { sum, row in
      (0..<blocks.count).reduce(sum) { sum, block in
        let moves = blocks[block].flatMap { self.moves(of: $0, in: visibles, row: row) }
        return sum + self.sum(moves, of: visibles, inputs.view, before: before)
      }
    }
  }

  // MARK: - Moves

  /// A site of a row in another state.
  private struct Move {
    let row: Int
    let site: Int
    let state: Int
  }

  private func moves(of site: Int, in visibles: MatrixView, row: Int) -> [Move] {
    sites[site].states.indices.compactMap { state in
      let move = Move(row: row, site: site, state: state)
      var isMove = false
      forEachChange(move, visibles) { _, _ in isMove = true }
      return isMove ? move : nil
    }
  }

  /// Calls `body` with every column that a move changes, and what it gains.
  private func forEachChange(
    _ move: Move, _ visibles: MatrixView, _ body: (_ column: Int, _ gain: Float) -> Void
  ) {
    let first = sites[move.site].columns.lowerBound
    for (index, value) in sites[move.site].states[move.state].enumerated() {
      let gain = value - visibles[move.row, first + index]
      if gain != 0 { body(first + index, gain) }
    }
  }

  /// Σ log P(v_s | v_−s) over the sites of the moves, the moves of a site following each other.
  private func sum(
    _ moves: [Move], of visibles: MatrixView, _ inputs: MatrixView, before: [Double]
  ) -> Double {
    let moved = MutableMatrixView(rows: moves.count, columns: model.hiddenCount)
    let gains = moves.indices.map { write(moves[$0], visibles, inputs, to: moved.rows($0..<($0 + 1))) }
    let after = logNormalizers(moved.view)
    let logRatios = moves.indices.map { gains[$0] + after[$0] - before[moves[$0].row] }
    var sum = 0.0, begin = 0
    while begin < moves.count {
      let first = moves[begin]
      var end = begin + 1
      while end < moves.count && moves[end].row == first.row && moves[end].site == first.site { end += 1 }
      sum -= end == begin + 1 ? softplus(logRatios[begin]) : logSumExp([0] + logRatios[begin..<end])
      begin = end
    }
    return sum
  }

  /// The hidden inputs after a move; returns what the visible biases gain by it.
  private func write(
    _ move: Move, _ visibles: MatrixView, _ inputs: MatrixView, to target: MutableMatrixView
  ) -> Double {
    var source = inputs.rows(move.row..<(move.row + 1)), gained = 0.0
    forEachChange(move, visibles) { column, gain in
      target.addScaledRows(
        of: model.weights.view.rows(column..<(column + 1)), to: source, factors: [gain])
      source = target.view
      gained += Double(bias[column]) * Double(gain)
    }
    return gained
  }

  private func logNormalizers(_ inputs: MatrixView) -> [Double] {
    var sums = [Double](repeating: 0, count: inputs.rows)
    model.hidden.addLogNormalizers(inputs: inputs, inverseTemperature: 1, to: &sums)
    return sums
  }
}
