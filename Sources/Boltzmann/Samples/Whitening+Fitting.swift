public import BoltzmannCompute
internal import Foundation

extension Whitening {
  /// The whitening of these samples.
  ///
  /// No direction is dropped silently: without ε and a number of components to keep, a constant column or a
  /// direction in which the data do not vary is an error that says so. With ε > 0 such a column becomes 0, and
  /// its mean on the way back.
  ///
  /// `components`: of `pca`, how many directions of largest variance to keep; all where nil. `epsilon`: ε, added to
  /// every variance. The numbers do not depend on `parallel`.
  ///
  /// Throws `WhiteningError` for no samples, values that are not finite, missing variance or bad settings.
  public init(
    fitting samples: any Samples, kind: Kind, components: Int? = nil, epsilon: Double = 0,
    parallel: Parallel = .all
  ) throws {
    try checkSettings(kind, components, epsilon, samples)
    let mean = samples.columnMeans(parallel: parallel) { value, _ in value }
    if let column = mean.firstIndex(where: { !$0.isFinite }) {
      throw WhiteningError("column \(column + 1) holds a value that is not finite")
    }
    let variances = samples.columnMeans(parallel: parallel) { value, column in
      (value - mean[column]) * (value - mean[column])
    }
    if components == nil { try checkVariances(variances, mean, epsilon) }
    let map =
      if kind == .standardization {
        LinearMap(scales: variances.map { ($0 + epsilon).squareRoot() })
      } else {
        try LinearMap(
          whitening: samples.covariance(around: mean, parallel: parallel), order: mean.count, kind,
          components: components ?? mean.count, epsilon: epsilon,
          noise: zip(variances, mean).map(noise).max() ?? 0)
      }
    try self.init(kind: kind, mean: mean.map(Float.init), matrix: map.forward, inverse: map.backward)
  }
}

/// M `[d, k]` and M⁻¹ `[k, d]`.
private struct LinearMap {
  let forward: Matrix
  let backward: Matrix

  init(scales: [Double]) {
    let d = scales.count
    forward = Matrix(rows: d, columns: d) { $0 == $1 ? Float(1 / scales[$0]) : 0 }
    backward = Matrix(rows: d, columns: d) { $0 == $1 ? Float(scales[$0]) : 0 }
  }

  /// From the covariance, whose eigenvalues below d·`noise` are nothing but the rounding of the data.
  init(
    whitening covariance: [Double], order d: Int, _ kind: Whitening.Kind, components: Int, epsilon: Double,
    noise: Double
  ) throws {
    let eigen = try SymmetricEigen(covariance, order: d)
    let rank = eigen.values.count { $0 + epsilon > Double(d) * noise }
    guard rank >= components else {
      throw WhiteningError(
        "the data vary in \(rank) of \(d) directions only: keep at most \(rank) components or set epsilon")
    }
    let directions = Array(eigen.vectors.reversed().prefix(components))
    let scales = eigen.values.reversed().prefix(components).map { ($0 + epsilon).squareRoot() }
    if kind == .pca {
      forward = Matrix(rows: d, columns: components) { Float(directions[$1][$0] / scales[$1]) }
      backward = Matrix(rows: components, columns: d) { Float(directions[$0][$1] * scales[$0]) }
    } else {
      forward = symmetric(directions, scales.map { 1 / $0 })
      backward = symmetric(directions, scales)
    }
  }
}

/// Σ_k s_k u_k u_kᵀ
private func symmetric(_ vectors: [[Double]], _ factors: [Double]) -> Matrix {
  let d = vectors.count
  let scaled = zip(vectors, factors).flatMap { vector, factor in vector.map { $0 * factor.squareRoot() } }
  var sums = [Double](repeating: 0, count: d * d)
  addColumnProducts(scaled, width: d, columns: 0..<d, to: &sums)
  return Matrix(rows: d, columns: d) { Float(sums[min($0, $1) * d + max($0, $1)]) }
}

/// The variance that rounding alone can give to a column: values in Float are off by up to 2⁻²⁴ of themselves.
private func noise(variance: Double, mean: Double) -> Double { 0x1p-48 * (variance + mean * mean) }

private func checkSettings(
  _ kind: Whitening.Kind, _ components: Int?, _ epsilon: Double, _ samples: any Samples
) throws {
  guard samples.count > 0 else { throw WhiteningError("there are no samples to whiten") }
  guard epsilon >= 0 && epsilon.isFinite else {
    throw WhiteningError("epsilon is at least 0, not \(epsilon)")
  }
  guard let components else { return }
  guard kind == .pca else { throw WhiteningError("only pca keeps a number of components, not \(kind)") }
  guard (1...samples.width).contains(components) else {
    throw WhiteningError("there are 1 to \(samples.width) components to keep, not \(components)")
  }
}

private func checkVariances(_ variances: [Double], _ mean: [Double], _ epsilon: Double) throws {
  for (column, variance) in variances.enumerated() {
    if variance + epsilon <= noise(variance: variance, mean: mean[column]) {
      throw WhiteningError("column \(column + 1) is constant: leave it out or set epsilon")
    }
  }
}
