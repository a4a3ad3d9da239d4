internal import CBoltzmannKernels

extension MutableMatrixView {
  /// Draws one unit of every chain given all others, in place: row `site` of the states `[units, chains]`.
  /// ```
  /// P(x = high) = σ((high − low)·(field + Σ_j J_site,j·x_j))
  /// ```
  /// `couplings` is `[units, units]` with zero diagonal, `fields` `[units, chains]`. Of the random numbers' address
  /// chains are the units and units the rows: the four words of a counter go to four chains, whose draws are
  /// made together. The first column is chain `firstChain`, a multiple of 4; the first row is unit `firstUnit`.
  ///
  /// Returns how many chains changed.
  @discardableResult
  public func drawSite(
    _ site: Int, couplings: MatrixView, fields: MatrixView, values: (low: Float, high: Float),
    random: RandomStream, firstChain: Int = 0, firstUnit: Int = 0
  ) -> Int {
    precondition(
      (0..<rows).contains(site) && couplings.rows == rows && couplings.columns == rows
        && fields.rows == rows && fields.columns == columns && firstChain % 4 == 0, "shapes differ")
    return Kernels.best.site_draw(
      couplings.base + site * couplings.stride, fields.base + site * fields.stride, base, stride, rows,
      values.low, values.high, base + site * stride, columns, random.kernel(firstUnit: firstChain),
      UInt64(firstUnit + site))
  }

  /// Sets every row to the same values.
  public func fillRows(_ values: [Float]) {
    precondition(values.count == columns, "a row holds \(columns) values")
    values.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      for row in 0..<rows { (base + row * stride).update(from: source, count: columns) }
    }
  }

  /// self ← scale·self + offset
  public func scale(by scale: Float, adding offset: Float) {
    for row in 0..<rows {
      let entries = base + row * stride
      for column in 0..<columns { entries[column] = scale * entries[column] + offset }
    }
  }

  /// self ← ½(self + selfᵀ) with a zero diagonal: symmetric bit for bit.
  public func symmetrize() {
    precondition(rows == columns, "only a square matrix is symmetric")
    for row in 0..<rows {
      base[row * stride + row] = 0
      for column in 0..<row {
        let mean = 0.5 * (base[row * stride + column] + base[column * stride + row])
        base[row * stride + column] = mean
        base[column * stride + row] = mean
      }
    }
  }
}
