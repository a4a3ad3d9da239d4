import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// Machines of one kind that are machines of another kind under a map of the parameters: all numbers are multiples of
/// 1/64 of at most 2, so that the maps are exact in Float.
@Suite("Kinds of units that are one another")
struct UnitMapsTests {
  static let hiddens: [[BlockShape]] = MachineShape.layers

  /// A machine with parameters on a grid of 1/64.
  private func machine(_ visible: [BlockShape], _ hidden: [BlockShape], seed: UInt64) -> ReferenceLayeredRBM {
    var machine = MachineShape(visible, hidden).normal(weightDeviation: 0.5, seed: seed)
    func onGrid(_ x: Double) -> Double { (min(max(x, -2), 2) * 64).rounded() / 64 }
    machine.weights = machine.weights.map { $0.map(onGrid) }
    machine.visible.bias = machine.visible.bias.map(onGrid)
    machine.hidden.bias = machine.hidden.bias.map(onGrid)
    machine.visible.precision = machine.visible.precision.map(onGrid)
    machine.hidden.precision = machine.hidden.precision.map(onGrid)
    return machine
  }

  /// Two machines whose states correspond: F(v) = F(w) + shift, the same hidden means, and log Z as F.
  private func expectEqual(
    _ first: ReferenceLayeredRBM, _ second: ReferenceLayeredRBM, shift: Double,
    states: [(first: [Double], second: [Double])]
  ) throws {
    let (one, two) = (RBM(first), RBM(second))
    let samples = (FloatSamples(states.map(\.first)), FloatSamples(states.map(\.second)))
    let energies = zip(one.freeEnergies(of: samples.0), two.freeEnergies(of: samples.1))
    let means = (one.hiddenMeans(given: samples.0).doubles, two.hiddenMeans(given: samples.1).doubles)
    for (row, pair) in energies.enumerated() {
      let (v, w) = states[row]
      let bound = first.freeEnergyBound(of: v) + second.freeEnergyBound(of: w)
      #expect(abs(pair.0 - pair.1 - shift) <= bound)
      let meanBound = first.hiddenMeanBound(given: v) + second.hiddenMeanBound(given: w)
      #expect(largestDifference(means.0[row], means.1[row]) <= meanBound)
    }
    // The log of a sum is off by no more than the worst of its terms.
    let worst = states.map { first.freeEnergyBound(of: $0.first) + second.freeEnergyBound(of: $0.second) }
    let logPartitions = try [one, two].map { try Enumeration(of: $0, over: .visible).logPartition() }
    #expect(abs(logPartitions[0] + shift - logPartitions[1]) <= worst.max()!)
  }

  /// b = b₁ − b₀, W = W₁ − W₀; what state 0 has in both goes to the hidden biases and to the energies.
  @Test("categorical sites of two states are Bernoulli units", arguments: hiddens)
  func twoStates(_ hidden: [BlockShape]) throws {
    let sites = machine([.categorical([2, 2, 2])], hidden, seed: 430)
    let (bias, weights) = (sites.visible.bias, sites.weights)
    var layer = sites.hidden
    layer.bias = layer.bias.indices.map { j in
      layer.bias[j] + weights[0][j] + weights[2][j] + weights[4][j]
    }
    func difference(_ site: Int) -> [Double] { zip(weights[2 * site + 1], weights[2 * site]).map { $0 - $1 } }
    let differences = (0..<3).map { site in bias[2 * site + 1] - bias[2 * site] }
    let bits = ReferenceLayeredRBM(
      visible: ReferenceLayer(ReferenceUnits(.bernoulli, bias: differences)), hidden: layer,
      weights: (0..<3).map(difference))
    let states = binaryStates(3).map { bits in (bits.flatMap { bit in [1 - bit, bit] }, bits) }
    try expectEqual(sites, bits, shift: -(bias[0] + bias[2] + bias[4]), states: states)
  }

