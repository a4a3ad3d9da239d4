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

  /// Throws where visibles are real numbers.
  public init(of model: RBM) throws {
    guard let sites = model.visible.sites else {
      throw SettingsError(message: "the pseudo-likelihood needs visibles of a few states each")
    }
    self.model = model
    self.sites = sites
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
    return sum(moves, from: inputs, before: logNormalizers(inputs))
  }

  /// Σ over all rows and sites, a few sites at a time.
  private func exactSum(_ visibles: MatrixView) -> Double {
    let inputs = MutableMatrixView(rows: visibles.rows, columns: model.hiddenCount)
    model.hiddenInputs(given: visibles, into: inputs)
    let before = logNormalizers(inputs.view), blocks = Blocks(count: siteCount, size: 16)
    return (0..<visibles.rows).reduce(0) { sum, row in
      (0..<blocks.count).reduce(sum) { sum, block in
        let moves = blocks[block].flatMap { self.moves(of: $0, in: visibles, row: row) }
        return sum + self.sum(moves, from: inputs.view, before: before)
      }
    }
  }

  // MARK: - Moves

  /// A site of a row in another state: what its columns gain.
  private struct Move {
    let row: Int
    let site: Int
    let changes: [(column: Int, gain: Float)]
  }

  private func moves(of site: Int, in visibles: MatrixView, row: Int) -> [Move] {
    let columns = sites[site].columns, now = columns.map { visibles[row, $0] }
    return sites[site].states.filter { $0 != now }.map { state in
      let gains = zip(state, now).map { $0 - $1 }
      return Move(row: row, site: site, changes: zip(columns, gains).filter { $1 != 0 })
    }
  }

  /// Σ log P(v_s | v_−s) over the sites of the moves, the moves of a site following each other.
  private func sum(_ moves: [Move], from inputs: MatrixView, before: [Double]) -> Double {
    let moved = MutableMatrixView(rows: moves.count, columns: model.hiddenCount)
    for (index, move) in moves.enumerated() { write(move, from: inputs, to: moved.rows(index..<(index + 1))) }
    let after = logNormalizers(moved.view)
    var sum = 0.0, begin = 0
    while begin < moves.count {
      let first = moves[begin]
      let end = moves[begin...].firstIndex { $0.row != first.row || $0.site != first.site } ?? moves.count
      sum -= logSumExp([0] + (begin..<end).map { biasGain(moves[$0]) + after[$0] - before[first.row] })
      begin = end
    }
    return sum
  }

  private func biasGain(_ move: Move) -> Double {
    move.changes.reduce(0) { $0 + Double(model.visible.bias[$1.column]) * Double($1.gain) }
  }

  /// The hidden inputs after a move.
  private func write(_ move: Move, from inputs: MatrixView, to target: MutableMatrixView) {
    var source = inputs.rows(move.row..<(move.row + 1))
    for change in move.changes {
      target.addScaledRows(
        of: model.weights.view.rows(change.column..<(change.column + 1)), to: source, factors: [change.gain])
      source = target.view
    }
  }

  private func logNormalizers(_ inputs: MatrixView) -> [Double] {
    var sums = [Double](repeating: 0, count: inputs.rows)
    model.hidden.addLogNormalizers(inputs: inputs, inverseTemperature: 1, to: &sums)
    return sums
  }
}
