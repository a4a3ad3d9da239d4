internal import BoltzmannCompute

extension RBM {
  /// The machine whose parameters lie between those of two machines of the same units.
  /// ```
  /// θ = (1 − s)·θ_self + s·θ_other
  /// ```
  func interpolated(to other: RBM, share s: Double) -> RBM {
    var result = self
    result.visible = visible.interpolated(to: other.visible, share: s)
    result.hidden = hidden.interpolated(to: other.hidden, share: s)
    result.weights.withMutableView { $0.add(other.weights.view, scale: Float(s), beta: Float(1 - s)) }
    return result
  }
}

extension Units {
  /// Biases and precisions between those of two layers of the same units.
  fileprivate func interpolated(to other: any Units, share s: Double) -> Self {
    func between(_ a: [Float], _ b: [Float]) -> [Float] {
      zip(a, b).map { Float((1 - s) * Double($0) + s * Double($1)) }
    }
    var result = self
    result.bias = between(bias, other.bias)
    if !precision.isEmpty { result.precision = between(precision, other.precision) }
    return result
  }
}
