internal import BoltzmannCompute

/// The cost of a probability D = σ(x) that is given by its logit x, in nats.
/// ```
/// C(x, y) = −y·log D − (1 − y)·log(1 − D) = softplus(x) − y·x      ∂C/∂x = σ(x) − y
/// ```
/// The logarithms of D and 1 − D would be −∞ where a discriminator wins completely; these forms stay finite for
/// every finite x.
public enum CrossEntropy {
  /// C(x, y), in nats; y is 0, 1 or a probability between them.
  public static func cost(logit: Double, label: Double) -> Double { softplus(logit) - label * logit }

  /// ∂C/∂x.
  public static func slope(logit: Double, label: Double) -> Double { logistic(logit) - label }

  /// Leaves ∂C/∂x of the mean cost of all `count` rows in `deltas`; returns Σ C of these rows.
  static func descend(
    _ logits: MatrixView, _ deltas: MutableMatrixView, count: Int, label: (_ row: Int) -> Double
  ) -> Double {
    (0..<logits.rows).reduce(0) { sum, row in
      let logit = Double(logits[row, 0]), label = label(row)
      deltas[row, 0] = Float(slope(logit: logit, label: label) / Double(count))
      return sum + cost(logit: logit, label: label)
    }
  }
}
