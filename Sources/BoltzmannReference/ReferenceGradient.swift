/// One number for every parameter of a machine: a gradient, a velocity, or a set of moments.
public struct ReferenceGradient: Equatable, Sendable {
  /// What belongs to the weights, `[visible][hidden]`.
  public var weights: [[Double]]
  /// What belongs to the visible biases, `[visible]`.
  public var visibleBias: [Double]
  /// What belongs to the hidden biases, `[hidden]`.
  public var hiddenBias: [Double]

  public init(weights: [[Double]], visibleBias: [Double], hiddenBias: [Double]) {
    self.weights = weights
    self.visibleBias = visibleBias
    self.hiddenBias = hiddenBias
  }

  /// All numbers zero, in the shape of a machine.
  public static func zero(like model: ReferenceRBM) -> Self {
    let zero = ReferenceRBM(visibleCount: model.visibleCount, hiddenCount: model.hiddenCount)
    return Self(weights: zero.weights, visibleBias: zero.visibleBias, hiddenBias: zero.hiddenBias)
  }

  /// The element-wise difference.
  public static func - (a: Self, b: Self) -> Self {
    a.combined(with: b) { $0 - $1 }
  }

  /// Applies an operation to the numbers of two gradients, parameter by parameter.
  func combined(with other: Self, by operation: (Double, Double) -> Double) -> Self {
    Self(
      weights: zip(weights, other.weights).map { zip($0, $1).map(operation) },
      visibleBias: zip(visibleBias, other.visibleBias).map(operation),
      hiddenBias: zip(hiddenBias, other.hiddenBias).map(operation))
  }
}
