internal import Foundation

/// The machine with Gaussian units on both sides: one Gaussian of all its units, x = (v, h).
/// ```
/// E(x) = ½xᵀAx − θᵀx     A = [[Γ_v, −W], [−Wᵀ, Γ_h]]     θ = (b, c)
/// log Z = ½(m + n) log 2π − ½ log det A + ½θᵀA⁻¹θ     E[x] = A⁻¹θ     Cov[x] = A⁻¹
/// ```
/// An A that is not positive definite leaves no Z.
public struct GaussianPair: Equatable, Sendable {
  /// log Z in nats.
  public let logPartition: Double
  /// The averages over the model.
  public let moments: ReferenceMoments

  /// Nil where a unit is not Gaussian, or A not positive definite.
  public init?(_ machine: ReferenceLayeredRBM) {
    let blocks = machine.visible.blocks + machine.hidden.blocks
    guard blocks.allSatisfy({ $0.kind == .gaussian }), let factor = choleskyFactor(machine.realPrecision)
    else { return nil }
    let theta = machine.visible.bias + machine.hidden.bias
    let mean = solve(factor, theta)
    let logDeterminant = 2 * sum(factor.indices.map { log(factor[$0][$0]) })
    logPartition = (Double(theta.count) * log(2 * Double.pi) - logDeterminant + dot(theta, mean)) / 2
    moments = gaussianMoments(mean, inverse(factor), visibleCount: machine.visible.width)
  }
}

/// E[x xᵀ] = Cov[x] + E[x]E[x]ᵀ
private func gaussianMoments(
  _ mean: [Double], _ covariance: [[Double]], visibleCount m: Int
) -> ReferenceMoments {
  func second(_ i: Int, _ j: Int) -> Double { covariance[i][j] + mean[i] * mean[j] }
  let (v, h) = (mean.indices.prefix(m), mean.indices.dropFirst(m))
  return ReferenceMoments(
    visible: Array(mean[v]), hidden: Array(mean[h]), product: v.map { i in h.map { second(i, $0) } },
    visibleSquare: v.map { second($0, $0) }, hiddenSquare: h.map { second($0, $0) })
}

// MARK: Linear algebra

/// The lower triangular L with A = L·Lᵀ, row by row; nil where A is not positive definite.
/// ```
/// L_jj = √(A_jj − Σ_{k<j} L_jk²)          L_ij = (A_ij − Σ_{k<j} L_ik L_jk) / L_jj
/// ```
func choleskyFactor(_ a: [[Double]]) -> [[Double]]? {
  var factor = a.map { $0.map { _ in 0.0 } }
  for i in a.indices {
    for j in 0...i {
      let rest = a[i][j] - dot(Array(factor[i].prefix(j)), Array(factor[j].prefix(j)))
      if i == j && !(rest > 0 && rest.isFinite) { return nil }
      factor[i][j] = i == j ? rest.squareRoot() : rest / factor[j][j]
    }
  }
  return factor
}

/// The x of L·Lᵀ·x = b: first L·y = b from the top, then Lᵀ·x = y from the bottom.
func solve(_ factor: [[Double]], _ b: [Double]) -> [Double] {
  var x = b
  for i in b.indices {
    for k in 0..<i { x[i] -= factor[i][k] * x[k] }
    x[i] /= factor[i][i]
  }
  for i in b.indices.reversed() {
    for k in b.indices.dropFirst(i + 1) { x[i] -= factor[k][i] * x[k] }
    x[i] /= factor[i][i]
  }
  return x
}

/// (L·Lᵀ)⁻¹, column by column.
func inverse(_ factor: [[Double]]) -> [[Double]] {
  factor.indices.map { column in solve(factor, factor.indices.map { $0 == column ? 1 : 0 }) }
}
