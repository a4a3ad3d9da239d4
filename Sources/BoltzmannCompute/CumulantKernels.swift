// Element by element, for variables of 0 and 1 with mean x: their cumulants, and sums of products with these.

extension MutableMatrixView {
  /// self ← x − x², the variance.
  public func variances(of x: MatrixView) { combine(x, x) { _, x, _ in x - x * x } }

  /// self ← (x − x²)(½ − x), half the third cumulant.
  public func halfSkews(of x: MatrixView) { combine(x, x) { _, x, _ in (x - x * x) * (0.5 - x) } }

  /// self += (½ − x)·y, half the slope of the variance times y.
  public func addVarianceSlopes(of x: MatrixView, times y: MatrixView) {
    combine(x, y) { sum, x, y in sum + (0.5 - x) * y }
  }

  /// self += (⅓ − 2(x − x²))·y, two thirds of the slope of half the third cumulant times y.
  public func addSkewSlopes(of x: MatrixView, times y: MatrixView) {
    combine(x, y) { sum, x, y in sum + (1 / 3 - 2 * (x - x * x)) * y }
  }

  /// self ← x·y
  public func multiplyEntries(_ x: MatrixView, _ y: MatrixView) { combine(x, y) { _, x, y in x * y } }

  /// self += scale·x·y
  public func addEntries(_ x: MatrixView, _ y: MatrixView, scale: Float) {
    combine(x, y) { sum, x, y in sum + scale * x * y }
  }

  /// self[r, j] ← body(self[r, j], x[r, j], y[r, j]); any of them may be the same.
  @inline(__always)
  private func combine(_ x: MatrixView, _ y: MatrixView, _ body: (Float, Float, Float) -> Float) {
    precondition(
      x.rows == rows && x.columns == columns && y.rows == rows && y.columns == columns, "shapes differ")
    for row in 0..<rows {
      let target = base + row * stride, x = x.base + row * x.stride, y = y.base + row * y.stride
      for column in 0..<columns { target[column] = body(target[column], x[column], y[column]) }
    }
  }
}
