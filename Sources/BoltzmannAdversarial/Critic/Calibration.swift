internal import BoltzmannCompute
internal import Foundation

/// The line from a critic's logits to log-odds that are right on rows it has not learned from (Platt 1999).
/// ```
/// logit′ = slope·logit + offset
/// ```
/// slope and offset make the cross entropy of these rows small, and stay near 1 and 0 where rows are few: to the sum
/// over rows come ½(slope − 1)² + ½·offset². The sum is convex; Newton's method finds its minimum.
public struct Calibration: Sendable, Hashable {
  public private(set) var slope = 1.0
  public private(set) var offset = 0.0

  /// The line of these rows; labels are 1 for data and 0 for samples.
  public init(logits: [Double], labels: [Double]) {
    precondition(logits.count == labels.count, "one label a logit")
    for _ in 0..<100 {
      let step = newtonStep(logits, labels)
      // Where probabilities saturate, full steps may overshoot.
      let size = max(abs(step.slope), abs(step.offset)), damping = size > 1 ? 1 / size : 1
      slope -= damping * step.slope
      offset -= damping * step.offset
      if size < 1e-10 { return }
    }
  }

  public func callAsFunction(_ logit: Double) -> Double { slope * logit + offset }

  /// H⁻¹·g of the convex sum.
  private func newtonStep(_ logits: [Double], _ labels: [Double]) -> (slope: Double, offset: Double) {
    var (gs, go, hss, hso, hoo) = (slope - 1, offset, 1.0, 0.0, 1.0)
    for (x, label) in zip(logits, labels) {
      let p = logistic(self(x)), curvature = p * (1 - p)
      gs += (p - label) * x
      go += p - label
      hss += curvature * x * x
      hso += curvature * x
      hoo += curvature
    }
    let determinant = hss * hoo - hso * hso
    return ((hoo * gs - hso * go) / determinant, (hss * go - hso * gs) / determinant)
  }
}
