import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// Formulas of the lecture notes that are misprinted, each beside the corrected one, and what decides between them.
/// The article "From energy to contrastive divergence" lists them.
@Suite("Errata of the lecture notes")
struct ErrataTests {
  static let machine = ReferenceRBM.normal(visible: 4, hidden: 3, weightDeviation: 0.7, seed: 500)
  static let samples = [5, 5, 2, 11, 12].map { binaryStates(4)[$0] }
  /// Probabilities of 2⁷ states, each good to 1e-14 relative.
  static let rounding = 1e-12

  // MARK: 1. The sign of the update

  @Test("population mean minus sample mean, printed as the gradient of L, is that of −L: L falls along it")
  func signOfGradient() {
    let gradient = Self.machine.exactGradient(ReferenceMinibatch(Self.samples))
    expectLikelihood(along: gradient, by: +0.01, rises: true)
    expectLikelihood(along: gradient, by: -0.01, rises: false)
  }

  @Test("so for the update of contrastive divergence, averaged over many chains")
  func signOfContrastiveDivergence() {
    let many = (0..<400).flatMap { _ in Self.samples }
    let gradient = Self.machine.contrastiveDivergence(
      ReferenceMinibatch(many), steps: 1, firstStep: 0, random: ReferenceRandom(seed: 501)
    ).gradient(around: .zero(like: Self.machine))
    expectLikelihood(along: gradient, by: +0.01, rises: true)
    expectLikelihood(along: gradient, by: -0.01, rises: false)
  }

  private func expectLikelihood(along gradient: ReferenceGradient, by step: Double, rises: Bool) {
    var moved = Self.machine
    for i in 0..<4 {
      moved.visibleBias[i] += step * gradient.visibleBias[i]
      for j in 0..<3 { moved.weights[i][j] += step * gradient.weights[i][j] }
    }
    for j in 0..<3 { moved.hiddenBias[j] += step * gradient.hiddenBias[j] }
    let change =
      moved.meanLogLikelihood(of: Self.samples) - Self.machine.meanLogLikelihood(of: Self.samples)
    #expect((change > 0) == rises && change != 0)
  }

  // MARK: 2. Z = ∫ e^{−E}

  @Test("the integral of e^{−E} normalises a density; that of E has no limit")
  func exponential() {
    let model = ReferenceGaussianMean(mean: 0.5, precision: 2)
    func integral(_ width: Double, _ function: (Double) -> Double) -> Double {
      (-4_000...4_000).reduce(0) { $0 + function(0.5 + width * Double($1) / 4_000) } * width / 4_000
    }
    let normalizers = [10.0, 20].map { integral($0) { exp(-model.energy(of: $0)) } }
    // The tails beyond 10 are below e^{−100}.
    #expect(abs(normalizers[0] - normalizers[1]) <= 1e-12)
    #expect(abs(log(normalizers[0]) - model.logPartition()) <= 1e-12)
    // ∫ (x − μ)² grows as the cube of the interval.
    let printed = [10.0, 20].map { integral($0, model.energy) }
    #expect(abs(printed[1] / printed[0] - 8) <= 0.01)
  }

  @Test("likewise the sum: P = e^{−F}/Σ e^{−F} sums to one, e^{−F}/ΣF does not")
  func exponentialSum() {
    let energies = binaryStates(4).map { Self.machine.freeEnergy(visible: $0) }
    let sum = energies.reduce(0) { $0 + exp(-$1) }
    let z = exp(Self.machine.logPartition())
    let printed = energies.reduce(0, +)
    #expect(abs(sum / z - 1) <= Self.rounding)
    #expect(abs(sum / printed - 1) > 0.1)
  }

  // MARK: 3. P(v, h) = e^{−E(v, h)}/Z

  @Test("joint probabilities sum to one with 1/Z, to Z without")
  func joint() {
    let total = binaryStates(4).reduce(0) { sum, visible in
      binaryStates(3).reduce(sum) { $0 + exp(-Self.machine.energy(visible: visible, hidden: $1)) }
    }
    let z = exp(Self.machine.logPartition())
    #expect(abs(total / z - 1) <= Self.rounding)
    #expect(abs(total - 1) > 1)
    let probabilities = Self.machine.jointProbabilities().joined().reduce(0, +)
    #expect(abs(probabilities - 1) <= Self.rounding)
  }

  // MARK: 4. The marginal

