import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport

extension ReferenceNetwork {
  /// The same network in Double.
  init(_ network: DenseNetwork) {
    self.init(
      network.layers.map { layer in
        Layer(
          weights: layer.weights.doubles, bias: layer.bias.doubles[0], activation: .init(layer.activation))
      })
  }

  /// The parameters of a layer as the engine keeps them: weights, and biases as last row.
  func parameters(_ layer: Int) -> [[Double]] { layers[layer].weights + [layers[layer].bias] }
}

extension ReferenceNetwork.Activation {
  init(_ activation: Activation) {
    switch activation {
    case .linear: self = .linear
    case .rectified(let slope): self = .rectified(Double(slope))
    case .tanh: self = .tanh
    case .logistic: self = .logistic
    }
  }
}

/// Rows of numbers between −1 and 1.
func randomRows(_ rows: Int, width: Int, seed: UInt64) -> Matrix {
  let stream = RandomStream(seed: seed, purpose: .test)
  return Matrix(
    rows: rows, columns: width, values: stream.uniforms(row: 0, count: rows * width).map { Float(2 * $0 - 1) }
  )
}
