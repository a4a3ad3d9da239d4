internal import BoltzmannCompute

extension RBM {
  /// The machine on the way from the base-rate machine A (visible bias a_A, no weights) to this one, as a machine.
  /// ```
  /// E_β(v, h) = −[(1 − β)·a_A + β·b]ᵀv − β·cᵀh − β·vᵀWh      β = 0: A and idle hiddens      β = 1: this machine
  /// ```
  /// The quadratic part of real units stays, so that β = 0 has a Z (Salakhutdinov & Murray 2008, section 4.1). Its
  /// free energy is the F_β of annealing and tempering; `reference` is a_A, `[visible]`.
  public func tempered(inverseTemperature beta: Double, reference: [Float]) -> RBM {
    precondition(reference.count == visibleCount, "one reference bias a visible")
    var result = self
    result.visible.bias = zip(reference, visible.bias).map {
      Float((1 - beta) * Double($0) + beta * Double($1))
    }
    result.hidden = hidden.scaled(by: beta)
    result.weights.withMutableView { $0.apply { Float(beta * Double($1)) } }
    result.referenceVisibleBias = reference
    return result
  }
}
