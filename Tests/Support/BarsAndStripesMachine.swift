public import BoltzmannReference
internal import Foundation

extension ReferenceRBM {
  /// A machine of 4 × 6 units for the 2 × 2 bars and stripes, as good as any for high sharpness s.
  ///
  /// Hidden unit k stands for one of the six patterns; its input falls with the distance of v from it.
  /// ```
  /// x_k = s·(½ − d(v, p_k)) + log(how often p_k occurs)
  /// ```
  /// At a pattern e^{−F} is about e^{s/2}, twice that at the empty and the full image, and 1 elsewhere.
  public static func barsAndStripes2x2(sharpness s: Double) -> ReferenceRBM {
    let patterns: [[Double]] = [
      [0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1],
    ]
    let doubled = [log(2.0), log(2.0), 0, 0, 0, 0]
    return ReferenceRBM(
      weights: (0..<4).map { i in patterns.map { s * (2 * $0[i] - 1) } },
      visibleBias: [0, 0, 0, 0],
      hiddenBias: zip(patterns, doubled).map { s * (0.5 - $0.reduce(0, +)) + $1 })
  }
}
