import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite struct DenseNetworkTests {
  static let activations: [Activation] = [
    .linear, .rectified(slope: 0), .rectified(slope: 0.25), .tanh, .logistic,
  ]

  /// Sums of at most 9 products of numbers below 2 or so: 20 roundings of 2⁻²⁴ and the kernels' two ulps through
  /// three layers stay below 10⁻⁵.
  @Test(arguments: activations)
  func outputsAreThoseOfTheReference(_ hidden: Activation) throws {
    let network = try DenseNetwork(widths: [5, 9, 7, 3], hidden: hidden, output: .linear, seed: 3)
    let x = randomRows(70, width: 5, seed: 4), reference = ReferenceNetwork(network)
    let found = try network.outputs(of: x.view)
    #expect(largestDifference(found.doubles, x.doubles.map(reference.outputs)) <= 1e-5)
  }

  /// With momentum 0 and rate 1 a step is minus the gradient. Bounds as above, gradients of 70 rows of order 1: the
  /// reference's own are tested against finite differences.
  @Test(arguments: activations, activations)
  func stepsAreMinusTheGradient(_ hidden: Activation, _ output: Activation) throws {
    let network = try DenseNetwork(widths: [5, 9, 7, 3], hidden: hidden, output: output, seed: 3)
    let x = randomRows(70, width: 5, seed: 4), targets = randomRows(70, width: 3, seed: 5)
    var learner = try NetworkLearner(network, rule: .momentum(rate: 1, momentum: 0), capacity: 80)
    let cost = learner.step(x.view, parallel: Parallel(threads: 2), cost: halfSquares(of: targets))
    let (gradient, expectedCost) = gradient(of: ReferenceNetwork(network), x, targets)
    #expect(abs(cost - expectedCost) <= 1e-4)
    for (layer, moved) in learner.network.layers.enumerated() {
      let before = network.layers[layer].parameters.doubles, after = moved.parameters.doubles
      let step = zip(before, after).map { zip($0, $1).map { $0 - $1 } }
      #expect(largestDifference(step, gradient.parameters(layer)) <= 2e-4)
    }
  }

  /// C = Σ ½(y − target)²
  private func halfSquares(
    of targets: Matrix
  ) -> @Sendable (Range<Int>, MatrixView, MutableMatrixView) -> Double {
    { range, outputs, deltas in
      deltas.subtract(targets.view.rows(range), from: outputs)
      return deltas.view.squaredNorm / 2
    }
  }

  private func gradient(
    of network: ReferenceNetwork, _ x: Matrix, _ targets: Matrix
  ) -> (ReferenceNetwork, Double) {
    var (sum, cost) = (network, 0.0)
    for layer in sum.layers.indices {
      sum.layers[layer].bias = sum.layers[layer].bias.map { _ in 0 }
      sum.layers[layer].weights = sum.layers[layer].weights.map { $0.map { _ in 0 } }
    }
    for (row, target) in zip(x.doubles, targets.doubles) {
      let slopes = zip(network.outputs(row), target).map { $0 - $1 }
      cost += slopes.reduce(0) { $0 + $1 * $1 / 2 }
      for (layer, part) in network.gradient(at: row, outputSlopes: slopes).layers.enumerated() {
        sum.layers[layer].bias = zip(sum.layers[layer].bias, part.bias).map { $0 + $1 }
        sum.layers[layer].weights = zip(sum.layers[layer].weights, part.weights).map {
          zip($0, $1).map { $0 + $1 }
        }
      }
    }
    return (sum, cost)
  }

  /// The same bits with 1, 2 and 5 threads, with Adam and with momentum.
  @Test(arguments: [DescentRule.adam(rate: 0.01), .momentum(rate: 0.01)])
  func bitsDoNotDependOnTheThreads(_ rule: DescentRule) throws {
    let network = try DenseNetwork(widths: [6, 150, 140, 2], hidden: .tanh, output: .linear, seed: 1)
    let x = randomRows(128, width: 6, seed: 2), targets = randomRows(128, width: 2, seed: 3)
    let trained = try [1, 2, 5].map { threads in
      var learner = try NetworkLearner(network, rule: rule, capacity: 128)
      let costs = (0..<3).map { _ in
        learner.step(x.view, parallel: Parallel(threads: threads), cost: halfSquares(of: targets))
      }
      return (learner.network, costs)
    }
    #expect(trained[0].0 != network)
    #expect(trained.allSatisfy { $0.0 == trained[0].0 && $0.1 == trained[0].1 })
  }

  /// 1 + 12 steps with the reference's gradients. Where a gradient is near zero a step of Adam depends on its sign:
  /// only parameters whose first gradients exceed 10⁻² are compared, 12 steps of 10⁻³ to 1 %.
  @Test func adamFollowsTheReference() throws {
    let network = try DenseNetwork(widths: [3, 4, 2], hidden: .tanh, output: .linear, seed: 8)
    let x = randomRows(20, width: 3, seed: 9), targets = randomRows(20, width: 2, seed: 10)
    var learner = try NetworkLearner(network, rule: .adam(rate: 1e-3), capacity: 20)
    var (reference, adam) = (ReferenceNetwork(network), ReferenceAdam(rate: 1e-3))
    let first = gradient(of: reference, x, targets).0.flattened
    var parameters = reference.flattened
    for _ in 0..<12 {
      _ = learner.step(x.view, parallel: Parallel(threads: 1), cost: halfSquares(of: targets))
      adam.step(&parameters, gradient: gradient(of: reference, x, targets).0.flattened)
      reference.flattened = parameters
    }
    let found = ReferenceNetwork(learner.network).flattened
    for k in parameters.indices where abs(first[k]) > 1e-2 {
      #expect(abs(found[k] - parameters[k]) <= 1.2e-4)
    }
  }

  /// A copy of a learner goes on by itself.
  @Test func copiesLearnApart() throws {
    let network = try DenseNetwork(widths: [2, 3, 1], hidden: .tanh, output: .linear, seed: 1)
    let x = randomRows(4, width: 2, seed: 2), targets = randomRows(4, width: 1, seed: 3)
    var learner = try NetworkLearner(network, rule: .adam(rate: 0.1), capacity: 4)
    let copy = learner
    _ = learner.step(x.view, parallel: .all, cost: halfSquares(of: targets))
    #expect(copy.network == network && learner.network != network)
  }

  @Test func initialWeightsHaveTheirVariance() throws {
    let network = try DenseNetwork(
      widths: [400, 100, 50], hidden: .rectified(slope: 0), output: .linear, seed: 6)
    // n = 40,000 and 5,000 normal draws: s² has a standard error of √(2/n) of itself; 5 of them.
    for (layer, expected, n) in [(0, 2.0 / 400, 40_000.0), (1, 1.0 / 100, 5_000)] {
      let variance = network.layers[layer].weights.squaredNorm / n
      #expect(abs(variance / expected - 1) <= 5 * (2 / n).squareRoot())
      #expect(network.layers[layer].bias.squaredNorm == 0)
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let layer = try DenseLayer(parameters: Matrix(rows: 3, columns: 4), activation: .tanh)
    #expect(throws: SettingsError.self) { try DenseNetwork([]) }
    #expect(throws: SettingsError.self) { try DenseNetwork([layer, layer]) }
    #expect(throws: SettingsError.self) {
      try DenseLayer(parameters: Matrix(rows: 1, columns: 4), activation: .linear)
    }
    #expect(throws: SettingsError.self) {
      try DenseLayer(parameters: Matrix(rows: 2, columns: 1, values: [.nan, 0]), activation: .linear)
    }
    for widths in [[], [3], [3, 0], [3, -1, 2]] {
      #expect(throws: SettingsError.self) {
        try DenseNetwork(widths: widths, hidden: .tanh, output: .linear, seed: 0)
      }
    }
    let network = try DenseNetwork([layer])
    #expect(throws: SettingsError.self) { try network.outputs(of: Matrix(rows: 1, columns: 3).view) }
  }

  @Test func rulesThatMakeNoSenseAreRefused() throws {
    let network = try DenseNetwork(widths: [2, 1], hidden: .tanh, output: .linear, seed: 0)
    let rules: [DescentRule] = [
      .adam(rate: 0), .adam(rate: .nan), .momentum(rate: -1), .momentum(rate: 1, momentum: 1),
      .adam(rate: 1, firstDecay: -0.1), .adam(rate: 1, epsilon: 0),
    ]
    for rule in rules {
      #expect(throws: SettingsError.self) { try NetworkLearner(network, rule: rule, capacity: 1) }
    }
  }
}

extension ReferenceNetwork {
  /// All parameters in a row.
  fileprivate var flattened: [Double] {
    get { layers.indices.flatMap { parameters($0).flatMap { $0 } } }
    set {
      var next = newValue[...]
      for layer in layers.indices {
        for row in layers[layer].weights.indices {
          let count = layers[layer].weights[row].count
          layers[layer].weights[row] = Array(next.prefix(count))
          next = next.dropFirst(count)
        }
        layers[layer].bias = Array(next.prefix(layers[layer].bias.count))
        next = next.dropFirst(layers[layer].bias.count)
      }
    }
  }
}
