/// A machine for timing: what a careful person would write without a library, in single precision.
///
/// It does the same work in several loop orders, whose results agree bit for bit because every sum runs over
/// its terms in the same order. All arrays are flat, row by row; the rows of a batch are numbered 0, 1, 2, …
/// and draw the random numbers of `ReferenceRandom` with that number.
public struct NaiveRBM: Equatable, Sendable {
  public let visibleCount: Int
  public let hiddenCount: Int
  /// The weights, `[visible · hidden]`.
  public var weights: [Float]
  /// The visible biases, `[visible]`.
  public var visibleBias: [Float]
  /// The hidden biases, `[hidden]`.
  public var hiddenBias: [Float]

  /// The same machine, its parameters rounded to single precision.
  public init(_ model: ReferenceRBM) {
    visibleCount = model.visibleCount
    hiddenCount = model.hiddenCount
    weights = model.weights.flatMap { $0.map(Float.init) }
    visibleBias = model.visibleBias.map(Float.init)
    hiddenBias = model.hiddenBias.map(Float.init)
  }

  /// The same machine in double precision.
  public var model: ReferenceRBM {
    let rows = (0..<visibleCount).map { i in
      weights[i * hiddenCount..<(i + 1) * hiddenCount].map(Double.init)
    }
    return ReferenceRBM(
      weights: rows, visibleBias: visibleBias.map(Double.init), hiddenBias: hiddenBias.map(Double.init))
  }

  /// Wᵀ, `[hidden · visible]`: a copy costs far less than walking across the rows of W for each sample.
  var transposedWeights: [Float] {
    var transposed = weights
    for i in 0..<visibleCount {
      for j in 0..<hiddenCount {
        transposed[j * visibleCount + i] = weights[i * hiddenCount + j]
      }
    }
    return transposed
  }
}
