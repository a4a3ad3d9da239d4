import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite struct ReferenceNetworkTests {
  typealias Activation = ReferenceNetwork.Activation

  /// A 3–4–2 network with weights between −½ and ½.
  static func network(_ hidden: Activation, _ output: Activation) -> ReferenceNetwork {
    let draws = randomValues(9, width: 4, seed: 5).map { $0.map { $0 - 0.5 } }
    return ReferenceNetwork([
      .init(weights: Array(draws[0..<3]), bias: draws[3], activation: hidden),
      .init(
        weights: draws[4..<8].map { Array($0[0..<2]) }, bias: Array(draws[8][0..<2]), activation: output),
    ])
  }

  static let activations: [Activation] = [.linear, .rectified(0), .rectified(0.2), .tanh, .logistic]

  /// C = Σ k·y_k: central differences are off by about step²/6·C‴ ≤ 2·10⁻¹¹ and 10⁻¹⁶/step = 10⁻¹¹; no input of a
  /// rectifier lies so near to 0.
  @Test(arguments: activations, activations)
  func gradientsAreThoseOfFiniteDifferences(_ hidden: Activation, _ output: Activation) {
    let network = Self.network(hidden, output), x = [0.3, -0.7, 0.9]
    let cost = { (network: ReferenceNetwork, x: [Double]) in
      let y = network.outputs(x)
      return y[0] + 2 * y[1]
    }
    let gradient = network.gradient(at: x, outputSlopes: [1, 2])
    let inputs = centralDifferences(at: x) { cost(network, $0) }
    #expect(largestDifference(gradient.inputs, inputs) <= 1e-9)
    for layer in 0..<2 {
      let bias = centralDifferences(at: network.layers[layer].bias) {
        var moved = network
        moved.layers[layer].bias = $0
        return cost(moved, x)
      }
      #expect(largestDifference(gradient.layers[layer].bias, bias) <= 1e-9)
      for row in network.layers[layer].weights.indices {
        let weights = centralDifferences(at: network.layers[layer].weights[row]) {
          var moved = network
          moved.layers[layer].weights[row] = $0
          return cost(moved, x)
        }
        #expect(largestDifference(gradient.layers[layer].weights[row], weights) <= 1e-9)
      }
    }
  }

  /// The first step of Adam has the size of the rate, whatever the gradient: m̂ = g, ŝ = g².
  @Test func adamBeginsWithStepsOfTheRate() {
    var (adam, parameters) = (ReferenceAdam(rate: 0.1), [1.0, 1, 1])
    adam.step(&parameters, gradient: [1e-3, -5, 0])
    #expect(largestDifference(parameters, [0.9, 1.1, 1]) <= 1e-5)
  }
}
