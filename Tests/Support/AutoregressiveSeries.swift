public import BoltzmannReference

extension ReferenceRandom {
  /// Stationary chains of the AR(1) process, `[chain][draw]`, normal with variance 1.
  /// ```
  /// x_{t+1} = φx_t + √(1 − φ²)·ε_t          ρ_t = φᵗ          τ = 1 + 2 Σ ρ_t = (1 + φ)/(1 − φ)
  /// ```
  public func autoregressive(_ phi: Double, chains: Int, draws: Int) -> [[Double]] {
    let scale = (1 - phi * phi).squareRoot()
    return (0..<chains).map { chain in
      var x = normal(unit: 0, row: chain)
      return (1...draws).map { draw in
        defer { x = phi * x + scale * normal(unit: draw, row: chain) }
        return x
      }
    }
  }
}
