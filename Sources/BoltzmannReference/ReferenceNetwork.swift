internal import Foundation

/// A dense network in plain loops: each layer an affine map and an activation.
/// ```
/// y_l = φ_l(a_l),   a_l[j] = b_l[j] + Σ_i y_{l−1}[i]·W_l[i][j],   y_0 = x
/// ```
public struct ReferenceNetwork: Equatable, Sendable {
  /// What a layer makes of its inputs; `rectified(0.2)` is a leaky rectifier.
  public enum Activation: Equatable, Sendable {
    case linear, tanh, logistic
    case rectified(Double)

    /// φ(a).
    public func value(_ a: Double) -> Double {
      switch self {
      case .linear: a
      case .rectified(let slope): a > 0 ? a : slope * a
      case .tanh: Foundation.tanh(a)
      case .logistic: 1 / (1 + exp(-a))
      }
    }

    /// φ′(a).
    public func slope(_ a: Double) -> Double {
      switch self {
      case .linear: return 1
      case .rectified(let slope): return a > 0 ? 1 : slope
      case .tanh: return 1 - Foundation.tanh(a) * Foundation.tanh(a)
      case .logistic: return value(a) * (1 - value(a))
      }
    }
  }

  /// One layer: W `[input][output]`, b `[output]`.
  public struct Layer: Equatable, Sendable {
    public var weights: [[Double]]
    public var bias: [Double]
    public var activation: Activation

    public init(weights: [[Double]], bias: [Double], activation: Activation) {
      self.weights = weights
      self.bias = bias
      self.activation = activation
    }

    func inputs(_ x: [Double]) -> [Double] {
      bias.indices.map { j in bias[j] + x.indices.reduce(0) { $0 + x[$1] * weights[$1][j] } }
    }
  }

  public var layers: [Layer]

  public init(_ layers: [Layer]) { self.layers = layers }

  /// The last layer's y for one sample.
  public func outputs(_ x: [Double]) -> [Double] {
    layers.reduce(x) { y, layer in layer.inputs(y).map(layer.activation.value) }
  }

  /// How a cost of the outputs changes with the parameters and the inputs, from ∂C/∂y of the last layer.
  /// ```
  /// δ_l = ∂C/∂y_l ∘ φ′(a_l)      ∂C/∂W_l[i][j] = y_{l−1}[i]·δ_l[j]      ∂C/∂b_l = δ_l
  /// ∂C/∂y_{l−1}[i] = Σ_j W_l[i][j]·δ_l[j]
  /// ```
  /// The gradient has the shape of the network.
  public func gradient(at x: [Double], outputSlopes: [Double]) -> (layers: [Layer], inputs: [Double]) {
    var states = [x]
    for layer in layers { states.append(layer.inputs(states[states.count - 1]).map(layer.activation.value)) }
    var (result, slopes) = (layers, outputSlopes)
    for (index, layer) in layers.enumerated().reversed() {
      let inputs = layer.inputs(states[index])
      let delta = slopes.indices.map { slopes[$0] * layer.activation.slope(inputs[$0]) }
      result[index].bias = delta
      result[index].weights = states[index].map { y in delta.map { y * $0 } }
      slopes = layer.weights.map { dot($0, delta) }
    }
    return (result, slopes)
  }
}

/// Adam (Kingma & Ba 2015, algorithm 1) for a list of parameters, downhill.
public struct ReferenceAdam: Equatable, Sendable {
  public let rate, firstDecay, secondDecay, epsilon: Double
  private var steps = 0.0
  private var first: [Double] = []
  private var second: [Double] = []

  public init(rate: Double, firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8) {
    (self.rate, self.firstDecay, self.secondDecay, self.epsilon) = (rate, firstDecay, secondDecay, epsilon)
  }

  public mutating func step(_ parameters: inout [Double], gradient: [Double]) {
    if first.isEmpty { (first, second) = (gradient.map { _ in 0 }, gradient.map { _ in 0 }) }
    steps += 1
    for k in parameters.indices {
      first[k] = firstDecay * first[k] + (1 - firstDecay) * gradient[k]
      second[k] = secondDecay * second[k] + (1 - secondDecay) * gradient[k] * gradient[k]
      let mean = first[k] / (1 - pow(firstDecay, steps)), square = second[k] / (1 - pow(secondDecay, steps))
      parameters[k] -= rate * mean / (square.squareRoot() + epsilon)
    }
  }
}
