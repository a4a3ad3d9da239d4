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
}

/// What a block of rows of an update leaves behind.
public struct UpdateSums: Sendable {
  /// Σ velocity², over the block: not finite where any new weight is not.
  public var squaredStep: Double = 0
  /// Σ_j velocity[i, j]·across[j] for every row i of the block.
  public var dots: [Double]
}

extension MutableMatrixView {
  /// One momentum update of these rows of the weights, the gradient's rank-one corrections included.
  ///
  /// ```
  /// g[i, j] = gradient[i, j] − Σ_k left[i, k]·right[k, j]
  /// ```
  /// With `across` (λ, where the update is centred) also `projected[0, j] += Σ_i project[i]·velocity[i, j]`,
  /// and the dots of each velocity row with `across` are returned.
  public func momentumStep(
    velocity: MutableMatrixView, gradient: MatrixView, update: WeightUpdate, left: MatrixView,
    right: MatrixView, project: ArraySlice<Float>, projected: MutableMatrixView, across: [Float]?
  ) -> UpdateSums {
    precondition(left.rows == rows && left.columns == right.rows && right.columns == columns, "shapes differ")
    precondition(project.count == rows && projected.columns == columns && (across?.count ?? columns) == columns)
    var sums = UpdateSums(dots: [Double](repeating: 0, count: rows))
    let settings = boltzmann_update(
      momentum: update.momentum, rate: update.rate, l1: update.l1, l2: update.l2)
    let isCentred = across != nil
    (across ?? []).withUnsafeBufferPointer { across in
      for row in 0..<rows {
        Kernels.best.momentum_step(
          base + row * stride, velocity.base + row * velocity.stride,
          gradient.base + row * gradient.stride, columns, settings, left.base + row * left.stride,
          right.base, right.stride, right.rows, project[project.startIndex + row],
          isCentred ? projected.base : nil, isCentred ? across.baseAddress : nil, &sums.dots[row],
          &sums.squaredStep)
      }
    }
    return sums
  }
}
