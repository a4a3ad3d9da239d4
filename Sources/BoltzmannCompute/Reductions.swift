internal import CBoltzmannKernels
internal import Foundation

// Sums over rows and columns: Float lanes inside, Double across.

extension MatrixView {
  /// sums[r] += Σ_j self[r, j]·vector[j]
  public func addRowDots(with vector: [Float], to sums: inout [Double]) {
    precondition(vector.count == columns && sums.count == rows, "one factor a column, one sum a row")
    Kernels.best.row_dots(base, stride, vector, 0, &sums, rows, columns)
  }

  /// sums[r] += Σ_j self[r, j]·other[r, j]
  public func addRowDots(with other: MatrixView, to sums: inout [Double]) {
    precondition(other.rows == rows && other.columns == columns && sums.count == rows, "shapes differ")
    Kernels.best.row_dots(base, stride, other.base, other.stride, &sums, rows, columns)
  }

  /// Σ_rj (self[r, j] − other[r, j])²
  public func squaredDistance(to other: MatrixView) -> Double {
    precondition(other.rows == rows && other.columns == columns, "shapes differ")
    return Kernels.best.squared_distance(base, stride, other.base, other.stride, rows, columns)
  }

  /// sums[j] += scale·Σ_r weight[r]·self[r, j], all weights 1 where nil.
  public func addColumnSums(scale: Float, weights: [Float]? = nil, to sums: inout [Float]) {
    precondition(
      sums.count == columns && (weights?.count ?? rows) == rows, "one weight a row, one sum a column")
    if let weights {
      Kernels.best.add_column_sums(base, stride, weights, scale, &sums, rows, columns)
    } else {
      Kernels.best.add_column_sums(base, stride, nil, scale, &sums, rows, columns)
    }
  }

  /// sums[j] += self[0, j] for a single row.
  public func add(to sums: inout [Double]) {
    precondition(rows == 1 && sums.count == columns, "one sum a column")
    for column in 0..<columns { sums[column] += Double(base[column]) }
  }

  /// sums[0, j] ← Σ_r self[r, j]
  public func writeColumnSums(to sums: MutableMatrixView) {
    precondition(sums.rows == 1 && sums.columns == columns, "one sum a column")
    sums.fill(0)
    Kernels.best.add_column_sums(base, stride, nil, 1, sums.base, rows, columns)
  }

  /// Σ_rj self[r, j]²
  public var squaredNorm: Double {
    var sums = [Double](repeating: 0, count: rows)
    addRowDots(with: self, to: &sums)
    return sums.reduce(0, +)
  }

  /// Whether every entry is a finite number.
  public var isFinite: Bool {
    (0..<rows).allSatisfy { row in
      UnsafeBufferPointer(start: base + row * stride, count: columns).allSatisfy(\.isFinite)
    }
  }
}

extension MutableMatrixView {
  /// self[r, j] ← row[j] + factors[r]·table[r, j]: the inputs after a change of one unit, for many units.
  public func addScaledRows(of table: MatrixView, to row: MatrixView, factors: [Float]) {
    precondition(
      row.rows == 1 && row.columns == columns && table.rows == rows && table.columns == columns
        && factors.count == rows, "shapes differ")
    Kernels.best.add_scaled_rows(
      row.base, table.base, table.stride, factors, base, stride, rows, columns)
  }
}

/// log Σ_i e^{x_i}, in nats; −∞ for no terms.
public func logSumExp(_ x: [Double]) -> Double { Kernels.best.log_sum_exp(x, x.count) }

/// log (1/n) Σ_i e^{x_i}, in nats.
public func logMeanExp(_ x: [Double]) -> Double {
  precondition(!x.isEmpty, "the mean of no terms")
  return logSumExp(x) - log(Double(x.count))
}

/// log(1 + eˣ) without overflow or cancellation.
public func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

/// 1/(1 + e^{−x}) without overflow.
public func logistic(_ x: Double) -> Double {
  let tail = exp(-abs(x))
  return (x >= 0 ? 1 : tail) / (1 + tail)
}

extension MutableMatrixView {
  /// self ← b − a
  public func subtract(_ a: MatrixView, from b: MatrixView) {
    precondition(
      a.rows == rows && a.columns == columns && b.rows == rows && b.columns == columns, "shapes differ")
    Kernels.best.subtract(a.base, a.stride, b.base, b.stride, base, stride, rows, columns)
  }

  /// self[0, j] ← Σ_r a[r, j]·b[r, j]
  public func writeColumnProducts(of a: MatrixView, and b: MatrixView) {
    precondition(
      rows == 1 && a.columns == columns && b.columns == columns && a.rows == b.rows, "shapes differ")
    fill(0)
    for row in 0..<a.rows {
      let x = a.base + row * a.stride, y = b.base + row * b.stride
      for column in 0..<columns { base[column] += x[column] * y[column] }
    }
  }

  /// self[r, j] ← factors[r]·self[r, j]
  public func scaleRows(by factors: [Float]) {
    precondition(factors.count == rows, "one factor a row")
    for row in 0..<rows {
      let target = base + row * stride
      for column in 0..<columns { target[column] *= factors[row] }
    }
  }

  /// self[r, j] ← a·clip(a·self[r, j], ±limit) with a = rows[r]·columns[j]; NaN stays NaN.
  public func scaleAndClip(rows factors: [Float], columns others: [Float], limit: Float) {
    precondition(factors.count == rows && others.count == columns, "a factor for every row and column")
    for row in 0..<rows {
      let target = base + row * stride, factor = factors[row]
      for column in 0..<columns {
        let scale = factor * others[column], x = scale * target[column]
        target[column] = scale * (x > limit ? limit : x < -limit ? -limit : x)
      }
    }
  }

  /// self ← scale·other + β·self; β = 0 never reads self.
  public func add(_ other: MatrixView, scale: Float, beta: Float = 1) {
    precondition(other.rows == rows && other.columns == columns, "shapes differ")
    for row in 0..<rows {
      let target = base + row * stride, source = other.base + row * other.stride
      for column in 0..<columns {
        target[column] = scale * source[column] + (beta == 0 ? 0 : beta * target[column])
      }
    }
  }
}
