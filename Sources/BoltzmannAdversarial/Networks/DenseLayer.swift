internal import Boltzmann
public import BoltzmannCompute

/// One layer of a dense network: an affine map and an activation.
/// ```
/// y = φ(x·W + b)      x [batch, inputs], W [inputs, outputs], b [1, outputs], y [batch, outputs]
/// ```
/// Weights and biases are one matrix, so that whatever moves parameters moves one matrix a layer.
public struct DenseLayer: Sendable, Equatable {
  public let activation: Activation
  /// `[inputs + 1, outputs]`: the weights, and the biases as last row.
  public internal(set) var parameters: Matrix

  /// - Throws: `SettingsError` where the parameters are not at least one input, one output and a row of biases, or
  ///   not all of them are finite.
  public init(parameters: Matrix, activation: Activation) throws {
    guard parameters.rows >= 2 && parameters.columns >= 1 else {
      throw SettingsError(message: "a layer needs at least one input and one output")
    }
    guard parameters.view.isFinite else {
      throw SettingsError(message: "a layer's parameters must be finite numbers")
    }
    self.activation = activation
    self.parameters = parameters
  }

  public var inputs: Int { parameters.rows - 1 }
  public var outputs: Int { parameters.columns }

  /// W, `[inputs, outputs]`.
  public var weights: MatrixView { parameters.view.rows(0..<inputs) }
  /// b, `[1, outputs]`.
  public var bias: MatrixView { parameters.view.rows(inputs..<(inputs + 1)) }

  /// target ← φ(x·W + b), `[batch, outputs]`.
  func forward(_ x: MatrixView, to target: MutableMatrixView) {
    target.multiply(x, weights)
    target.activate(activation, bias: bias)
  }

  /// target ← δ·Wᵀ, `[batch, inputs]`: how a cost changes with x, from how it changes with x·W + b.
  func backward(_ deltas: MatrixView, to target: MutableMatrixView) {
    target.multiply(deltas, weights.transposed)
  }
}

extension DenseLayer {
  /// Random weights and biases of zero.
  ///
  /// The standard deviation keeps the size of the signal (He et al. 2015): half of it passes a rectifier,
  /// ```
  /// σ² = 2 / [(1 + slope²)·inputs]      rectified
  /// σ² = 1 / inputs                     else
  /// ```
  init(inputs: Int, outputs: Int, activation: Activation, random: RandomStream) throws {
    var gain = 1.0
    if case .rectified(let slope) = activation { gain = 2 / (1 + Double(slope * slope)) }
    let deviation = (gain / Double(inputs)).squareRoot()
    var parameters = Matrix(rows: inputs + 1, columns: outputs)
    parameters.withMutableView { target in
      for row in 0..<inputs {
        let draws = random.normals(row: UInt64(row), count: outputs)
        target.setRow(row, draws.map { Float(deviation * $0) })
      }
    }
    try self.init(parameters: parameters, activation: activation)
  }
}
