import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// Two units of each kind (sites of three and two states), with inputs in all directions.
struct UnitsCase: Sendable, CustomTestStringConvertible {
  let units: ReferenceUnits
  let inputs: [Double]
  var testDescription: String { "\(units.kind) at \(inputs)" }

  static let all: [UnitsCase] = ReferenceUnits.Kind.allCases.flatMap { kind in
    [[0, 0], [0.3, -1.2], [2.5, 4], [-6, -3]].map { inputs in
      kind == .categorical
        ? UnitsCase(
          units: ReferenceUnits(categorical: [3, 2], bias: [0, 0, 0, 0, 0]),
          inputs: inputs + [0.7, -0.4, inputs[0]])
        : UnitsCase(units: ReferenceUnits(kind, bias: [0, 0], precision: [1.5, 0.8]), inputs: inputs)
    }
  }

  /// Every state (or node) with log of weight times Boltzmann factor e^{xᵀs − E(s)}.
  var factors: (states: [[Double]], logs: [Double]) {
    let all = ReferenceLayer(units).states()
    let logs = all.states.indices.map { index in
      let state = all.states[index]
      return inputs.indices.reduce(all.logWeights[index] - units.energy(state)) {
        $0 + state[$1] * inputs[$1]
      }
    }
    return (all.states, logs)
  }

  /// E[sⁿ] of every column for each of the powers n, by the sum over states.
  func moments(_ powers: [Int]) -> [[Double]] {
    let (states, logs) = factors, total = logSumExp(logs)
    var sums = powers.map { _ in inputs.map { _ in 0.0 } }
    for (index, state) in states.enumerated() {
      let probability = exp(logs[index] - total)
      for (n, power) in powers.enumerated() {
        for k in state.indices { sums[n][k] += probability * pow(state[k], Double(power)) }
      }
    }
    return sums
  }
}

@Suite("Units of every kind")
struct ReferenceUnitsTests {
  // Sums over states are good to rounding, and integrals as well: of a normal variable of deviation 1/√γ, some six
  // deviations off at most, the grids miss less than e^{−50}. Values are below 50, 20,000 terms: 1e-11 leaves two
  // digits for cancellation in the functions themselves.
  static let tolerance = 1e-11

  @Test(
    "the log-normaliser is the log of the sum, or integral, of the Boltzmann factors",
    arguments: UnitsCase.all)
  func logNormalizer(_ test: UnitsCase) {
    let expected = logSumExp(test.factors.logs)
    #expect(abs(test.units.logNormalizer(test.inputs) - expected) <= Self.tolerance)
  }

  @Test("mean, variance and second moment are those of the Boltzmann factors", arguments: UnitsCase.all)
  func moments(_ test: UnitsCase) {
    let moments = test.moments([1, 2]), (mean, square) = (moments[0], moments[1])
    let variance = zip(mean, square).map { $1 - $0 * $0 }
    #expect(largestDifference(test.units.mean(test.inputs), mean) <= Self.tolerance)
    #expect(largestDifference(test.units.secondMoment(test.inputs), square) <= Self.tolerance)
    #expect(largestDifference(test.units.variance(test.inputs), variance) <= Self.tolerance)
  }

  @Test("the log-normaliser's derivatives are mean and variance", arguments: UnitsCase.all)
  func derivatives(_ test: UnitsCase) {
    let (units, inputs) = (test.units, test.inputs)
    // Third and fourth cumulants are below 10 here: curves cost 1e-8·10/6, and rounding 1e-14/1e-4.
    let slope = centralDifferences(at: inputs, step: 1e-4) { units.logNormalizer($0) }
    #expect(largestDifference(slope, units.mean(inputs)) <= 2e-8)
    let curvature = inputs.indices.map { k in
      centralDifference(at: inputs[k], step: 1e-4) { moved in
        var argument = inputs
        argument[k] = moved
        return units.mean(argument)[k]
      }
    }
    #expect(largestDifference(curvature, units.variance(inputs)) <= 2e-8)
  }

