internal import BoltzmannCompute

/// The penalty that keeps a Wasserstein critic's slope near 1 (Gulrajani, Ahmed, Arjovsky, Dumoulin & Courville 2017).
/// ```
/// P = (λ/m) Σ (‖∇D(x̂)‖ − 1)²       x̂ = εx + (1 − ε)G(z),  ε uniform in [0, 1)
/// ```
/// At a Wasserstein distance W the slope settles at 1 + W/2λ, where −sW + λ(s − 1)² is least.
///
/// Its gradient takes the derivative of a derivative. Where activations are piecewise linear their slopes S_l do not
/// change with the parameters, and ∇D is a product of matrices:
/// ```
/// δ_L = 1,   δ_l = (δ_{l+1}·W_{l+1}ᵀ) ∘ S_l,   ∇D = δ_1·W_1ᵀ                    backward, as for any cost
/// q_1 = ∂P/∂∇D = (2λ/m)(1 − 1/‖∇D‖)·∇D,   q_{l+1} = (q_l·W_l) ∘ S_l             forward
/// ∂P/∂W_l = q_lᵀ·δ_l        ∂P/∂b_l = 0
/// ```
/// So a row of the penalty is to the update a row like any other, with q_l where the layer's inputs stand; only the
/// biases must not count it.
struct GradientPenalty {
  let weight: Double

  /// Σ (‖∇D‖ − 1)²·λ of these rows; `inputs`, x̂ at first, become q_1, outputs q_{l+1}, and deltas δ_l.
  ///
  /// `count` is m: gradients are those of the mean over so many rows.
  func run(_ critic: DenseNetwork, rows: NetworkRows, inputs: MutableMatrixView, count: Int) -> Double {
    rows.forward(critic, inputs.view)
    rows.last.deltas.fill(1)
    // x̂ is needed no more.
    rows.backward(critic, to: inputs)
    let cost = (0..<inputs.rows).reduce(0.0) { $0 + pull(inputs.rows($1..<$1 + 1), count) }
    var q = inputs.view
    for (layer, outputs) in zip(critic.layers, rows.outputs) {
      let next = MutableMatrixView(rows: outputs.rows, columns: outputs.columns)
      next.multiply(q, layer.weights)
      next.multiplyBySlopes(of: layer.activation, outputs: outputs.view)
      outputs.copy(next.view)
      q = outputs.view
    }
    return cost
  }

  /// A row's ∇D becomes its q_1; at ∇D = 0 there is no direction, and none is taken.
  private func pull(_ slope: MutableMatrixView, _ count: Int) -> Double {
    let norm = slope.view.squaredNorm.squareRoot()
    let scale = norm > 0 ? 2 * weight / Double(count) * (1 - 1 / norm) : 0
    slope.affine(scale: Float(scale), shift: 0)
    return weight * (norm - 1) * (norm - 1)
  }
}
