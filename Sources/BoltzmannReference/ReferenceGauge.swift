extension ReferenceLayeredRBM {
  /// The same distribution with weights and biases that sum to zero over the states of every categorical site, and
  /// by how much all free energies have grown, F_new(v) − F(v), in nats; log Z has fallen by as much.
  ///
  /// Exactly one column of a site is 1. So a number taken from all of its weights to a hidden unit comes back through
  /// that unit's bias, and one taken from all its biases changes all energies alike:
  /// ```
  /// W_iaj −= w̄_ij     c_j += Σ_i w̄_ij     b_ia −= b̄_i          F_new = F + Σ_i b̄_i
  /// ```
  /// with w̄ and b̄ the means over the states a of site i; then the same for categorical hidden sites.
  public func inZeroSumGauge() -> (machine: ReferenceLayeredRBM, freeEnergyShift: Double) {
    let visible = withZeroSumVisibles()
    let hidden = visible.machine.mirrored.withZeroSumVisibles()
    return (hidden.machine.mirrored, visible.shift + hidden.shift)
  }

  private func withZeroSumVisibles() -> (machine: ReferenceLayeredRBM, shift: Double) {
    var result = self
    var shift = 0.0
    for columns in visible.categoricalSites {
      let weightMean = weightedMean(weights[columns].map { $0 }, columns.map { _ in 1 })
      let biasMean = sum(visible.bias[columns].map { $0 }) / Double(columns.count)
      for column in columns {
        result.weights[column] = zip(weights[column], weightMean).map { $0 - $1 }
        result.visible.bias[column] -= biasMean
      }
      result.hidden.bias = zip(result.hidden.bias, weightMean).map { $0 + $1 }
      shift += biasMean
    }
    return (result, shift)
  }
}

extension ReferenceLayer {
  /// The columns of all categorical sites.
  fileprivate var categoricalSites: [Range<Int>] {
    zip(blocks, ranges).flatMap { block, range in
      block.kind == .categorical
        ? block.sites.map { ($0.lowerBound + range.lowerBound)..<($0.upperBound + range.lowerBound) } : []
    }
  }
}
