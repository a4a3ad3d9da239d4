internal import CBoltzmannKernels

// Categorical units: columns sites[s] ..< sites[s + 1] are the states of site s, of which exactly one is 1.
// P(state k) = e^{t_k}/Σ_l e^{t_l} over the states l of its site, t = β·(inputs + bias).

extension MutableMatrixView {
  /// self ← e^{t_k}/Σ_l e^{t_l}, the probabilities of the states of every site; inputs may be self.
  ///
  /// `sites` holds the first column of every site and, at the end, the number of columns.
  public func categoricalMeans(
    of inputs: MatrixView, bias: [Float], sites: [UInt32], inverseTemperature beta: Float = 1
  ) {
    checkShape(inputs, bias)
    checkSites(sites, columns)
    Kernels.best.categorical_means(
      inputs.base, inputs.stride, bias, sites, sites.count - 1, beta, base, stride, rows)
  }

  /// self ← one state a site, 1 where it is and 0 elsewhere; the probabilities go to `means` where given.
  ///
  /// By inverse CDF over the states in order, with the word of unit `random.firstUnit + s` for site s of the
  /// view. `means` may be the inputs.
  public func sampleCategorical(
    inputs: MatrixView, bias: [Float], sites: [UInt32], inverseTemperature beta: Float = 1,
    means: MutableMatrixView? = nil, random: RandomRows
  ) {
    checkShape(inputs, bias)
    checkShape(means: means)
    checkSites(sites, columns)
    withRowNumbers(random) { numbers in
      Kernels.best.categorical_sample(
        inputs.base, inputs.stride, bias, sites, sites.count - 1, beta, means?.base, means?.stride ?? 0,
        base, stride, rows, random.kernel, numbers)
    }
  }
}

extension MatrixView {
  /// sums[r] += Σ_s log Σ_k e^{t_k} over the states k of every site s, in nats.
  public func addCategoricalLogNormalizers(
    bias: [Float], sites: [UInt32], inverseTemperature beta: Float = 1, to sums: inout [Double]
  ) {
    precondition(bias.count == columns && sums.count == rows, "one bias a column, one sum a row")
    checkSites(sites, columns)
    Kernels.best.categorical_log_normalizers(
      base, stride, bias, sites, sites.count - 1, beta, &sums, rows)
  }
}

private func checkSites(_ sites: [UInt32], _ columns: Int) {
  precondition(
    sites.first == 0 && Int(sites.last!) == columns && zip(sites, sites.dropFirst()).allSatisfy(<),
    "sites of one state or more have to cover the \(columns) columns")
}
