extension ReferenceRBM {
  /// What the machine makes of a visible state after a look through the hidden units.
  /// ```
  /// v̂ = P(v = 1 | ĥ),   ĥ = P(h = 1 | v)
  /// ```
  /// Means are used on the way up and down, so no random numbers are needed.
  public func reconstruction(of visible: [Double]) -> [Double] {
    visibleMeans(given: hiddenMeans(given: visible))
  }

  /// The mean squared error of the reconstructions, per sample and visible unit.
  /// ```
  /// 1/(B·m) Σ_s Σ_i (v_i − v̂_i)²
  /// ```
  /// It is easy to watch and says little: a machine can reconstruct everything and believe in nothing.
  public func reconstructionError(of samples: [[Double]]) -> Double {
    let errors = samples.map { squaredDistance($0, reconstruction(of: $0)) }
    return sum(errors) / Double(samples.count * visibleCount)
  }
}

private func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
  sum(zip(a, b).map { ($0 - $1) * ($0 - $1) })
}
