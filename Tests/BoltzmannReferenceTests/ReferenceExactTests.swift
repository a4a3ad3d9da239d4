import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

extension MachineShape {
  /// Pairs small enough for any sum: one real unit a layer at most where both layers have some.
  static let tiny: [MachineShape] = {
    let layers: [[BlockShape]] = [
      [.bernoulli(2)], [.spin(2)], [.categorical([3])], [.gaussian(1)], [.relu(1)],
      [.bernoulli(1), .categorical([2]), .gaussian(1)],
    ]
    return layers.flatMap { visible in layers.map { MachineShape(visible, $0) } }
  }()
}

private func flat(_ moments: ReferenceMoments) -> [Double] {
  moments.product.joined() + moments.visible + moments.hidden + moments.visibleSquare + moments.hiddenSquare
}

@Suite("Exact sums for every kind")
struct ReferenceExactTests {
  // Grids of at most 20,000 nodes, each term good to 1e-14 relative, values below 20.
  static let tolerance = 1e-11

  @Test(
    "log Z and the moments are the same from either layer, and by the way chosen",
    arguments: MachineShape.tiny)
  func bothSides(_ shape: MachineShape) throws {
    let machine = shape.normal(weightDeviation: 0.3, seed: 70)
    let (visibles, hiddens) = (machine.visible.states(), machine.hidden.states())
    let logZ = machine.logPartition(over: visibles)
    #expect(abs(machine.mirrored.logPartition(over: hiddens) - logZ) <= Self.tolerance)
    #expect(abs(try #require(machine.logPartition()) - logZ) <= Self.tolerance)
    let moments = flat(machine.modelMoments(over: visibles))
    let mirrored = flat(machine.mirrored.modelMoments(over: hiddens).mirrored)
    #expect(largestDifference(mirrored, moments) <= Self.tolerance)
    #expect(largestDifference(flat(try #require(machine.modelMoments())), moments) <= Self.tolerance)
  }

  @Test(
    "the gradient is the slope of the exact log-likelihood, in every parameter", arguments: MachineShape.tiny)
  func gradient(_ shape: MachineShape) throws {
    let machine = shape.normal(weightDeviation: 0.3, seed: 71)
    let samples = (0..<4).map {
      machine.visible.sample(
        machine.visible.bias, row: $0, step: 0, stream: 255, random: ReferenceRandom(seed: 72))
    }
    let weights = [1.0, 2, 0.5, 0]
    let gradient = try #require(machine.exactGradient(samples, rowWeights: weights)).flat
    let slope = centralDifferences(at: machine.parameters, step: 1e-4) { parameters in
      var moved = machine
      moved.parameters = parameters
      return moved.meanLogLikelihood(of: samples, rowWeights: weights) ?? .nan
    }
    // Third derivatives, cumulants of products of two units, are below 100 here: 1e-8·100/6, and rounding of
    // log-likelihoods below 20, good to 1e-12: 1e-8.
    #expect(largestDifference(gradient, slope) <= 2e-7)
  }

  @Test("the gradient vanishes when the data are the model", arguments: MachineShape.tiny)
  func stationaryPoint(_ shape: MachineShape) throws {
    let machine = shape.normal(weightDeviation: 0.3, seed: 73)
    let visibles = machine.visible.states()
    let gradient = try #require(
      machine.exactGradient(visibles.states, rowWeights: machine.probabilities(of: visibles)))
    #expect(gradient.flat.allSatisfy { abs($0) <= Self.tolerance })
  }

  @Test("a grid's probabilities add up to one")
  func probabilities() {
    let machine = MachineShape([.relu(1)], [.gaussian(1)]).normal(seed: 74)
    let total = machine.probabilities(of: machine.visible.states()).reduce(0, +)
    #expect(abs(total - 1) <= Self.tolerance)
  }

  @Test("parameters can be read, set, and keep the precisions of kinds that have none")
  func parameters() {
    let machine = MachineShape([.bernoulli(2), .gaussian(1)], [.relu(2)]).normal(seed: 75)
    var copy = machine
    #expect(machine.parameters.count == 6 + 3 + 2 + 3 + 2)
    copy.parameters = machine.parameters.map { _ in 0.5 }
    #expect(copy.visible.precision == [1, 1, exp(0.5)] && copy.hidden.bias == [0.5, 0.5])
    copy.parameters = machine.parameters
    // exp(log γ) is off by an ulp or two.
    #expect(largestDifference(copy.parameters, machine.parameters) <= 1e-15)
  }
}