  @Test("no state is more probable than the mode", arguments: UnitsCase.all)
  func mode(_ test: UnitsCase) {
    func factor(_ state: [Double]) -> Double {
      zip(state, test.inputs).reduce(-test.units.energy(state)) { $0 + $1.0 * $1.1 }
    }
    let mode = test.units.mode(test.inputs), largest = factor(mode)
    let states = ReferenceLayer(test.units).states().states
    #expect(states.allSatisfy { factor($0) <= largest })
    if !test.units.kind.isReal { #expect(states.contains(mode)) }
  }

  @Test("the energy is the formula")
  func energy() {
    #expect(ReferenceUnits(.bernoulli, bias: [2, 3]).energy([1, 0]) == -2)
    #expect(ReferenceUnits(.spin, bias: [2, 3]).energy([1, -1]) == 1)
    #expect(ReferenceUnits(categorical: [2, 2], bias: [1, 2, 4, 8]).energy([0, 1, 1, 0]) == -6)
    // ½·2·9 − 3·5 and ½·4·1 − 1.
    #expect(ReferenceUnits(.gaussian, bias: [5, 1], precision: [2, 4]).energy([3, 1]) == -5)
    #expect(ReferenceUnits(.relu, bias: [5, 1], precision: [2, 4]).energy([3, 1]) == -5)
  }

  @Test("kinds without a precision keep 1")
  func precision() {
    var layer = ReferenceLayer([
      ReferenceUnits(.spin, bias: [0]), ReferenceUnits(.gaussian, bias: [0, 0]),
    ])
    layer.precision = [5, 6, 7]
    #expect(layer.precision == [1, 6, 7])
    #expect(ReferenceUnits(.bernoulli, bias: [0], precision: [3]).precision == [1])
    #expect(layer.isReal == [false, true, true])
  }

  @Test("states are enumerated with the first unit fastest")
  func states() {
    #expect(ReferenceLayer(ReferenceUnits(.bernoulli, bias: [0, 0, 0])).states().states == binaryStates(3))
    let layer = ReferenceLayer([
      ReferenceUnits(categorical: [3], bias: [0, 0, 0]), ReferenceUnits(.spin, bias: [0]),
    ])
    #expect(
      layer.states().states
        == [[1, 0, 0, -1], [0, 1, 0, -1], [0, 0, 1, -1], [1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1]])
    #expect(layer.stateCount() == 6)
    for kind in [ReferenceUnits.Kind.gaussian, .relu] {
      // The ends are rounded outwards.
      let layer = ReferenceLayer(ReferenceUnits(kind, bias: [0, 0]))
      let count = Double(layer.states(radius: 3).states.count)
      #expect(count >= layer.stateCount(radius: 3) && count <= 1.3 * layer.stateCount(radius: 3))
    }
  }
}

@Suite("Draws of every kind")
struct ReferenceUnitsDrawTests {
  static let random = ReferenceRandom(seed: 41)

  private func uniform(_ unit: Int, row: Int) -> Double {
    (Double(Self.random.word(unit: unit, row: row, step: 3, stream: 1)) + 0.5) / 0x1p32
  }

  private func draw(_ units: ReferenceUnits, _ inputs: [Double], row: Int) -> [Double] {
    units.sample(inputs, .init(Self.random, row: row, step: 3, stream: 1))
  }

  @Test("spins are Bernoulli draws at twice the input, by the same words")
  func bernoulliAndSpin() {
    let inputs = [0.3, -1, 2, 0, -0.2, 1.5]
    let zeros = [Double](repeating: 0, count: 6)
    for row in 0..<50 {
      let bits = Self.random.bernoulli(inputs.map { 1 / (1 + exp(-2 * $0)) }, row: row, step: 3, stream: 1)
      #expect(draw(ReferenceUnits(.bernoulli, bias: zeros), inputs.map { 2 * $0 }, row: row) == bits)
      #expect(draw(ReferenceUnits(.spin, bias: zeros), inputs, row: row) == bits.map { 2 * $0 - 1 })
    }
  }

  @Test("a categorical site inverts its distribution function at the word of the site's number")
  func categorical() {
    let units = ReferenceUnits(categorical: [3, 2], bias: [0, 0, 0, 0, 0])
    for row in 0..<50 {
      let state = draw(units, [log(1), log(2), log(5), 0, 0], row: row)
      let (u, w) = (uniform(0, row: row), uniform(1, row: row))
      #expect(Array(state.prefix(3)) == (u < 0.125 ? [1, 0, 0] : u < 0.375 ? [0, 1, 0] : [0, 0, 1]))
      #expect(Array(state.suffix(2)) == (w < 0.5 ? [1, 0] : [0, 1]))
    }
  }

