internal import BoltzmannCompute

/// Columns brought to comparable sizes before a network sees them.
/// ```
/// x′_j = (x_j − mean_j) / max(deviation_j, r/10)      r² the mean of deviation_j² over the columns
/// ```
/// A pixel that is hardly ever on is not blown up to the size of all others.
struct ColumnScaling: Sendable {
  private let means: [Float]
  private let factors: [Float]

  init(of rows: [MatrixView]) {
    let columns = rows[0].columns, count = Double(rows.reduce(0) { $0 + $1.rows })
    var sums = [Double](repeating: 0, count: columns), squares = sums
    for view in rows { ColumnScaling.add(view) { sums[$0] += $1 } }
    let means = sums.map { $0 / count }
    for view in rows { ColumnScaling.add(view) { squares[$0] += ($1 - means[$0]) * ($1 - means[$0]) } }
    let variances = squares.map { $0 / count }
    let least = variances.reduce(0, +) / Double(columns) / 100
    self.means = means.map { Float($0) }
    factors = variances.map { max($0, least) > 0 ? Float(1 / max($0, least).squareRoot()) : 1 }
  }

  private static func add(_ view: MatrixView, _ body: (_ column: Int, _ value: Double) -> Void) {
    for row in 0..<view.rows {
      for column in 0..<view.columns { body(column, Double(view[row, column])) }
    }
  }

  /// target ← the scaled rows.
  func apply(_ rows: MatrixView, to target: MutableMatrixView) {
    target.copy(rows)
    target.apply { ($1 - means[$0]) * factors[$0] }
  }
}