  /// s = 2x − 1: biases 2b, weights 2W, hidden biases c − Wᵀ1, and F(s) = F(x) + Σ b.
  @Test("spins are Bernoulli units", arguments: hiddens)
  func spins(_ hidden: [BlockShape]) throws {
    let spins = machine([.spin(4)], hidden, seed: 431)
    var layer = spins.hidden
    layer.bias = layer.bias.indices.map { j in layer.bias[j] - spins.weights.reduce(0) { $0 + $1[j] } }
    let bits = ReferenceLayeredRBM(
      visible: ReferenceLayer(ReferenceUnits(.bernoulli, bias: spins.visible.bias.map { 2 * $0 })),
      hidden: layer, weights: spins.weights.map { $0.map { 2 * $0 } })
    let states = binaryStates(4).map { bits in (bits.map { 2 * $0 - 1 }, bits) }
    try expectEqual(spins, bits, shift: spins.visible.bias.reduce(0, +), states: states)
  }

  @Test("and so are their draws, by the same random words")
  func spinDraws() {
    let bias: [Float] = [0.5, -1, 0, 2, 0.25]
    let inputs = Matrix(randomValues(40, width: 5, seed: 432).map { $0.map { 4 * $0 - 2 } })
    let doubled = Matrix(rows: 40, columns: 5) { 2 * inputs[$0, $1] }
    let random = RandomRows(RandomStream(seed: 433, purpose: .test), rows: ArraySlice(0..<40))
    let (spins, bits) = (MutableMatrixView(rows: 40, columns: 5), MutableMatrixView(rows: 40, columns: 5))
    SpinUnits(bias: bias).sample(
      inputs: inputs.view, inverseTemperature: 1, random: random, means: nil, into: spins)
    BernoulliUnits(bias: bias.map { 2 * $0 }).sample(
      inputs: doubled.view, inverseTemperature: 1, random: random, means: nil, into: bits)
    // Doubling is exact, so the probabilities have the same bits.
    #expect(spins.view.doubles == bits.view.doubles.map { $0.map { 2 * $0 - 1 } })
  }

  /// A machine with categorical sites on either or both sides.
  static let gauged = [
    MachineShape([.categorical([3, 2])], [.bernoulli(3)]),
    MachineShape([.categorical([3, 2])], [.gaussian(2)]),
    MachineShape([.gaussian(2)], [.categorical([3, 2])]),
    MachineShape([.categorical([4])], [.categorical([3, 2])]),
    MachineShape(MachineShape.table, [.categorical([3])]),
  ]

  @Test("the zero-sum gauge moves all free energies alike", arguments: gauged)
  func gauge(_ shape: MachineShape) {
    let pair = LayeredPair(shape, seed: 434)
    let (machine, shift) = pair.reference.inZeroSumGauge()
    let gauged = LayeredPair(machine)
    let states = pair.visibleStates(12, seed: 435)
    let before = pair.engine.freeEnergies(of: FloatSamples(states))
    let after = gauged.engine.freeEnergies(of: FloatSamples(states))
    for (row, state) in states.enumerated() {
      let bound = pair.reference.freeEnergyBound(of: state) + gauged.reference.freeEnergyBound(of: state)
      // The gauge's parameters are rounded to Float: as another rounding of every input.
      #expect(abs(after[row] - before[row] - shift) <= 2 * bound)
    }
  }

  @Test("weights moved over a site, and hidden biases against them, leave F alone", arguments: hiddens)
  func compensatedMove(_ hidden: [BlockShape]) {
    let machine = machine([.categorical([3, 2])], hidden, seed: 436)
    var moved = machine
    for column in 0..<3 { moved.weights[column] = machine.weights[column].map { $0 + 0.75 } }
    moved.hidden.bias = machine.hidden.bias.map { $0 - 0.75 }
    let states = machine.visible.states().states
    let energies = [machine, moved].map { RBM($0).freeEnergies(of: FloatSamples(states)) }
    for (row, state) in states.enumerated() {
      let bound = machine.freeEnergyBound(of: state) + moved.freeEnergyBound(of: state)
      #expect(abs(energies[0][row] - energies[1][row]) <= bound)
    }
  }
}