  @Test("two Gaussian units share a point in the plane")
  func gaussian() {
    let units = ReferenceUnits(.gaussian, bias: [0, 0, 0], precision: [1, 4, 1])
    for row in 0..<50 {
      let state = draw(units, [0, 8, 1], row: row)
      let (x, y) = (state[0], (state[1] - 2) * 2)
      // Logarithm, root and sine are good to an ulp or two, of numbers below 50.
      #expect(abs(x * x + y * y + 2 * log(uniform(0, row: row))) <= 1e-12)
      #expect(abs(atan2(y, x) - remainder(2 * Double.pi * uniform(1, row: row), 2 * Double.pi)) <= 1e-12)
      let radius = (-2 * log(uniform(2, row: row))).squareRoot()
      #expect(abs(state[2] - 1 - radius * cos(2 * Double.pi * uniform(3, row: row))) <= 1e-12)
    }
  }

  @Test("a relu unit lies where its distribution leaves the share u above", arguments: [-3.0, -0.5, 0, 2])
  func relu(_ input: Double) {
    let units = ReferenceUnits(.relu, bias: [0], precision: [2.5])
    for row in 0..<50 {
      let state = draw(units, [input], row: row)[0]
      let cut = -input / 2.5.squareRoot()
      let above = erfc((cut + state * 2.5.squareRoot()) / 2.0.squareRoot()) / erfc(cut / 2.0.squareRoot())
      // An error of 1e-15 in s moves Q by the hazard, below 10, times as much; near u = 1e-10 Q itself is small.
      #expect(state >= 0 && abs(above - uniform(0, row: row)) <= 1e-12)
    }
  }

  @Test("relu draws far out are exponential, and those of a large input normal", arguments: [-1e6, 1e6])
  func farRelu(_ input: Double) {
    for row in 0..<50 {
      let state = draw(ReferenceUnits(.relu, bias: [0]), [input], row: row)[0]
      if input < 0 {
        // Q(a + s)/Q(a) = e^{−as}·(1 + O(s/a) + O(s²)), s below 22/a.
        #expect(abs(state * 1e6 + log(uniform(0, row: row))) <= 1e-8)
      } else {
        // s = a + z with Q(z) = u, where a rounds z to 1e-10.
        #expect(abs(erfc((state - input) / 2.0.squareRoot()) / 2 - uniform(0, row: row)) <= 1e-9)
      }
    }
  }

  @Test("the units of a block are numbered from a multiple of 4 on")
  func blocks() {
    let kinds = [
      ReferenceUnits(categorical: [5], bias: [0, 0, 0, 0, 0]), ReferenceUnits(.gaussian, bias: [0, 0]),
    ]
    let inputs = [1.0, 0, 0, 0, 0, 0, 0]
    let state = ReferenceLayer(kinds).sample(inputs, row: 9, step: 3, stream: 1, random: Self.random)
    #expect(Array(state.prefix(5)) == draw(kinds[0], Array(inputs.prefix(5)), row: 9))
    let second = ReferenceUnits.Draw(Self.random, row: 9, step: 3, stream: 1, firstUnit: 8)
    #expect(Array(state.suffix(2)) == kinds[1].sample([0, 0], second))
  }

  @Test(
    "sample moments are the closed ones", .enabled(if: Build.isOptimized),
    arguments: UnitsCase.all)
  func sampleMoments(_ test: UnitsCase) {
    let count = 100_000
    let states = (0..<count).map { draw(test.units, test.inputs, row: $0) }
    let moments = test.moments([1, 2, 4])
    let (first, second, fourth) = (moments[0], moments[1], moments[2])
    for k in test.inputs.indices {
      let mean = states.reduce(0) { $0 + $1[k] } / Double(count)
      let square = states.reduce(0) { $0 + $1[k] * $1[k] } / Double(count)
      // Five standard errors, missed once in 1.7 million; 1e-9 for what 32 bits of a word leave open.
      let error = max(second[k] - first[k] * first[k], 0) / Double(count)
      #expect(abs(mean - first[k]) <= 5 * error.squareRoot() + 1e-9)
      let squareError = max(fourth[k] - second[k] * second[k], 0) / Double(count)
      #expect(abs(square - second[k]) <= 5 * squareError.squareRoot() + 1e-9)
    }
  }
}
