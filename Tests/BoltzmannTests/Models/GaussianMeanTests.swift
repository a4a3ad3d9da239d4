import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("The mean of a Gaussian as an energy model")
struct GaussianMeanTests {
  static let model = GaussianMean(mean: [0.5, -1.25, 2], precision: 1.6)
  /// 113 rows: two blocks of 50 and a short one.
  static let states = Matrix(randomValues(113, width: 3, seed: 400).map { $0.map { 6 * $0 - 3 } })

  /// The same model, a coordinate each.
  static let coordinates = model.mean.map { ReferenceGaussianMean(mean: $0, precision: 1.6) }

  @Test("energies, likelihood and gradient are the reference's, coordinate by coordinate")
  func reference() throws {
    let rows = Self.states.doubles
    let energies = Self.model.energies(of: Self.states.view, parallel: Parallel(threads: 2))
    let expected = rows.map { row in zip(Self.coordinates, row).reduce(0) { $0 + $1.0.energy(of: $1.1) } }
    // Both in Double, of numbers below 50.
    #expect(largestDifference(energies, expected) <= 1e-13)

    let columns = Self.coordinates.indices.map { index in rows.map { $0[index] } }
    let likelihood = zip(Self.coordinates, columns).reduce(0) { $0 + $1.0.meanLogLikelihood(of: $1.1) }
    let gradient = zip(Self.coordinates, columns).map { $0.logLikelihoodGradient(of: $1) }
    #expect(abs(try Self.model.meanLogLikelihood(of: Self.states.view) - likelihood) <= 1e-12)
    let values = try Self.model.logLikelihoodGradient(of: Self.states.view).values
    #expect(largestDifference(values, gradient) <= 1e-12)
  }

  @Test("the gradient is the slope of the likelihood")
  func finiteDifferences() throws {
    let slope = centralDifferences(at: Self.model.parameters, step: 1e-4) { parameters in
      var moved = Self.model
      moved.parameters = parameters
      return (try? moved.meanLogLikelihood(of: Self.states.view)) ?? .nan
    }
    // L is quadratic: only rounding is left, 10⁻¹⁴ nats/10⁻⁴.
    let gradient = try Self.model.logLikelihoodGradient(of: Self.states.view).values
    #expect(largestDifference(gradient, slope) <= 1e-9)
  }

  @Test("∂E/∂x is the slope of the energy")
  func stateGradients() {
    let gradients = MutableMatrixView(rows: 113, columns: 3)
    Self.model.stateGradients(of: Self.states.view, into: gradients)
    let step: Float = 0x1p-8
    for index in 0..<3 {
      let sides = [step, -step].map { move in
        let moved = Matrix(rows: 113, columns: 3) { Self.states[$0, $1] + ($1 == index ? move : 0) }
        return Self.model.energies(of: moved.view)
      }
      for row in 0..<113 {
        let slope = (sides[0][row] - sides[1][row]) / Double(2 * step)
        // The energy is quadratic. The moved states round by 2⁻²³, which 1/2ε and a slope below 10 turn into
        // 2 · 2⁻²³ · 10 · 2⁷ = 3.1e-4.
        #expect(abs(Double(gradients[row, index]) - slope) <= 3.1e-4)
      }
    }
  }

  @Test("the default transition keeps the law, and a Langevin step without adjustment says that it does not")
  func defaultTransition() {
    #expect(Self.model.defaultTransition.leavesLawInvariant)
    #expect(!LangevinTransition<GaussianMean>(stepSize: 0.1, isAdjusted: false).leavesLawInvariant)
  }
}
