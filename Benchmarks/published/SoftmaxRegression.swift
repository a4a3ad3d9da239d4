internal import Boltzmann
internal import BoltzmannCompute
internal import Foundation

/// Multinomial logistic regression: P(y | x) ∝ e^{d_y + xᵀW_{:y}}.
struct SoftmaxRegression: Sendable {
  /// `[features, classes]`
  private var weights: Matrix
  private var bias: [Float]

  init(features: Int, classes: Int) {
    weights = Matrix(rows: features, columns: classes)
    bias = [Float](repeating: 0, count: classes)
  }

  /// log P(y | x) of every row and class, in nats, `[row][class]`.
  func logProbabilities(of features: MatrixView) -> [[Double]] {
    let inputs = MutableMatrixView(rows: features.rows, columns: bias.count)
    inputs.multiply(features, weights.view)
    return (0..<features.rows).map { row in
      let logits = bias.indices.map { Double(inputs[row, $0] + bias[$0]) }
      let total = logSumExp(logits)
      return logits.map { $0 - total }
    }
  }

  func score(_ features: Matrix, _ classes: [Int]) -> ClassificationScore {
    ClassificationScore(
      logProbabilities: logProbabilities(of: features.view), classes: classes, classCount: bias.count)
  }
}

/// Its training: minibatches in a new random order each epoch, momentum 0.9, rate 0.2/(1 + epoch/20), a decay of
/// 3·10⁻⁵.
///
/// The gradient of the mean of log P(y | x) is ⟨x (1[y] − P(· | x))ᵀ⟩ for W and ⟨1[y] − P(· | x)⟩ for d.
extension SoftmaxRegression {
  struct Trainer {
    private(set) var model: SoftmaxRegression
    private var velocity: SoftmaxRegression
    private var epoch = 0
    private let seed: UInt64

    init(features: Int, classes: Int, seed: UInt64) {
      model = SoftmaxRegression(features: features, classes: classes)
      velocity = model
      self.seed = seed
    }

    mutating func epoch(_ features: Matrix, _ classes: [Int], batchSize: Int = 100) {
      let order = RandomStream(seed: seed, purpose: .shuffle)
        .permutation(row: UInt64(epoch), count: classes.count)
      let rate =
        0.2 * LearningRateSchedule.inverseTime(halfLife: 20).factor(progress: Double(epoch), epochs: 1)
      let update = WeightUpdate(momentum: 0.9, rate: Float(rate), l1: 0, l2: 3e-5)
      let rows = MutableMatrixView(rows: batchSize, columns: features.columns)
      for begin in stride(from: 0, to: order.count, by: batchSize) {
        let batch = order[begin..<min(begin + batchSize, order.count)]
        for (row, sample) in batch.enumerated() {
          rows.rows(row..<(row + 1)).copy(features.view.rows(sample..<(sample + 1)))
        }
        step(rows.rows(0..<batch.count).view, batch.map { classes[$0] }, update)
      }
      epoch += 1
    }

    private mutating func step(_ features: MatrixView, _ classes: [Int], _ update: WeightUpdate) {
      let residuals = model.residuals(features, classes)
      let gradient = MutableMatrixView(rows: features.columns, columns: residuals.columns)
      gradient.multiply(features.transposed, residuals.view.asIs, alpha: 1 / Float(classes.count))
      model.weights.withMutableView { weights in
        velocity.weights.withMutableView {
          _ = weights.momentumStep(
            velocity: $0, gradient: gradient.view, update: update, left: gradient.view.columns(0..<0),
            right: gradient.view.rows(0..<0), fold: nil)
        }
      }
      var slope = model.bias.map { _ in Float(0) }
      residuals.view.addColumnSums(scale: update.rate / Float(classes.count), to: &slope)
      for k in slope.indices {
        velocity.bias[k] = update.momentum * velocity.bias[k] + slope[k]
        model.bias[k] += velocity.bias[k]
      }
    }
  }

  /// 1[y] − P(· | x), `[rows, classes]`.
  private func residuals(_ features: MatrixView, _ classes: [Int]) -> Matrix {
    let logs = logProbabilities(of: features)
    return Matrix(rows: classes.count, columns: bias.count) { row, k in
      Float((classes[row] == k ? 1 : 0) - exp(logs[row][k]))
    }
  }
}
