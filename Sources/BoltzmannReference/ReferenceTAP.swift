internal import Foundation

/// The means of a machine's units in an expansion of log Z in the weights, of first, second or third order.
///
/// Independent units of means m and q have the entropy that the first sum below is minus. Adding the couplings as a
/// perturbation and expanding at fixed means gives, with c(x) = x − x² and d(x) = c(x)(½ − x),
/// ```
/// Γ(m, q) = Σ_x∈m,q [x log x + (1 − x) log(1 − x)] − bᵀm − cᵀq
///           − Σ w_ij m_i q_j − ½ Σ w_ij² c(m_i)c(q_j) − ⅔ Σ w_ij³ d(m_i)d(q_j)          log Z ≈ −Γ
/// ```
/// where Γ does not change with m and q. The terms are the cumulants of the product of two independent units.
///
/// Source: Thouless, Anderson & Palmer 1977; Plefka 1982; Georges & Yedidia 1991; for restricted Boltzmann machines
/// Gabrié, Tramel & Krzakala, "Training restricted Boltzmann machines via the Thouless–Anderson–Palmer free energy",
/// 2015.
public struct ReferenceTAP: Equatable, Sendable {
  public var model: ReferenceRBM
  /// 1 is naive mean-field.
  public var order: Int

  public init(_ model: ReferenceRBM, order: Int) {
    precondition((1...3).contains(order), "the order is 1, 2 or 3")
    self.model = model
    self.order = order
  }

  /// The means of both layers, m `[visible]` and q `[hidden]`.
  public struct Means: Equatable, Sendable {
    public var visible: [Double]
    public var hidden: [Double]

    public init(visible: [Double], hidden: [Double]) {
      self.visible = visible
      self.hidden = hidden
    }
  }

  /// Γ(m, q), in nats.
  public func freeEnergy(_ means: Means) -> Double {
    let (m, q) = (means.visible, means.hidden)
    var result = sum((m + q).map { $0 * log($0) + (1 - $0) * log(1 - $0) })
    result -= dot(model.visibleBias, m) + dot(model.hiddenBias, q)
    for i in m.indices {
      for j in q.indices {
        let w = model.weights[i][j]
        result -= w * m[i] * q[j]
        if order >= 2 { result -= w * w * variance(m[i]) * variance(q[j]) / 2 }
        if order >= 3 { result -= 2 * w * w * w * halfSkew(m[i]) * halfSkew(q[j]) / 3 }
      }
    }
    return result
  }

  /// One damped move of the hidden means, then of the visible ones.
  /// ```
  /// q_j ← ½q_j + ½σ( c_j + Σ_i [w_ij m_i + (½ − q_j) w_ij² c(m_i) + (⅓ − 2c(q_j)) w_ij³ d(m_i)] )
  /// ```
  public func step(_ means: Means) -> Means {
    var result = means
    for j in means.hidden.indices {
      let column = model.weights.map { $0[j] }
      result.hidden[j] = damped(means.hidden[j], model.hiddenBias[j], column, means.visible)
    }
    for i in means.visible.indices {
      result.visible[i] = damped(means.visible[i], model.visibleBias[i], model.weights[i], result.hidden)
    }
    return result
  }

  private func damped(_ x: Double, _ bias: Double, _ weights: [Double], _ others: [Double]) -> Double {
    var input = bias, index = 0
    while index < weights.count {
      let (w, other) = (weights[index], others[index])
      input += w * other
      if order >= 2 { input += (1 / 2 - x) * w * w * variance(other) }
      if order >= 3 { input += (1 / 3 - 2 * variance(x)) * w * w * w * halfSkew(other) }
      index += 1
    }
    return (x + logistic(input)) / 2
  }

  /// Where the iteration settles, from means of one half.
  public func fixedPoint(iterations: Int = 1_000) -> Means {
    let start = Means(
      visible: model.visibleBias.map { _ in 0.5 }, hidden: model.hiddenBias.map { _ in 0.5 })
    return (0..<iterations).reduce(start) { means, _ in step(means) }
  }

  /// −∂Γ/∂θ: what E[v hᵀ], E[v] and E[h] are in this approximation.
  /// ```
  /// E[v_i h_j] ≈ m_i q_j + w_ij c(m_i)c(q_j) + 2w_ij² d(m_i)d(q_j)
  /// ```
  public func moments(_ means: Means) -> ReferenceGradient {
    let (m, q) = (means.visible, means.hidden)
    let products = m.indices.map { i in
      q.indices.map { j in
        let w = model.weights[i][j]
        var product = m[i] * q[j]
        if order >= 2 { product += w * variance(m[i]) * variance(q[j]) }
        if order >= 3 { product += 2 * w * w * halfSkew(m[i]) * halfSkew(q[j]) }
        return product
      }
    }
    return ReferenceGradient(weights: products, visibleBias: m, hiddenBias: q)
  }
}

private func variance(_ x: Double) -> Double { x - x * x }

private func halfSkew(_ x: Double) -> Double { variance(x) * (0.5 - x) }