@Suite("Real units on both sides")
struct ReferenceNormalizationTests {
  static let tolerance = 1e-11

  /// One unit a side: det A = γ_v γ_h − w², log Z = log 2π − ½ log det A + ½θᵀA⁻¹θ.
  private func pair(_ visible: ReferenceUnits.Kind, _ hidden: ReferenceUnits.Kind, weight: Double)
    -> ReferenceLayeredRBM
  {
    ReferenceLayeredRBM(
      visible: ReferenceLayer(ReferenceUnits(visible, bias: [0.5], precision: [4])),
      hidden: ReferenceLayer(ReferenceUnits(hidden, bias: [-1], precision: [2.25])), weights: [[weight]])
  }

  @Test("a Gaussian pair by hand")
  func byHand() throws {
    let machine = pair(.gaussian, .gaussian, weight: 2)
    // A = [[4, −2], [−2, 2.25]], det A = 5, A⁻¹ = [[.45, .4], [.4, .8]]; θ = (½, −1): A⁻¹θ = (−.175, −.6).
    let expected = log(2 * Double.pi) - log(5) / 2 + (0.5 * -0.175 + 0.6) / 2
    #expect(abs(try #require(machine.logPartition()) - expected) <= 1e-14)
    let moments = try #require(machine.modelMoments())
    #expect(largestDifference(moments.visible + moments.hidden, [-0.175, -0.6]) <= 1e-15)
    #expect(abs(moments.product[0][0] - (0.4 + 0.175 * 0.6)) <= 1e-15)
    #expect(abs(moments.visibleSquare[0] - (0.45 + 0.175 * 0.175)) <= 1e-15)
  }

  @Test("the closed form of many Gaussian units agrees with the sum over a grid")
  func closedForm() throws {
    let machine = MachineShape([.gaussian(2)], [.gaussian(3)]).normal(weightDeviation: 0.3, seed: 76)
    let grid = machine.visible.states()
    let pair = try #require(GaussianPair(machine))
    #expect(abs(pair.logPartition - machine.logPartition(over: grid)) <= Self.tolerance)
    #expect(largestDifference(flat(pair.moments), flat(machine.modelMoments(over: grid))) <= Self.tolerance)
  }

  @Test("an indefinite pair has no log Z, or none that is shown")
  func indefinite() {
    for kinds in [
      (ReferenceUnits.Kind.gaussian, ReferenceUnits.Kind.gaussian), (.relu, .gaussian), (.relu, .relu),
    ] {
      // det A = 9 − w²: zero at w = 3.
      for (weight, isNormalizable) in [(2.9, true), (3, false), (3.1, false), (-3.1, false)] {
        let machine = pair(kinds.0, kinds.1, weight: weight)
        #expect(machine.isNormalizable == isNormalizable)
        #expect((machine.logPartition() != nil) == isNormalizable)
        #expect((machine.modelMoments() != nil) == isNormalizable)
        #expect((machine.exactGradient([[1]]) != nil) == isNormalizable)
      }
    }
  }

  @Test("a pair that is hardly normalisable has its log Z still")
  func hardlyNormalizable() throws {
    // det A = 9 − w². Two relu units whose peak is inside, γ-weighted biases of 6: where they are ≥ 0 lies all but
    // e^{−72} of the Gaussian pair, whose log Z is in closed form.
    func machine(_ kind: ReferenceUnits.Kind) -> ReferenceLayeredRBM {
      var machine = pair(kind, kind, weight: 2.99)
      machine.visible.bias = [6]
      machine.hidden.bias = [6]
      return machine
    }
    let gaussian = try #require(machine(.gaussian).logPartition())
    let relu = try #require(machine(.relu).logPartition())
    #expect(abs(relu - gaussian) <= 1e-11 * gaussian)
  }

  @Test("a discrete side makes any machine normalisable, however large the weights")
  func discreteSide() {
    let machine = MachineShape([.gaussian(2)], [.spin(3)]).normal(weightDeviation: 10, seed: 77)
    #expect(machine.isNormalizable && machine.logPartition()?.isFinite == true)
  }

  @Test("what is too large for a sum is none")
  func tooLarge() {
    #expect(
      MachineShape([.relu(3)], [.gaussian(4)]).normal(weightDeviation: 0.1, seed: 78).logPartition() == nil)
    #expect(MachineShape([.bernoulli(21)], [.spin(21)]).normal(seed: 79).logPartition() == nil)
  }
}
