internal import CBoltzmannOpenBLAS

/// Adds the products of some columns of a row-major table with all of its columns, in Double through dgemm.
/// ```
/// sums[i, j] += Σ_r x[r, columns.lowerBound + i]·x[r, j]
/// ```
/// Shapes: x `[rows, width]`, sums `[columns.count, width]`.
public func addColumnProducts(
  _ x: [Double], width: Int, columns: Range<Int>, to sums: inout [Double]
) {
  precondition(
    columns.lowerBound >= 0 && columns.upperBound <= width && x.count % max(width, 1) == 0
      && sums.count == columns.count * width, "shapes differ")
  guard !columns.isEmpty && !x.isEmpty else { return }
  BLAS.ensureSingleThread()
  x.withUnsafeBufferPointer { table in
    let base = table.baseAddress!
    cblas_dgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, blasint(columns.count), blasint(width),
      blasint(x.count / width), 1, base + columns.lowerBound, blasint(width), base, blasint(width), 1,
      &sums, blasint(width))
  }
}
