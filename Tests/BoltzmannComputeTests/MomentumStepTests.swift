import BoltzmannCompute
import Testing

// Every number is a small multiple of a power of two, of which Float makes exact products and sums.
@Suite struct MomentumStepTests {
  private static let (rows, columns) = (4, 21)
  private static let weights = table(1)
  private static let velocity = table(2)
  private static let gradient = table(3)
  private static let left = Matrix(rows: rows, columns: 2) { Float($0 + $1) }
  private static let right = Matrix(rows: 2, columns: columns) { Float(($0 + $1) % 3) }
  private static let update = WeightUpdate(momentum: 0.5, rate: 0.25, l1: 0.5, l2: 0.125)

  private static func table(_ seed: Int) -> Matrix {
    Matrix(rows: rows, columns: columns) { Float(($0 * 5 + $1 * 3 + seed) % 7) - 3 }
  }

  /// v ← momentum·v + rate·(g − left·right − l2·w − l1·sign w)
  private static let newVelocity = Matrix(rows: rows, columns: columns) { row, column in
    let w = weights[row, column]
    let corrections = left[row, 0] * right[0, column] + left[row, 1] * right[1, column]
    let sign: Float = w > 0 ? 1 : w < 0 ? -1 : 0
    return 0.5 * velocity[row, column]
      + 0.25 * (gradient[row, column] - corrections - 0.125 * w - 0.5 * sign)
  }

  /// One update of all rows.
  private func step(fold: BiasFold?) -> (weights: Matrix, velocity: Matrix, squares: Double) {
    var (weights, velocity) = (Self.weights, Self.velocity)
    let squares = weights.withMutableView { weights in
      velocity.withMutableView {
        weights.momentumStep(
          velocity: $0, gradient: Self.gradient.view, update: Self.update, left: Self.left.view,
          right: Self.right.view, fold: fold)
      }
    }
    return (weights, velocity, squares)
  }

  @Test func movesWeightsByTheVelocity() {
    let (weights, velocity, squares) = step(fold: nil)
    #expect(velocity == Self.newVelocity)
    #expect(
      weights
        == Matrix(rows: Self.rows, columns: Self.columns) { Self.weights[$0, $1] + Self.newVelocity[$0, $1] })
    #expect(squares == Self.newVelocity.values.reduce(0) { $0 + Double($1 * $1) })
  }

  /// The step of the visible biases is ΔW·λ, that of the hidden ones ΔWᵀ·μ.
  @Test func foldsTheStepIntoTheBiases() {
    let visibleOffsets = Matrix(rows: Self.rows, columns: 1) { row, _ in 0.25 * Float(row) }
    let hiddenOffsets = Matrix(rows: 1, columns: Self.columns) { 0.5 * Float(($0 + $1) % 3) }
    let visibleSums = MutableMatrixView(rows: Self.rows, columns: 1)
    let hiddenSums = MutableMatrixView(rows: 1, columns: Self.columns)
    visibleSums.fill(100)
    hiddenSums.fill(100)
    _ = step(
      fold: BiasFold(
        visibleOffsets: visibleOffsets.view, hiddenOffsets: hiddenOffsets.view, visibleSums: visibleSums,
        hiddenSums: hiddenSums))
    let visible = (0..<Self.rows).map { row in
      (0..<Self.columns).reduce(Float(0)) { $0 + Self.newVelocity[row, $1] * hiddenOffsets[0, $1] }
    }
    let hidden = (0..<Self.columns).map { column in
      (0..<Self.rows).reduce(Float(100)) { $0 + Self.newVelocity[$1, column] * visibleOffsets[$1, 0] }
    }
    #expect(visibleSums.view.values == visible)
    #expect(hiddenSums.view.values == hidden)
  }

  @Test func correctionsMayBeNone() {
    var (weights, velocity) = (Self.weights, Matrix(rows: Self.rows, columns: Self.columns))
    weights.withMutableView { weights in
      velocity.withMutableView {
        _ = weights.momentumStep(
          velocity: $0, gradient: Self.gradient.view,
          update: WeightUpdate(momentum: 0, rate: 1, l1: 0, l2: 0),
          left: Matrix(rows: Self.rows, columns: 0).view, right: Matrix(rows: 0, columns: Self.columns).view,
          fold: nil)
      }
    }
    #expect(velocity == Self.gradient)
  }
}
