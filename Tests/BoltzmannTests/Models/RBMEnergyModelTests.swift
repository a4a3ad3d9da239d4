import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("The restricted Boltzmann machine as an energy model")
struct RBMEnergyModelTests {
  static let pair = MachinePair.normal(visible: 7, hidden: 5, seed: 410)
  /// Two blocks of 50 and a short one.
  static let states = randomStates(113, width: 7, seed: 411)
  static let bounds = FloatBounds(pair.reference)

  static var matrix: MatrixView { Matrix(states).view }

  @Test("parameters are weights row by row, visible biases, hidden biases; they survive a round trip")
  func parameters() {
    let reference = Self.pair.reference
    let expected = reference.weights.joined() + reference.visibleBias + reference.hiddenBias
    #expect(Self.pair.engine.parameters == expected)
    var other = RBM(ReferenceRBM(visibleCount: 7, hiddenCount: 5))
    other.parameters = expected
    #expect(ReferenceRBM(other) == reference)
  }

  @Test("a copy of the weights does not outlive new parameters")
  func copies() {
    var model = Self.pair.engine.withTransposedWeights
    model.parameters = model.parameters.map { -$0 }
    #expect(model.transposedWeights == nil)
  }

  @Test("the energy is F(v)")
  func energies() {
    let energies = Self.pair.engine.energies(of: Self.matrix, parallel: Parallel(threads: 2))
    let expected = Self.states.map { Self.pair.reference.freeEnergy(visible: $0) }
    #expect(largestDifference(energies, expected) <= Self.bounds.freeEnergy)
  }

  @Test("⟨∂ log f/∂θ⟩ is the slope of −⟨F⟩")
  func parameterGradient() {
    let gradient = Self.pair.engine.meanParameterGradient(over: Self.matrix, parallel: Parallel(threads: 2))
    let slope = Self.pair.reference.finiteDifferences { machine in
      -Self.states.reduce(0) { $0 + machine.freeEnergy(visible: $1) } / 113
    }
    // The third derivative of softplus is below 0.097: ε²/6 of it is nothing. Rounding: 10⁻¹⁵·20 nats/10⁻⁵. The
    // blocks' shares add one rounding in Double.
    #expect(largestDifference(gradient, slope.flat) <= Self.bounds.moment(rows: 50) + 2e-9)
  }

  @Test("E_model[∂ log f/∂θ] is the reference's, and so is the likelihood")
  func expectations() throws {
    let reference = Self.pair.reference
    let expected = reference.modelPhase().moments(around: .zero(like: reference)).flat
    // The model's moments to 5e-6, as for the exact gradient.
    #expect(largestDifference(try Self.pair.engine.expectedParameterGradient(), expected) <= 5e-6)
    let likelihood = try Self.pair.engine.meanLogLikelihood(of: Self.matrix)
    // log Z moves by no more than the free energies in its sum.
    let bound = Self.bounds.freeEnergy + Self.bounds.mirrored.freeEnergy
    #expect(abs(likelihood - reference.meanLogLikelihood(of: Self.states)) <= bound)
  }

  @Test("the gradient is the one that `ExactGradient` ascends")
  func exactGradient() throws {
    let gradient = try Self.pair.engine.logLikelihoodGradient(of: Self.matrix).values
    let expected = Self.pair.reference.exactGradient(ReferenceMinibatch(Self.states)).flat
    #expect(largestDifference(gradient, expected) <= Self.bounds.gradient(rows: 50) + 5e-6)
  }

  @Test("a machine with two large layers has no exact log Z")
  func tooLarge() {
    let model = RBM.initialized(dataMeans: [Float](repeating: 0.5, count: 30), hidden: 26, seed: 0)
    #expect(throws: EnumerationError.self) { try model.expectedParameterGradient() }
    let state = Matrix(rows: 1, columns: 30).view
    #expect(throws: EnumerationError.self) { try model.meanLogLikelihood(of: state) }
  }
}
