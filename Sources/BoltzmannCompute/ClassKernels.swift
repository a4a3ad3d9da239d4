internal import CBoltzmannKernels

// The kernels over blocks of hidden units that have biases of their own for every class.

extension MatrixView {
  /// Σ_j softplus(self[r, j] + bias[k, j]) in nats, `[class][row]`.
  ///
  /// Shapes: self `[rows, columns]`, bias `[classes, columns]`.
  public func softplusSums(biases: MatrixView) -> [[Double]] {
    precondition(biases.columns == columns, "\(biases.columns) biases for \(columns) columns")
    return (0..<biases.rows).map { k in
      var sums = [Double](repeating: 0, count: rows)
      Kernels.best.softplus_row_sums(
        base, stride, biases.base + k * biases.stride, 1, &sums, rows, columns)
      return sums
    }
  }
}

extension MutableMatrixView {
  /// Hidden means given each class, weighted and summed over the classes and over the rows.
  /// ```
  /// self[r, j] ← Σ_k a[r, k]·σ(inputs[r, j] + bias[k, j])
  /// sums[k, j] ← Σ_r a[r, k]·σ(inputs[r, j] + bias[k, j])
  /// ```
  /// Shapes: self and inputs `[rows, columns]`, a `[rows, classes]`, bias and sums `[classes, columns]`. Nothing
  /// overlaps. A class whose factor is 0 costs nothing.
  public func mixLogistic(
    of inputs: MatrixView, biases: MatrixView, factors: MatrixView, sums: MutableMatrixView
  ) {
    precondition(
      inputs.rows == rows && factors.rows == rows && inputs.columns == columns && biases.columns == columns
        && sums.columns == columns && factors.columns == biases.rows && sums.rows == biases.rows,
      "shapes differ")
    sums.fill(0)
    Kernels.best.mixed_logistic(
      inputs.base, inputs.stride, biases.base, biases.stride, factors.base, factors.stride, base, stride,
      sums.base, sums.stride, rows, biases.rows, columns)
  }
}
