internal import BoltzmannCompute

/// The mean of every unit in an expansion of log Z in the weights, around independent units (Thouless, Anderson &
/// Palmer 1977; for these machines Gabrié, Tramel & Krzakala 2015).
///
/// m = ⟨v⟩, q = ⟨h⟩ for units of 0 and 1, with c(x) = x − x² and d(x) = c(x)(½ − x), the variance and half the third
/// cumulant. At a point where Γ does not change with m and q, log Z ≈ −Γ:
/// ```
/// Γ = Σ[x log x + (1 − x) log(1 − x)] over m and q − bᵀm − cᵀq − Σ w m q − ½Σ w² c(m)c(q) − ⅔Σ w³ d(m)d(q)
/// ```
/// Order 1, naive mean-field, stops after w, order 2 after w². Between two layers there are no triangles, so that
/// nothing else is of third order. ∂Γ/∂q = 0 gives, with c′/2 = ½ − x and ⅔d′ = ⅓ − 2c(x),
/// ```
/// q_j = σ( c_j + Σ_i w_ij m_i + (½ − q_j) Σ_i w_ij² c(m_i) + (⅓ − 2c(q_j)) Σ_i w_ij³ d(m_i) )
/// ```
/// and the same with the layers exchanged. Beyond order 1 Γ is no bound of −log Z.
struct TAPEquations: Sendable {
  let visibleBias: [Float]
  let hiddenBias: [Float]
  /// The weights' powers, entry by entry, `[visible, hidden]`: as many as the order.
  let powers: [MatrixView]

  /// Rows of means, `[rows, units]`, and what an iteration needs beside them.
  struct Layer: Sendable {
    let means: MutableMatrixView
    let sums: MutableMatrixView
    let work: MutableMatrixView

    subscript(range: Range<Int>) -> Layer {
      Layer(means: means.rows(range), sums: sums.rows(range), work: work.rows(range))
    }
  }

  /// Moves both layers in turn, each half-way to what the equations say.
  func iterate(_ visibles: Layer, _ hiddens: Layer, iterations: Int) {
    for _ in 0..<iterations {
      move(hiddens, given: visibles, bias: hiddenBias, powers.map(\.asIs))
      move(visibles, given: hiddens, bias: visibleBias, powers.map(\.transposed))
    }
  }

  private func move(_ layer: Layer, given other: Layer, bias: [Float], _ powers: [Factor]) {
    layer.sums.multiply(other.means.view, powers[0])
    if powers.count > 1 {
      other.work.variances(of: other.means.view)
      layer.work.multiply(other.work.view, powers[1])
      layer.sums.addVarianceSlopes(of: layer.means.view, times: layer.work.view)
    }
    if powers.count > 2 {
      other.work.halfSkews(of: other.means.view)
      layer.work.multiply(other.work.view, powers[2])
      layer.sums.addSkewSlopes(of: layer.means.view, times: layer.work.view)
    }
    layer.sums.logistic(of: layer.sums.view, bias: bias)
    layer.means.add(layer.sums.view, scale: 0.5, beta: 0.5)
  }

  /// Leaves the cumulants that `correlations` needs in the layer: c in `work`, d in `sums`.
  func prepareCorrelations(_ layer: Layer) {
    if powers.count > 1 { layer.work.variances(of: layer.means.view) }
    if powers.count > 2 { layer.sums.halfSkews(of: layer.means.view) }
  }

  /// −∂Γ/∂w, the mean over the rows, for a range of visibles; `tile` and `product` are `[range, hidden]`.
  /// ```
  /// E[v_i h_j] ≈ m_i q_j + w_ij c(m_i)c(q_j) + 2w_ij² d(m_i)d(q_j)
  /// ```
  func correlations(
    _ visibles: Layer, _ hiddens: Layer, _ range: Range<Int>, into tile: MutableMatrixView,
    product: MutableMatrixView
  ) {
    func mean(_ a: MutableMatrixView, _ b: MutableMatrixView, into target: MutableMatrixView) {
      target.multiply(a.columns(range).view.transposed, b.view.asIs, alpha: 1 / Float(a.rows))
    }
    mean(visibles.means, hiddens.means, into: tile)
    if powers.count > 1 {
      mean(visibles.work, hiddens.work, into: product)
      tile.addEntries(product.view, powers[0].rows(range), scale: 1)
    }
    if powers.count > 2 {
      mean(visibles.sums, hiddens.sums, into: product)
      tile.addEntries(product.view, powers[1].rows(range), scale: 2)
    }
  }
}
