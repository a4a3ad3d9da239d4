import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// Verbs of units whose inputs are known: five units, inputs from −20 to 20, three rows.
@Suite("Bernoulli units")
struct BernoulliUnitsTests {
  static let bias: [Float] = [-1.5, 0, 0.25, 3, -8]
  static let units = BernoulliUnits(bias: bias)
  static let inputs = Matrix(randomValues(3, width: 5, seed: 140).map { $0.map { 40 * $0 - 20 } })

  /// β(b + I), in Double from the Float parameters.
  static func fields(_ beta: Double) -> [[Double]] {
    inputs.doubles.map { row in zip(row, bias).map { beta * ($0 + Double($1)) } }
  }

  // b + I and its product with β: two roundings of at most 28.
  static let fieldBound = 2 * 28 * FloatBounds.roundoff

  @Test("means are σ(β(b + I))", arguments: [1, 0.3, 0] as [Float])
  func means(_ beta: Float) {
    let means = MutableMatrixView(rows: 3, columns: 5)
    Self.units.means(inputs: Self.inputs.view, inverseTemperature: beta, into: means)
    let expected = Self.fields(Double(beta)).map { $0.map(BoltzmannReference.logistic) }
    // Slope ¼; the kernel is good to 2u.
    let bound = Self.fieldBound / 4 + 2 * FloatBounds.roundoff
    #expect(largestDifference(means.view.doubles, expected) <= bound)
  }

  @Test(
    "log-normalisers are Σ log(1 + e^{β(b + I)}), added to what is there",
    arguments: [1, 0.3, 0] as [Float])
  func logNormalizers(_ beta: Float) {
    var sums = [1.0, 2, 3]
    Self.units.addLogNormalizers(inputs: Self.inputs.view, inverseTemperature: beta, to: &sums)
    let expected = zip(Self.fields(Double(beta)), [1.0, 2, 3]).map {
      $0.reduce($1) { $0 + BoltzmannReference.softplus($1) }
    }
    // Five terms below 29, each off by the field's error and by 4.3 ulp, at most 9u of itself.
    #expect(largestDifference(sums, expected) <= 5 * (Self.fieldBound + 9 * 29 * FloatBounds.roundoff))
  }

  @Test("energies are −bᵀx, added to what is there")
  func energies() {
    let states = Matrix([[1, 0, 1, 1, 0], [0, 0, 0, 0, 1]])
    var energies = [10.0, 20]
    Self.units.addEnergies(of: states.view, to: &energies)
    // Sums of quarters: exact.
    #expect(energies == [10 - 1.75, 20 + 8.0])
  }

  @Test("at β = 0 a unit is a fair coin, whatever its bias")
  func infiniteTemperature() {
    let states = MutableMatrixView(rows: 3, columns: 5)
    let random = RandomRows(RandomStream(seed: 1, purpose: .test), rows: [7, 8, 9])
    Self.units.sample(
      inputs: Self.inputs.view, inverseTemperature: 0, random: random, means: nil, into: states)
    let reference = ReferenceRandom(seed: 1)
    for row in 0..<3 {
      let coins = reference.bernoulli([Double](repeating: 0.5, count: 5), row: 7 + row, step: 0, stream: 255)
      #expect(states.view.doubles[row] == coins)
    }
  }

  @Test("the bias of a mean is its logit, within [0.001, 0.999]")
  func biasOfMean() {
    for (mean, clipped) in [(0, 0.001), (0.0005, 0.001), (0.25, 0.25), (0.5, 0.5), (1, 0.999)] {
      // The mean 0.25 is exact in Float; the logit, below 7, is rounded once.
      let expected = BoltzmannReference.logit(clipped)
      #expect(abs(Double(BernoulliUnits.bias(ofMean: Float(mean))) - expected) <= 7 * FloatBounds.roundoff)
    }
  }

  @Test("are found by name")
  func names() {
    #expect(UnitKinds.named("bernoulli") == BernoulliUnits.self)
    #expect(UnitKinds.named("") == nil)
    #expect(Self.units.kind == "bernoulli")
    #expect(Set(UnitKinds.all.map { $0.kind }).count == UnitKinds.all.count)
  }
}
