public import BoltzmannCompute
internal import Foundation

// Energies and probabilities, all in nats. Sums over hidden units are in Double.

extension ClassificationRBM {
  /// E(v, y, h) of every pair of rows and its class.
  public func energies(visibles: Matrix, classes: [Int], hiddens: Matrix) -> [Double] {
    precondition(visibles.rows == hiddens.rows, "one hidden row for every visible row")
    let inputs = MutableMatrixView(rows: visibles.rows, columns: hiddenCount)
    hiddenInputs(given: visibles.view, classes: classes, into: inputs)
    var sums = classes.map { Double(classBias[$0]) }
    inputs.view.addRowDots(with: hiddens.view, to: &sums)
    hiddens.view.addRowDots(with: hiddenBias, to: &sums)
    visibles.view.addRowDots(with: visibleBias, to: &sums)
    return sums.map { -$0 }
  }

  /// F(v, y) = −bᵀv − d_y − Σ_j softplus(o_yj) of every row and class, `[row][class]`.
  /// ```
  /// P(v, y) = e^{−F(v, y)} / Z
  /// ```
  public func jointFreeEnergies(of visibles: MatrixView) -> [[Double]] {
    zip(visibleTerms(visibles), classLogits(given: visibles)).map { term, logits in
      logits.map { -term - $0 }
    }
  }

  /// F(v) = −log Σ_y e^{−F(v, y)} of every row.
  public func freeEnergies(of visibles: MatrixView) -> [Double] {
    zip(visibleTerms(visibles), classLogits(given: visibles)).map { -$0 - logSumExp($1) }
  }

  /// bᵀv of every row.
  private func visibleTerms(_ visibles: MatrixView) -> [Double] {
    var terms = [Double](repeating: 0, count: visibles.rows)
    visibles.addRowDots(with: visibleBias, to: &terms)
    return terms
  }
}

// MARK: - Many samples

extension ClassificationRBM {
  /// F(v) of every sample.
  public func freeEnergies(of samples: any Samples, parallel: Parallel = .all) -> [Double] {
    parallel.mapBlocks(of: samples.count, size: 2 * rowsPerBlock) { range in
      freeEnergies(of: samples.matrix(range).view)
    }.flatMap { $0 }
  }

  /// log P(y | v) of every sample and class, `[sample][class]`.
  public func classLogProbabilities(given samples: any Samples, parallel: Parallel = .all) -> [[Double]] {
    let biases = hiddenBiases
    return parallel.mapBlocks(of: samples.count, size: 2 * rowsPerBlock) { range in
      let inputs = MutableMatrixView(rows: range.count, columns: hiddenCount)
      hiddenInputs(given: samples.matrix(range).view, into: inputs)
      return classLogits(inputs: inputs.view, hiddenBiases: biases.view).map(logSoftmax)
    }.flatMap { $0 }
  }

  /// P(y | v) of every sample and class, `[count, classes]`.
  public func classProbabilities(given samples: any Samples, parallel: Parallel = .all) -> Matrix {
    let logs = classLogProbabilities(given: samples, parallel: parallel)
    return Matrix(rows: logs.count, columns: classCount) { Float(exp(logs[$0][$1])) }
  }
}

/// log (e^{x_k} / Σ_l e^{x_l})
func logSoftmax(_ logits: [Double]) -> [Double] {
  let total = logSumExp(logits)
  return logits.map { $0 - total }
}
