public import Boltzmann
public import BoltzmannCompute

// From the nested arrays of Double that tests and the reference write to the engine's matrices, and back.

extension Matrix {
  /// A matrix of these rows, rounded to Float; `columns` is needed where there are no rows.
  public init(_ rows: [[Double]], columns: Int? = nil) {
    self.init(rows: rows.count, columns: columns ?? rows[0].count) { Float(rows[$0][$1]) }
  }

  /// The entries, `[row][column]`.
  public var doubles: [[Double]] { view.doubles }
}

extension MatrixView {
  /// The entries, `[row][column]`.
  public var doubles: [[Double]] {
    (0..<rows).map { row in (0..<columns).map { Double(self[row, $0]) } }
  }
}

extension FloatSamples {
  /// Samples `[sample][visible]`, rounded to Float.
  public init(_ samples: [[Double]]) { self.init(Matrix(samples)) }
}

extension BitSamples {
  /// Samples `[sample][visible]` of zeros and ones.
  public init(_ samples: [[Double]]) { self.init(Matrix(samples)) }
}

extension Collection<Float> {
  /// The same numbers in Double.
  public var doubles: [Double] { map(Double.init) }
}

/// The largest |aᵢ − bᵢ|; not a number where any entry of either is none, infinite where the sizes differ.
public func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).map { abs($0 - $1) }.reduce(0) { $1 > $0 || $1.isNaN ? $1 : $0 }
}

/// The largest difference of two tables.
public func largestDifference(_ a: [[Double]], _ b: [[Double]]) -> Double {
  largestDifference(Array(a.joined()), Array(b.joined()))
}
