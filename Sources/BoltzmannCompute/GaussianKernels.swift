internal import CBoltzmannKernels

// Real-valued units with energy ½γx² − tx, t = β·(inputs + bias): one bias and one precision γ > 0 a column.

extension MutableMatrixView {
  /// self ← t/γ, the means of Gaussian units; inputs may be self.
  public func gaussianMeans(
    of inputs: MatrixView, bias: [Float], precision: [Float], inverseTemperature beta: Float = 1
  ) {
    checkShape(inputs, bias, precision)
    Kernels.best.gaussian_means(
      inputs.base, inputs.stride, bias, precision, beta, base, stride, rows, columns)
  }

  /// self ← draws of Gaussian units, t/γ + z/√γ, whose means also go to `means` where given.
  ///
  /// z is standard normal, by Box & Muller (1958) from the words of a pair of units. `means` may be the inputs.
  public func sampleGaussian(
    inputs: MatrixView, bias: [Float], precision: [Float], inverseTemperature beta: Float = 1,
    means: MutableMatrixView? = nil, random: RandomRows
  ) {
    checkShape(inputs, bias, precision)
    checkShape(means: means)
    withRowNumbers(random) { numbers in
      Kernels.best.gaussian_sample(
        inputs.base, inputs.stride, bias, precision, beta, means?.base, means?.stride ?? 0, base, stride,
        rows, columns, random.kernel, numbers)
    }
  }

  /// self ← scale·self + shift
  public func affine(scale: Float, shift: Float) {
    for row in 0..<rows {
      let target = base + row * stride
      for column in 0..<columns { target[column] = scale * target[column] + shift }
    }
  }

  func checkShape(_ inputs: MatrixView, _ bias: [Float], _ precision: [Float]) {
    checkShape(inputs, bias)
    precondition(precision.count == columns, "\(precision.count) precisions for \(columns) columns")
  }

  func checkShape(means: MutableMatrixView?) {
    precondition(means.map { $0.rows == rows && $0.columns == columns } ?? true, "shapes differ")
  }
}

extension MatrixView {
  /// sums[r] += Σ_j t²/(2γ_j) + ½·log(2π/γ_j), in nats.
  public func addGaussianLogNormalizers(
    bias: [Float], precision: [Float], inverseTemperature beta: Float = 1, to sums: inout [Double]
  ) {
    checkShape(bias, precision, sums)
    Kernels.best.gaussian_log_normalizers(base, stride, bias, precision, beta, &sums, rows, columns)
  }

  /// energies[r] += Σ_j ½·γ_j·self[r, j]² − bias[j]·self[r, j], in nats.
  public func addQuadraticEnergies(bias: [Float], precision: [Float], to energies: inout [Double]) {
    checkShape(bias, precision, energies)
    Kernels.best.quadratic_energies(base, stride, bias, precision, &energies, rows, columns)
  }

  /// sums[0, j] ← Σ_r self[r, j]²
  public func writeColumnSquares(to sums: MutableMatrixView) {
    precondition(sums.rows == 1 && sums.columns == columns, "one sum a column")
    sums.fill(0)
    Kernels.best.add_column_squares(base, stride, sums.base, rows, columns)
  }

  func checkShape(_ bias: [Float], _ precision: [Float], _ sums: [Double]) {
    precondition(
      bias.count == columns && precision.count == columns && sums.count == rows,
      "one bias and one precision a column, one sum a row")
  }
}
