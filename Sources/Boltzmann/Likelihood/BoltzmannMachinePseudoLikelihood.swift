public import BoltzmannCompute

/// The log-pseudo-likelihood of a fully visible Boltzmann machine, and its gradient (Besag 1975).
/// ```
/// Σ_i log P(v_i | v_−i) = Σ_i (v_i I_i − Γ(I_i))          I = b + Uv
/// r = v − E[v | I]          ∂/∂b_i = ⟨r_i⟩          ∂/∂U_ij = ⟨r_i v_j + v_i r_j⟩
/// ```
/// A coupling acts in the conditionals of both of its units. The function is concave, needs no sampling, and its
/// maximum is a consistent estimate: errors shrink as 1/√samples.
public struct BoltzmannMachinePseudoLikelihood: Sendable {
  private let machine: BoltzmannMachine

  /// Throws `SettingsError` where there are hiddens: the conditionals are then no closed form.
  public init(of machine: BoltzmannMachine) throws {
    guard machine.hiddenCount == 0 else {
      throw SettingsError(message: "the pseudo-likelihood needs a machine without hidden units")
    }
    self.machine = machine
  }

  /// Σ_i log P(v_i | v_−i) of every row, in nats.
  public func values(of visibles: MatrixView) -> [Double] {
    let inputs = inputs(of: visibles).view
    var normalizers = [Double](repeating: 0, count: visibles.rows), products = normalizers
    machine.visibleKind.addLogNormalizers(inputs: inputs, to: &normalizers)
    inputs.addRowDots(with: visibles, to: &products)
    return zip(products, normalizers).map { $0 - $1 }
  }

  /// The mean over the samples, in nats.
  public func mean(of samples: any Samples, parallel: Parallel = .all) -> Double {
    let parts = parallel.mapBlocks(of: samples.count, size: rowsPerPart) { range in
      values(of: samples.matrix(range).view).reduce(0, +)
    }
    return parts.reduce(0, +) / Double(samples.count)
  }

  /// The gradient of the mean over rows `[rows, visible]`: three products.
  public func gradient(of visibles: MatrixView, parallel: Parallel = .all) -> PairMoments {
    let parts = parallel.mapBlocks(of: visibles.rows, size: rowsPerPart) { range in
      part(of: visibles.rows(range), share: 2 / Float(visibles.rows))
    }
    var pairs = Matrix(rows: machine.unitCount, columns: machine.unitCount)
    pairs.withMutableView { pairs in
      for part in parts { pairs.add(part.pairs.view, scale: 1) }
    }
    let means = machine.visibleUnits.map { unit in
      Float(parts.reduce(0) { $0 + $1.sums[unit] } / Double(visibles.rows))
    }
    return PairMoments(pairs: pairs, means: means)
  }

  /// share·rᵀv over some rows, whose symmetric part is wanted, and Σ r.
  private func part(of visibles: MatrixView, share: Float) -> (pairs: Matrix, sums: [Double]) {
    let means = inputs(of: visibles)
    machine.visibleKind.means(inputs: means.view, into: means)
    let residuals = MutableMatrixView(rows: visibles.rows, columns: visibles.columns)
    residuals.subtract(means.view, from: visibles)
    var pairs = Matrix(rows: visibles.columns, columns: visibles.columns)
    pairs.withMutableView { $0.multiply(residuals.view.transposed, visibles.asIs, alpha: share) }
    var sums = [Float](repeating: 0, count: visibles.columns)
    residuals.view.addColumnSums(scale: 1, to: &sums)
    return (pairs, sums.map(Double.init))
  }

  /// b + Uv of every row.
  private func inputs(of visibles: MatrixView) -> MutableMatrixView {
    let inputs = MutableMatrixView(rows: visibles.rows, columns: machine.unitCount)
    inputs.fillRows(machine.bias)
    inputs.multiply(visibles, machine.couplings.view, beta: 1)
    return inputs
  }
}

/// Rows that one worker takes at a time.
private let rowsPerPart = 500
