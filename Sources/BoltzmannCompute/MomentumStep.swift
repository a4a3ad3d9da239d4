internal import CBoltzmannKernels

/// How an update moves the weights: v ← momentum·v + rate·(g − l2·w − l1·sign w), w ← w + v.
public struct WeightUpdate: Sendable {
  public var momentum: Float
  public var rate: Float
  public var l1: Float
  public var l2: Float

  public init(momentum: Float, rate: Float, l1: Float, l2: Float) {
    self.momentum = momentum
    self.rate = rate
    self.l1 = l1
    self.l2 = l2
  }

  var kernel: boltzmann_update { boltzmann_update(momentum: momentum, rate: rate, l1: l1, l2: l2) }
}

extension MutableMatrixView {
  /// One momentum update of these rows of the weights, the gradient's rank-one corrections included.
  ///
  /// ```
  /// g[i, j] = gradient[i, j] − Σ_k left[i, k]·right[k, j]
  /// ```
  /// Returns Σ velocity², not finite where a new weight is not. With `fold` also what the biases of a centred
  /// machine give back. Without momentum no velocity need be kept.
  public func momentumStep(
    velocity: MutableMatrixView?, gradient: MatrixView, update: WeightUpdate, left: MatrixView,
    right: MatrixView, fold: BiasFold?
  ) -> Double {
    precondition(left.rows == rows && left.columns == right.rows && right.columns == columns, "shapes differ")
    precondition(gradient.rows == rows && gradient.columns == columns, "shapes differ")
    precondition(
      velocity.map { $0.rows == rows && $0.columns == columns } ?? (update.momentum == 0), "shapes differ")
    precondition(
      fold.map { $0.hiddenOffsets.columns == columns && $0.hiddenSums.columns == columns } ?? true,
      "shapes differ")
    let folded = [fold?.hiddenOffsets.isPadded, fold?.hiddenSums.isPadded, velocity?.isPadded]
    let isPadded = isPadded && gradient.isPadded && right.isPadded && folded.allSatisfy { $0 ?? true }
    // Padding is zero in all of them, and stays zero: whole vectors spare the kernel its last, short one.
    let width = isPadded ? (columns + 15) / 16 * 16 : columns
    var squares = 0.0
    for row in 0..<rows {
      var dot = 0.0
      Kernels.best.momentum_step(
        base + row * stride, velocity.map { $0.base + row * $0.stride },
        gradient.base + row * gradient.stride, width, update.kernel, left.base + row * left.stride,
        right.base, right.stride, right.rows, fold?.visibleOffsets[row, 0] ?? 0,
        fold?.hiddenSums.base, fold?.hiddenOffsets.base, &dot, &squares)
      fold?.visibleSums[row, 0] = Float(dot)
    }
    return squares
  }
}

/// What a move ΔW of some rows takes off the biases of a centred machine: ΔW·λ and ΔWᵀ·μ.
public struct BiasFold: Sendable {
  /// μ of the rows, `[rows, 1]`.
  let visibleOffsets: MatrixView
  /// λ, `[1, columns]`.
  let hiddenOffsets: MatrixView
  /// Becomes ΔW·λ, `[rows, 1]`.
  let visibleSums: MutableMatrixView
  /// ΔWᵀ·μ is added to it, `[1, columns]`.
  let hiddenSums: MutableMatrixView

  public init(
    visibleOffsets: MatrixView, hiddenOffsets: MatrixView, visibleSums: MutableMatrixView,
    hiddenSums: MutableMatrixView
  ) {
    self.visibleOffsets = visibleOffsets
    self.hiddenOffsets = hiddenOffsets
    self.visibleSums = visibleSums
    self.hiddenSums = hiddenSums
  }
}
