public import Boltzmann
public import BoltzmannCompute

/// An activation as it is written on the command line and in files: `linear`, `relu`, `leaky-relu:0.2`, `tanh`,
/// `logistic`.
public struct ActivationName: Spelled {
  public let activation: Activation

  public init(_ activation: Activation) { self.activation = activation }

  /// Nil where there is no such activation or the slope does not lie in [0, 1).
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    switch (parts.first, parts.count) {
    case ("linear", 1): activation = .linear
    case ("relu", 1): activation = .rectified(slope: 0)
    case ("tanh", 1): activation = .tanh
    case ("logistic", 1): activation = .logistic
    case ("leaky-relu", 2):
      guard let slope = Float(parts[1]), (0..<1).contains(slope) else { return nil }
      activation = .rectified(slope: slope)
    default: return nil
    }
  }

  public var description: String {
    switch activation {
    case .linear: "linear"
    case .rectified(0): "relu"
    case .rectified(let slope): "leaky-relu:\(slope)"
    case .tanh: "tanh"
    case .logistic: "logistic"
    }
  }
}
