import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

/// A layer for the engine and for the reference, with inputs of both signs in five rows.
struct LayerCase: Sendable, CustomTestStringConvertible {
  let shape: [BlockShape]
  let units: any Units
  let reference: ReferenceLayer
  let inputs: Matrix

  init(_ shape: [BlockShape], seed: UInt64 = 400) {
    self.shape = shape
    units = MachineShape(shape, []).normal(biasDeviation: 1, seed: seed).visible.units
    reference = ReferenceLayer(units)
    inputs = Matrix(randomValues(5, width: reference.width, seed: seed + 1).map { $0.map { 12 * $0 - 6 } })
  }

  var testDescription: String { "\(shape)" }

  static let all = (MachineShape.layers + [MachineShape.table]).map { LayerCase($0) }

  var discrete: Bool { units.realColumns.isEmpty }

  /// β(b + I), in Double from the Float parameters.
  func fields(_ beta: Float) -> [[Double]] {
    inputs.doubles.map { row in zip(row, reference.bias).map { Double(beta) * ($0 + $1) } }
  }

  /// b + I and its product with β ≤ 1: two roundings of at most 10.
  static let fieldError = 2 * 10 * FloatBounds.roundoff

  /// What a verb writes.
  func output(_ verb: (_ into: MutableMatrixView) -> Void) -> [[Double]] {
    let output = MutableMatrixView(rows: inputs.rows, columns: units.count)
    verb(output)
    return output.view.doubles
  }
}

/// Inverse temperatures.
private let betas: [Float] = [1, 0.3, 0]

@Suite("Units of every kind: verbs")
struct UnitsTests {
  @Test("parameters pass from the engine to the reference and back", arguments: LayerCase.all)
  func conversions(_ layer: LayerCase) {
    #expect(layer.reference.units.parameters == layer.units.parameters)
    #expect(layer.reference.units.blocks == layer.units.blocks)
    #expect(layer.reference.bias == layer.units.bias.doubles)
    let kinds = layer.reference.blocks.map(\.kind.rawValue)
    #expect(kinds == layer.units.blocks.map(\.kind))
    let isReal = layer.reference.isReal
    #expect(Array(layer.units.realColumns.joined()) == isReal.indices.filter { isReal[$0] })
  }

  @Test("means", arguments: LayerCase.all, betas)
  func means(_ layer: LayerCase, _ beta: Float) {
    let means = layer.output {
      layer.units.means(inputs: layer.inputs.view, inverseTemperature: beta, into: $0)
    }
    for (mean, fields) in zip(means, layer.fields(beta)) {
      let bound = layer.reference.meanBound(fields, error: LayerCase.fieldError)
      #expect(largestDifference(mean, layer.reference.mean(fields)) <= bound)
    }
  }

  @Test("variances", arguments: LayerCase.all, betas)
  func variances(_ layer: LayerCase, _ beta: Float) {
    let variances = layer.output {
      layer.units.variances(inputs: layer.inputs.view, inverseTemperature: beta, into: $0)
    }
    let expected = layer.fields(beta).map { layer.reference.variance($0) }
    let bound = layer.reference.varianceBound(error: LayerCase.fieldError)
    #expect(largestDifference(variances, expected) <= bound)
  }

  @Test("log-normalisers, added to what is there", arguments: LayerCase.all, betas)
  func logNormalizers(_ layer: LayerCase, _ beta: Float) {
    var sums = [1.0, 2, 3, 4, 5]
    layer.units.addLogNormalizers(inputs: layer.inputs.view, inverseTemperature: beta, to: &sums)
    for (row, fields) in layer.fields(beta).enumerated() {
      let expected = Double(row + 1) + layer.reference.logNormalizer(fields)
      let bound = layer.reference.logNormalizerBound(fields, error: LayerCase.fieldError)
      #expect(abs(sums[row] - expected) <= bound)
    }
  }

  /// The inputs are no ties, and so far apart that rounding makes none.
  @Test("modes", arguments: LayerCase.all)
  func modes(_ layer: LayerCase) {
    let modes = layer.output { layer.units.modes(inputs: layer.inputs.view, into: $0) }
    let expected = layer.fields(1).map { layer.reference.mode($0) }
    // x/γ of x ≤ 10: a rounding of the sum and one or two of the quotient.
    #expect(largestDifference(modes, expected) <= (layer.discrete ? 0 : 4 * 10 * FloatBounds.roundoff))
  }

  @Test("energies, added to what is there", arguments: LayerCase.all)
  func energies(_ layer: LayerCase) {
    let states = (0..<3).map { row in
      layer.reference.sample(
        layer.reference.bias, row: row, step: 0, stream: 255, random: ReferenceRandom(seed: 402)
      ).map { Double(Float($0)) }
    }
    var energies = [10.0, 20, 30]
    layer.units.addEnergies(of: Matrix(states).view, to: &energies)
    for (row, state) in states.enumerated() {
      let expected = Double(10 * (row + 1)) + layer.reference.energy(state)
      #expect(abs(energies[row] - expected) <= layer.reference.energyBound(state) + 1e-12)
    }
  }

