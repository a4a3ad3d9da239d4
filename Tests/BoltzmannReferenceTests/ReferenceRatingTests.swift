import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("The rating machine in plain loops")
struct ReferenceRatingTests {
  /// Five sites of three levels, three hidden units, normal parameters.
  static func machine(isGaussian: Bool) -> ReferenceRatingRBM {
    let zeros = [Double](repeating: 0, count: 3)
    var machine = ReferenceRatingRBM(
      weights: (0..<5).map { _ in (0..<3).map { _ in zeros } }, conditional: (0..<5).map { _ in zeros },
      visibleBias: (0..<5).map { _ in zeros }, hiddenBias: zeros, isGaussian: isGaussian)
    let random = ReferenceRandom(seed: 600)
    machine.parameters = machine.parameters.indices.map {
      (isGaussian ? 0.4 : 1) * random.normal(unit: $0, row: 0)
    }
    return machine
  }

  static let ratings: ReferenceRatingRBM.Ratings = [(0, 2), (1, 0), (4, 1)]

  @Test("hidden units sum out: −F is the logarithm of the sum over their states")
  func freeEnergies() {
    let machine = Self.machine(isGaussian: false)
    for way in machine.allRatings(of: [0, 1, 4]) {
      let terms = binaryStates(3).map { -machine.energy(of: way, hidden: $0) }
      // Energies below 30, each summed to 16 roundings of 2⁻⁵³: 10⁻¹³.
      #expect(abs(machine.negativeFreeEnergy(of: way) - logSumExp(terms)) <= 1e-13)
    }
  }

  @Test("Gaussian hidden units sum out, by the trapezoidal rule")
  func gaussianFreeEnergies() {
    // For normal densities the rule is off by 2·e^{−2π²/step²} = 10⁻¹⁵ of the integral, and where it ends, eight standard
    // deviations or more from a mean below 4, by e^{−½·8²} = 10⁻¹⁴.
    let machine = Self.machine(isGaussian: true), step = 0.75
    let grid = Array(stride(from: -12.0, through: 12.0, by: step))
    let inputs = machine.hiddenInputs(given: Self.ratings)
    #expect(inputs.allSatisfy { abs($0) < 4 })
    var logs: [Double] = []
    for a in grid {
      for b in grid {
        for c in grid { logs.append(-machine.energy(of: Self.ratings, hidden: [a, b, c])) }
      }
    }
    let integral = logSumExp(logs) + 3 * log(step) - 1.5 * log(2 * Double.pi)
    #expect(abs(integral - machine.negativeFreeEnergy(of: Self.ratings)) <= 1e-12)
  }

  @Test("the exact gradient is the slope of the log-likelihood", arguments: [false, true])
  func gradient(isGaussian: Bool) {
    let machine = Self.machine(isGaussian: isGaussian)
    let slope = centralDifferences(at: machine.parameters, step: 1e-4) { parameters in
      var moved = machine
      moved.parameters = parameters
      return moved.logLikelihood(of: Self.ratings)
    }
    // Third derivatives are cumulants below 10 of the means of hidden units, below 3: 10·10⁻⁸/6 at steps of 10⁻⁴, and
    // as much for rounding.
    let gradient = machine.exactGradient(of: Self.ratings).parameters
    #expect(largestDifference(gradient, slope) <= 3e-8)
  }

  @Test("sites seen have a gradient by D only: the slope of the log-likelihood", arguments: [false, true])
  func seenGradient(isGaussian: Bool) {
    let machine = Self.machine(isGaussian: isGaussian)
    let slope = centralDifferences(at: machine.parameters, step: 1e-4) { parameters in
      var moved = machine
      moved.parameters = parameters
      return moved.seeing([2, 3]).logLikelihood(of: Self.ratings)
    }
    let gradient = machine.exactGradient(of: Self.ratings, seen: [2, 3])
    // As above.
    #expect(largestDifference(gradient.parameters, slope) <= 3e-8)
    #expect(gradient.conditional[2] == gradient.conditional[3] && gradient.conditional[2] != [0, 0, 0])
    #expect(gradient.weights[2].allSatisfy { $0 == [0, 0, 0] } && gradient.visibleBias[2] == [0, 0, 0])
    // What was seen is known when it is rated, too: D is not counted twice.
    let seen = machine.seeing([2]).hiddenInputs(given: Self.ratings)
    let rated = machine.hiddenInputs(given: Self.ratings + [(2, 1)])
    #expect(largestDifference(zip(rated, seen).map { $0 - $1 }, machine.weights[2][1]) <= 1e-14)
  }

  @Test("laws sum to 1, and a prediction is a conditional of the joint law", arguments: [false, true])
  func laws(isGaussian: Bool) {
    let machine = Self.machine(isGaussian: isGaussian), law = machine.probabilities(of: [0, 1, 4, 2])
    #expect(abs(law.reduce(0, +) - 1) <= 1e-13)
    let ways = machine.allRatings(of: [0, 1, 4, 2])
    let joint = (0..<3).map { level in
      zip(ways, law).filter { pair in
        zip(pair.0, Self.ratings + [(2, level)]).allSatisfy { $0.level == $1.level }
      }.reduce(0) { $0 + $1.1 }
    }
    let predictive = machine.predictive(of: 2, given: Self.ratings)
    #expect(largestDifference(predictive, joint.map { $0 / joint.reduce(0, +) }) <= 1e-13)
  }

  @Test("CD has no pull where ratings follow the machine")
  func stationarity() {
    let machine = Self.machine(isGaussian: false), random = ReferenceRandom(seed: 601)
    let ways = machine.allRatings(of: [0, 1, 4]), law = machine.probabilities(of: [0, 1, 4])
    var total = machine.parameters.map { _ in 0.0 }, squares = total
    for row in 0..<(Build.isOptimized ? 40_000 : 2000) {
      let gradient = machine.contrastiveDivergence(
        ways[random.category(law, row: row)], steps: 1, row: row, firstStep: 0, random: random
      ).parameters
      for (k, value) in gradient.enumerated() {
        total[k] += value
        squares[k] += value * value
      }
    }
    for (sum, square) in zip(total, squares) {
      // Six standard errors: 2·10⁻⁹ of chance in each of 78 numbers.
      #expect(abs(sum) <= 6 * square.squareRoot())
    }
  }
}
