import Foundation

/// The energy of a machine whose visibles are ratings: movie i is one of K stars, written as a row of K zeros and ones
/// that hold a single one.
/// ```
/// E(V, h) = −Σ_i Σ_k b_i^k v_i^k − Σ_j c_j h_j − Σ_i Σ_j Σ_k v_i^k W_ij^k h_j
/// ```
/// Source: Salakhutdinov, Mnih & Hinton, "Restricted Boltzmann machines for collaborative filtering", ICML 2007.
struct RatingEnergy {
  /// b_i^k, `[movie][star]`.
  let visibleBias: [[Double]]
  /// c_j, `[hidden]`.
  let hiddenBias: [Double]
  /// W_ij^k, `[movie][hidden][star]`.
  let weights: [[[Double]]]

  /// E of ratings k(i), `[movie]`, and hidden units `[hidden]`: each v_i^k once in every term.
  func energy(ratings: [Int], hidden: [Double]) -> Double {
    var energy = 0.0
    for (i, k) in ratings.enumerated() {
      energy -= visibleBias[i][k]
      for (j, h) in hidden.enumerated() { energy -= weights[i][j][k] * h }
    }
    return energy - zip(hiddenBias, hidden).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The coupling as misprinted, v_i^k W_ij^k h_j v_i read with the number of stars for the second v_i.
  func misprintedEnergy(ratings: [Int], hidden: [Double]) -> Double {
    var energy = self.energy(ratings: ratings, hidden: hidden)
    for (i, k) in ratings.enumerated() {
      for (j, h) in hidden.enumerated() { energy -= Double(k) * weights[i][j][k] * h }
    }
    return energy
  }

  /// P(h_j = 1 | V) = σ(c_j + Σ_i Σ_k v_i^k W_ij^k), as published.
  func hiddenMeans(given ratings: [Int]) -> [Double] {
    hiddenBias.indices.map { j in
      let input = ratings.enumerated().reduce(hiddenBias[j]) { $0 + weights[$1.offset][j][$1.element] }
      return 1 / (1 + exp(-input))
    }
  }

  /// P(v_i^k = 1 | h) = e^{b_i^k + Σ_j h_j W_ij^k} / Σ_l e^{b_i^l + Σ_j h_j W_ij^l}, as published, `[movie][star]`.
  func ratingProbabilities(given hidden: [Double]) -> [[Double]] {
    visibleBias.indices.map { i in
      let weights = visibleBias[i].indices.map { k in
        exp(hidden.indices.reduce(visibleBias[i][k]) { $0 + hidden[$1] * self.weights[i][$1][k] })
      }
      return weights.map { $0 / weights.reduce(0, +) }
    }
  }
}