  @Test("outputs may be the inputs themselves", arguments: LayerCase.all)
  func inPlace(_ layer: LayerCase) {
    typealias Verb = (MatrixView, MutableMatrixView) -> Void
    let random = RandomRows(RandomStream(seed: 1, purpose: .test), rows: [0, 1, 2, 3, 4])
    let verbs: [Verb] = [
      { layer.units.means(inputs: $0, inverseTemperature: 0.3, into: $1) },
      { layer.units.variances(inputs: $0, inverseTemperature: 0.3, into: $1) },
      { layer.units.modes(inputs: $0, into: $1) },
      { layer.units.sample(inputs: $0, inverseTemperature: 0.3, random: random, means: nil, into: $1) },
    ]
    for verb in verbs {
      let apart = layer.output { verb(layer.inputs.view, $0) }
      let inPlace = layer.output {
        $0.copy(layer.inputs.view)
        verb($0.view, $0)
      }
      #expect(apart == inPlace)
    }
  }

  @Test("sites are the states of the reference; real units have none", arguments: LayerCase.all)
  func sites(_ layer: LayerCase) {
    guard let sites = layer.units.sites else { return #expect(!layer.discrete) }
    #expect(layer.discrete)
    let count = sites.reduce(1) { $0 * $1.states.count }
    #expect(Double(count) == layer.reference.stateCount())
    let states = layer.reference.states().states
    for (site, values) in sites.enumerated() {
      let stride = sites[..<site].reduce(1) { $0 * $1.states.count }
      let own = (0..<values.states.count).map { states[$0 * stride][values.columns].map(Float.init) }
      #expect(own == values.states)
    }
  }
}

@Suite("Units of every kind: fits")
struct UnitFitTests {
  /// Means that every kind can have.
  private func means(_ layer: LayerCase) -> [Float] {
    let fields = layer.reference.bias
    return layer.reference.mean(fields).map(Float.init)
  }

  private func meansAtRest(_ units: any Units) -> [Double] { ReferenceLayer(units).mean(units.bias.doubles) }

  /// Biases are logs and logits up to 7, or roots by bisection of an interval of 1,100 cut 40 times, to 2⁻²⁴ of the
  /// root: all to 4u·max(1, |b|), and a mean moves by its variance times that; its own Float by u.
  @Test("the biases of means give these means", arguments: LayerCase.all)
  func biasOfMeans(_ layer: LayerCase) {
    let means = means(layer)
    let units = layer.units.with(bias: layer.units.bias(ofMeans: means))
    let largest = units.bias.reduce(1) { max($0, abs($1)) }
    // A rectified mean found by bisection is itself good to 30u.
    let bound = (8 * Double(largest) + 60) * FloatBounds.roundoff
    #expect(largestDifference(meansAtRest(units), means.doubles) <= bound)
  }

  @Test("fits have the means; Gaussian units the variances, rectified ones the mean squares")
  func fitted() {
    let data = ColumnStatistics(means: [1.5, -0.5], variances: [4, 0.25])
    let gaussian = GaussianUnits(bias: [0, 0]).fitted(to: data)
    #expect(gaussian.precision == [0.25, 4] && gaussian.bias == [0.375, -2])
    let rectified = RectifiedUnits(bias: [0]).fitted(to: ColumnStatistics(means: [1.5], variances: [4]))
    #expect(rectified.precision == [1 / (1.5 * 1.5 + 4)])
    #expect(abs(meansAtRest(rectified)[0] - 1.5) <= 100 * FloatBounds.roundoff * 1.5)
  }

  @Test("the parts of a mixed layer fit their own columns")
  func mixed() {
    let data = ColumnStatistics(means: [0.25, 0.5, 0.25, 0.25, 2], variances: [1, 1, 1, 1, 4])
    let layer = MixedUnits([
      BernoulliUnits(bias: [0]), CategoricalUnits(UnitParameters(bias: [0, 0, 0], states: [3])),
      GaussianUnits(bias: [0]),
    ]).fitted(to: data)
    #expect(layer.precision == [1, 1, 1, 1, 0.25])
    #expect(largestDifference(meansAtRest(layer), data.means.doubles) <= 20 * FloatBounds.roundoff)
  }

  @Test("means that no finite bias has get those of a near one")
  func extremes() {
    let columns = UnitParameters(bias: [0, 0], states: [2])
    #expect(CategoricalUnits(columns).bias(ofMeans: [0, 1]).allSatisfy { $0.isFinite })
    #expect(SpinUnits(bias: [0, 0]).bias(ofMeans: [-1, 1]).allSatisfy { abs($0) < 4 })
    #expect(RectifiedUnits(bias: [0, 0]).bias(ofMeans: [0, -5]).allSatisfy { $0.isFinite })
    // A column that never varies has the variance of a hundredth of the mean one.
    let flat = GaussianUnits(bias: [0, 0]).fitted(to: ColumnStatistics(means: [3, 0], variances: [0, 2]))
    #expect(flat.precision == [100, 0.5])
    let constant = GaussianUnits(bias: [0]).fitted(to: ColumnStatistics(means: [3], variances: [0]))
    #expect(constant.precision == [1])
  }

  @Test("categorical biases of means add up to zero over a site")
  func zeroSum() {
    let units = CategoricalUnits(UnitParameters(bias: [0, 0, 0], states: [3]))
    let bias = units.bias(ofMeans: [0.7, 0.2, 0.1])
    // Three roundings of numbers below 2.
    #expect(abs(bias.reduce(0, +)) <= 6 * Float(FloatBounds.roundoff))
  }
}
