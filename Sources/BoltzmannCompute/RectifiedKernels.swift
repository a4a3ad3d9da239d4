internal import CBoltzmannKernels

// Rectified units: x ≥ 0 with energy ½γx² − tx, t = β·(inputs + bias), a normal variable cut off below 0.

extension MutableMatrixView {
  /// self ← the means of rectified units; inputs may be self.
  public func rectifiedMeans(
    of inputs: MatrixView, bias: [Float], precision: [Float], inverseTemperature beta: Float = 1
  ) {
    checkShape(inputs, bias, precision)
    Kernels.best.rectified_means(
      inputs.base, inputs.stride, bias, precision, beta, base, stride, rows, columns)
  }

  /// self ← the variances of rectified units; inputs may be self.
  public func rectifiedVariances(
    of inputs: MatrixView, bias: [Float], precision: [Float], inverseTemperature beta: Float = 1
  ) {
    checkShape(inputs, bias, precision)
    Kernels.best.rectified_variances(
      inputs.base, inputs.stride, bias, precision, beta, base, stride, rows, columns)
  }

  /// self ← draws of rectified units by inverse CDF, whose means also go to `means` where given.
  ///
  /// `means` may be the inputs.
  public func sampleRectified(
    inputs: MatrixView, bias: [Float], precision: [Float], inverseTemperature beta: Float = 1,
    means: MutableMatrixView? = nil, random: RandomRows
  ) {
    checkShape(inputs, bias, precision)
    checkShape(means: means)
    withRowNumbers(random) { numbers in
      Kernels.best.rectified_sample(
        inputs.base, inputs.stride, bias, precision, beta, means?.base, means?.stride ?? 0, base, stride,
        rows, columns, random.kernel, numbers)
    }
  }
}

extension MatrixView {
  /// sums[r] += Σ_j log ∫₀^∞ e^{t·x − ½γ_j·x²} dx, in nats.
  public func addRectifiedLogNormalizers(
    bias: [Float], precision: [Float], inverseTemperature beta: Float = 1, to sums: inout [Double]
  ) {
    checkShape(bias, precision, sums)
    Kernels.best.rectified_log_normalizers(base, stride, bias, precision, beta, &sums, rows, columns)
  }
}
