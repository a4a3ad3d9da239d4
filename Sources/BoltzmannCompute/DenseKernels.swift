internal import CBoltzmannKernels

/// What a layer of a dense network makes of its inputs.
/// ```
/// linear       φ(x) = x
/// rectified    φ(x) = x for x > 0, else slope·x     (slope 0: ReLU; above 0: leaky ReLU)
/// tanh         φ(x) = tanh x
/// logistic     φ(x) = 1/(1 + e^{−x})
/// ```
public enum Activation: Sendable, Hashable {
  case linear
  /// The slope lies in [0, 1).
  case rectified(slope: Float)
  case tanh
  case logistic

  var kernel: boltzmann_activation {
    switch self {
    case .linear: boltzmann_activation(kind: BOLTZMANN_LINEAR, slope: 1)
    case .rectified(let slope): boltzmann_activation(kind: BOLTZMANN_RECTIFIED, slope: slope)
    case .tanh: boltzmann_activation(kind: BOLTZMANN_TANH, slope: 1)
    case .logistic: boltzmann_activation(kind: BOLTZMANN_LOGISTIC, slope: 1)
    }
  }
}

/// The numbers of one step of Adam (Kingma & Ba 2015), the corrections for moments that began at zero included.
public struct AdamUpdate: Sendable {
  fileprivate let kernel: boltzmann_adam

  /// `rate` is the learning rate times 1/(1 − β₁ᵗ), `secondScale` is 1/(1 − β₂ᵗ).
  public init(rate: Float, firstDecay: Float, secondDecay: Float, secondScale: Float, epsilon: Float) {
    kernel = boltzmann_adam(
      rate: rate, first_decay: firstDecay, second_decay: secondDecay, second_scale: secondScale,
      epsilon: epsilon)
  }
}

extension MutableMatrixView {
  /// self[r, j] ← φ(self[r, j] + bias[0, j])
  public func activate(_ activation: Activation, bias: MatrixView) {
    precondition(bias.rows == 1 && bias.columns == columns, "one bias a column")
    Kernels.best.activate(base, stride, bias.base, activation.kernel, base, stride, rows, columns)
  }

  /// self[r, j] ← self[r, j]·φ′, from the outputs φ.
  public func multiplyBySlopes(of activation: Activation, outputs: MatrixView) {
    precondition(outputs.rows == rows && outputs.columns == columns, "shapes differ")
    Kernels.best.activation_slopes(
      outputs.base, outputs.stride, activation.kernel, base, stride, rows, columns)
  }

  /// One step of Adam along `direction`; `first` and `second` are its moments.
  /// ```
  /// first ← β₁·first + (1 − β₁)·g      second ← β₂·second + (1 − β₂)·g²
  /// self += rate·first / (√(secondScale·second) + ε)
  /// ```
  public func adamStep(
    along direction: MatrixView, first: MutableMatrixView, second: MutableMatrixView, update: AdamUpdate
  ) {
    for other in [direction, first.view, second.view] {
      precondition(other.rows == rows && other.columns == columns, "shapes differ")
    }
    for row in 0..<rows {
      Kernels.best.adam_step(
        base + row * stride, first.base + row * first.stride, second.base + row * second.stride,
        direction.base + row * direction.stride, columns, update.kernel)
    }
  }
}
