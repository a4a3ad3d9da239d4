internal import CBoltzmannKernels

// The kernels over blocks of units: `[rows, columns]` inputs, one bias a column.

extension MutableMatrixView {
  /// self ← σ(β·(inputs + bias)); inputs may be self.
  public func logistic(of inputs: MatrixView, bias: [Float], inverseTemperature beta: Float = 1) {
    checkShape(inputs, bias)
    Kernels.best.logistic(
      inputs.base, inputs.stride, bias, beta, base, stride, rows, columns)
  }

  /// self ← Bernoulli states with means σ(β·(inputs + bias)), which also go to `means` where given.
  ///
  /// Returns how many states are on. `means` may be the inputs.
  @discardableResult
  public func sampleBernoulli(
    inputs: MatrixView, bias: [Float], inverseTemperature beta: Float = 1, means: MutableMatrixView? = nil,
    random: RandomRows
  ) -> Int {
    checkShape(inputs, bias)
    precondition(means.map { $0.rows == rows && $0.columns == columns } ?? true, "shapes differ")
    return withRowNumbers(random) { numbers in
      Kernels.best.bernoulli_sample(
        inputs.base, inputs.stride, bias, beta, means?.base, means?.stride ?? 0, base, stride, rows,
        columns, random.kernel, numbers)
    }
  }

  /// self ← Bernoulli states with the given means; means may be self.
  public func drawBernoulli(means: MatrixView, random: RandomRows) {
    precondition(means.rows == rows && means.columns == columns, "shapes differ")
    withRowNumbers(random) { numbers in
      Kernels.best.bernoulli_draw(
        means.base, means.stride, base, stride, rows, columns, random.kernel, numbers)
    }
  }

  func checkShape(_ inputs: MatrixView, _ bias: [Float]) {
    precondition(
      inputs.rows == rows && inputs.columns == columns && bias.count == columns,
      "[\(inputs.rows), \(inputs.columns)] inputs and \(bias.count) biases for [\(rows), \(columns)]")
  }

  func withRowNumbers<R>(_ random: RandomRows, _ body: (UnsafePointer<UInt64>?) -> R) -> R {
    precondition(random.rows.count == rows, "every row needs a number of its own")
    return random.rows.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}

extension MatrixView {
  /// sums[r] += Σ_j softplus(β·(self[r, j] + bias[j])), in nats.
  public func addSoftplusSums(bias: [Float], inverseTemperature beta: Float = 1, to sums: inout [Double]) {
    precondition(bias.count == columns && sums.count == rows, "one bias a column, one sum a row")
    Kernels.best.softplus_row_sums(base, stride, bias, beta, &sums, rows, columns)
  }
}
