import BoltzmannCompute

/// The unit roundoff of Float: a rounded result is off by at most this fraction of itself.
let unitRoundoff = 0x1p-24

/// `count` standard normal numbers, the same for the same seed.
func normals(_ count: Int, seed: UInt64) -> [Float] {
  RandomStream(seed: seed, purpose: .test).normals(row: 0, count: count).map(Float.init)
}

extension Matrix {
  /// A matrix of standard normal numbers, the same for the same seed.
  static func normal(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    Matrix(rows: rows, columns: columns, values: normals(rows * columns, seed: seed))
  }

  /// A matrix with the same number everywhere.
  static func filled(rows: Int, columns: Int, _ value: Float) -> Matrix {
    Matrix(rows: rows, columns: columns) { _, _ in value }
  }

  /// The floats between the end of a row and the start of the next, all rows.
  var padding: [Float] {
    (0..<rows).flatMap { row in (columns..<stride).map { view.base[row * stride + $0] } }
  }
}
