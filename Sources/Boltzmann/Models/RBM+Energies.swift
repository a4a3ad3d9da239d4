public import BoltzmannCompute

/// Rows of one block of a job over many samples.
let rowsPerBlock = 50

extension RBM {
  /// E(v, h) of every pair of rows, in nats.
  public func energies(visibles: Matrix, hiddens: Matrix) -> [Double] {
    precondition(visibles.rows == hiddens.rows, "one hidden row for every visible row")
    var couplings = [Double](repeating: 0, count: visibles.rows)
    var inputs = Matrix(rows: visibles.rows, columns: hiddenCount)
    inputs.withMutableView { hiddenInputs(given: visibles.view, into: $0) }
    inputs.view.addRowDots(with: hiddens.view, to: &couplings)
    var energies = couplings.map { -$0 }
    visible.addEnergies(of: visibles.view, to: &energies)
    hidden.addEnergies(of: hiddens.view, to: &energies)
    return energies
  }

  /// F(v) = −bᵀv − Σ_j Γ_j(vᵀW_{:j}) of every row, in nats.
  public func freeEnergies(of visibles: MatrixView) -> [Double] {
    let inputs = MutableMatrixView(rows: visibles.rows, columns: hiddenCount)
    hiddenInputs(given: visibles, into: inputs)
    return freeEnergies(of: visibles, hiddenInputs: inputs.view)
  }

  /// F(v) from inputs that are known already.
  func freeEnergies(of visibles: MatrixView, hiddenInputs inputs: MatrixView) -> [Double] {
    var logNormalizers = [Double](repeating: 0, count: visibles.rows)
    hidden.addLogNormalizers(inputs: inputs, inverseTemperature: 1, to: &logNormalizers)
    var energies = logNormalizers.map { -$0 }
    visible.addEnergies(of: visibles, to: &energies)
    return energies
  }

  /// F(v) of every sample, in nats.
  public func freeEnergies(of samples: any Samples, parallel: Parallel = .all) -> [Double] {
    parallel.mapBlocks(of: samples.count, size: 2 * rowsPerBlock) { range in
      freeEnergies(of: samples.matrix(range).view)
    }.flatMap { $0 }
  }

  /// E[h | v] of every sample, `[count, hidden]`.
  public func hiddenMeans(given samples: any Samples, parallel: Parallel = .all) -> Matrix {
    var result = Matrix(rows: samples.count, columns: hiddenCount)
    result.withMutableView { means in
      parallel.forEachBlock(of: samples.count, size: 2 * rowsPerBlock) { range in
        hiddenMeans(given: samples.matrix(range).view, into: means.rows(range))
      }
    }
    return result
  }

  /// E[v | h = E[h | v]] of every sample, `[count, visible]`: what the machine makes of them.
  public func reconstructions(of samples: any Samples, parallel: Parallel = .all) -> Matrix {
    var result = Matrix(rows: samples.count, columns: visibleCount)
    result.withMutableView { means in
      parallel.forEachBlock(of: samples.count, size: 2 * rowsPerBlock) { range in
        let hiddens = MutableMatrixView(rows: range.count, columns: hiddenCount)
        hiddenMeans(given: samples.matrix(range).view, into: hiddens)
        visibleMeans(given: hiddens.view, into: means.rows(range))
      }
    }
    return result
  }
}
