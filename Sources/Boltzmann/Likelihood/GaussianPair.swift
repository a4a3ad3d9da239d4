internal import BoltzmannCompute
internal import Foundation

/// A machine of Gaussian units on both sides: one joint normal law, in closed form.
/// ```
/// E = ½xᵀΛx − tᵀx      x = (v, h)      t = (b, c)      Λ = [[Γ_v, −W], [−Wᵀ, Γ_h]]
/// log Z = ½N log 2π − ½ log det Λ + ½tᵀΛ⁻¹t      mean Λ⁻¹t      covariance Λ⁻¹
/// ```
/// There is a law only where Λ is positive definite.
struct GaussianPair {
  private let visible: Int
  private let linear: [Double]
  private let factor: Cholesky

  /// Nil where a unit is not Gaussian; throws `NoPartitionError` where Λ is not positive definite.
  init?(_ model: RBM) throws {
    guard model.visible is GaussianUnits, model.hidden is GaussianUnits else { return nil }
    visible = model.visibleCount
    linear = (model.visible.bias + model.hidden.bias).map(Double.init)
    let all = [0..<model.visibleCount], others = [0..<model.hiddenCount]
    guard let factor = try? Cholesky(model.precisions(visibles: all, hiddens: others)) else {
      throw NoPartitionError(existence: .impossible)
    }
    self.factor = factor
  }

  /// log Z, in nats.
  var logPartition: Double {
    let quadratic = zip(linear, factor.solve(linear)).reduce(0) { $0 + $1.0 * $1.1 }
    return (Double(linear.count) * log(2 * .pi) - factor.logDeterminant + quadratic) / 2
  }

  /// The visibles of independent samples x = Λ⁻¹t + L⁻ᵀξ, Λ = L·Lᵀ, `[count, visible]`.
  func samples(count: Int, seed: UInt64) -> Matrix {
    let mean = factor.solve(linear)
    let random = RandomStream(seed: seed, purpose: .exactState)
    var result = Matrix(rows: count, columns: visible)
    result.withMutableView { view in
      for row in 0..<count {
        let noise = factor.solveTransposed(random.normals(row: UInt64(row), count: linear.count))
        view.setRow(row, (0..<visible).map { Float(mean[$0] + noise[$0]) })
      }
    }
    return result
  }

  var moments: Moments {
    let mean = factor.solve(linear), covariance = factor.inverse, order = linear.count
    func second(_ a: Int, _ b: Int) -> Float { Float(covariance[a * order + b] + mean[a] * mean[b]) }
    return .exact(
      weights: Matrix(rows: visible, columns: order - visible) { second($0, visible + $1) },
      visibles: mean[..<visible].map(Float.init), hiddens: mean[visible...].map(Float.init),
      visibleSquares: (0..<visible).map { second($0, $0) })
  }
}

/// Whether a machine has a log Z.
public enum PartitionExistence: Sendable {
  /// It has: one side is discrete, or Λ of the real units is positive definite.
  case shown
  /// Λ is not positive definite, and rectified units may or may not make up for it.
  case notShown
  /// Λ of Gaussian units is not positive definite: e^{−E} has no integral.
  case impossible
}

/// A machine of which no log Z is known to exist.
public struct NoPartitionError: Error, CustomStringConvertible {
  public let existence: PartitionExistence

  public init(existence: PartitionExistence) { self.existence = existence }

  public var description: String {
    let matrix = "[[Γ_v, −W], [−Wᵀ, Γ_h]] of the real units is not positive definite"
    return existence == .impossible
      ? "the machine has no log Z: \(matrix)" : "no log Z is known to exist: \(matrix)"
  }
}

extension RBM {
  /// Whether there is a log Z at all; in question only where both sides have real units.
  public var partitionExistence: PartitionExistence {
    let (visibles, hiddens) = (visible.realColumns, hidden.realColumns)
    guard !visibles.isEmpty && !hiddens.isEmpty else { return .shown }
    if (try? Cholesky(precisions(visibles: visibles, hiddens: hiddens))) != nil { return .shown }
    let kinds = Set((visible.blocks + hidden.blocks).map(\.kind))
    return kinds.contains(RectifiedUnits.kind) ? .notShown : .impossible
  }

  /// Λ = [[Γ_v, −W], [−Wᵀ, Γ_h]] of some columns of both sides.
  func precisions(visibles: [Range<Int>], hiddens: [Range<Int>]) -> [[Double]] {
    let (rows, columns) = (Array(visibles.joined()), Array(hiddens.joined()))
    let count = rows.count
    var result = [[Double]](
      repeating: [Double](repeating: 0, count: count + columns.count), count: count + columns.count)
    for (i, row) in rows.enumerated() {
      result[i][i] = Double(visible.precision[row])
      for (j, column) in columns.enumerated() {
        result[i][count + j] = -Double(weights[row, column])
        result[count + j][i] = result[i][count + j]
      }
    }
    for (j, column) in columns.enumerated() {
      result[count + j][count + j] = Double(hidden.precision[column])
    }
    return result
  }
}