  @Test("once the hiddens are summed out no sum over them is left: it would count everything 2ⁿ times")
  func marginal() {
    let z = exp(Self.machine.logPartition())
    for visible in binaryStates(4) {
      let bySum = binaryStates(3).reduce(0) {
        $0 + exp(-Self.machine.energy(visible: visible, hidden: $1)) / z
      }
      let closed = exp(-Self.machine.freeEnergy(visible: visible)) / z
      let printed = binaryStates(3).reduce(0) { sum, _ in sum + closed }
      #expect(abs(closed - bySum) <= Self.rounding)
      #expect(abs(printed - 8 * bySum) <= 8 * Self.rounding)
    }
  }

  // MARK: 5. b belongs to v, c to h

  @Test("P(h_j = 1 | v) has the hidden bias c and P(v_i = 1 | h) the visible bias b, never the other")
  func biases() {
    let square = ReferenceRBM.normal(visible: 3, hidden: 3, seed: 502)
    let exchanged = ReferenceRBM(
      weights: square.weights, visibleBias: square.hiddenBias, hiddenBias: square.visibleBias)
    for visible in binaryStates(3) {
      let enumerated = conditionalMeans(square, given: visible)
      // Quotients of sums of 2³ positive terms.
      #expect(largestDifference(square.hiddenMeans(given: visible), enumerated) <= Self.rounding)
      #expect(largestDifference(exchanged.hiddenMeans(given: visible), enumerated) > 0.01)
      let mirrored = conditionalMeans(square.mirrored, given: visible)
      #expect(largestDifference(square.visibleMeans(given: visible), mirrored) <= Self.rounding)
      #expect(largestDifference(exchanged.visibleMeans(given: visible), mirrored) > 0.01)
    }
  }

  /// E[h | v] by the energies of all hidden states.
  private func conditionalMeans(_ machine: ReferenceRBM, given visible: [Double]) -> [Double] {
    let states = binaryStates(machine.hiddenCount)
    let weights = states.map { exp(-machine.energy(visible: visible, hidden: $0)) }
    return machine.hiddenBias.indices.map { j in
      zip(weights, states).reduce(0) { $0 + $1.0 * $1.1[j] } / weights.reduce(0, +)
    }
  }

  // MARK: 6. The rating energy

  @Test("the published conditionals are those of the energy in which v_i^k stands once")
  func ratings() {
    let machine = Self.ratingMachine
    for ratings in Self.allRatings {
      let published = machine.hiddenMeans(given: ratings)
      #expect(largestDifference(hiddenMeans(machine.energy, given: ratings), published) <= Self.rounding)
    }
    for hidden in binaryStates(2) {
      let published = machine.ratingProbabilities(given: hidden)
      #expect(
        largestDifference(ratingProbabilities(machine.energy, given: hidden), published) <= Self.rounding)
    }
  }

  @Test("with v_i a second time in the coupling they are not")
  func misprintedRatings() {
    let machine = Self.ratingMachine
    let ratings = [2, 1], hidden = [1.0, 0]
    let means = hiddenMeans(machine.misprintedEnergy, given: ratings)
    #expect(largestDifference(means, machine.hiddenMeans(given: ratings)) > 0.01)
    let probabilities = ratingProbabilities(machine.misprintedEnergy, given: hidden)
    #expect(largestDifference(probabilities, machine.ratingProbabilities(given: hidden)) > 0.01)
  }

  /// Two movies of three stars, two hidden units.
  private static let ratingMachine: RatingEnergy = {
    let random = ReferenceRandom(seed: 503)
    func row(_ row: Int, _ count: Int) -> [Double] { (0..<count).map { random.normal(unit: $0, row: row) } }
    return RatingEnergy(
      visibleBias: [row(0, 3), row(1, 3)], hiddenBias: row(2, 2),
      weights: [[row(3, 3), row(4, 3)], [row(5, 3), row(6, 3)]])
  }()

  private static let allRatings = (0..<9).map { [$0 % 3, $0 / 3] }

  private func hiddenMeans(
    _ energy: (_ ratings: [Int], _ hidden: [Double]) -> Double, given ratings: [Int]
  ) -> [Double] {
    let weights = binaryStates(2).map { exp(-energy(ratings, $0)) }
    return (0..<2).map { j in
      zip(weights, binaryStates(2)).reduce(0) { $0 + $1.0 * $1.1[j] } / weights.reduce(0, +)
    }
  }

  /// P(v_i^k = 1 | h) by the energies of all ratings, `[movie][star]`.
  private func ratingProbabilities(
    _ energy: (_ ratings: [Int], _ hidden: [Double]) -> Double, given hidden: [Double]
  ) -> [[Double]] {
    let weights = Self.allRatings.map { exp(-energy($0, hidden)) }
    return (0..<2).map { movie in
      (0..<3).map { star in
        zip(weights, Self.allRatings).reduce(0) { $1.1[movie] == star ? $0 + $1.0 : $0 }
          / weights.reduce(0, +)
      }
    }
  }
}
