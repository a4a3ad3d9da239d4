internal import BoltzmannCompute

/// From the plain gradient to the one that is followed: in standardised units, and bounded there.
/// ```
/// g ← a·clip(a·g, ±limit)      a = 1/(s·r) for weights, 1/s for visible and 1/r for hidden biases
/// ```
/// In standardised units no moment of data exceeds 1 by much. A gradient entry beyond the limit means that chains
/// ran away; bounded, it brings them back instead of throwing the parameters after them.
struct GradientScaling: Sendable {
  /// 1/s and 1/r.
  let visible: [Float]
  let hidden: [Float]
  let limit: Float

  /// Nil where the plain gradient is followed as it is.
  init?(_ standardization: Standardization?, model: RBM, settings: TrainingSettings) {
    guard standardization != nil || settings.gradientClip != nil else { return nil }
    visible = standardization?.visible ?? [Float](repeating: 1, count: model.visibleCount)
    hidden = standardization?.hidden ?? [Float](repeating: 1, count: model.hiddenCount)
    limit = Float(settings.gradientClip ?? 1)
  }

  func apply(to tile: MutableMatrixView, visibles range: Range<Int>) {
    tile.scaleAndClip(rows: Array(visible[range]), columns: hidden, limit: limit)
  }

  func visible(_ gradient: [Float]) -> [Float] { scaled(gradient, visible) }

  func hidden(_ gradient: [Float]) -> [Float] { scaled(gradient, hidden) }

  private func scaled(_ gradient: [Float], _ factors: [Float]) -> [Float] {
    zip(gradient, factors).map { $1 * clipped($0 * $1, limit) }
  }
}

/// NaN stays NaN: a diverged training must be noticed.
func clipped(_ x: Float, _ limit: Float) -> Float { x > limit ? limit : x < -limit ? -limit : x }
