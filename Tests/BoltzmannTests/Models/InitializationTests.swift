import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Initialisation")
struct InitializationTests {
  @Test("is written as it is read", arguments: ["normal:0.01", "uniform:0.1", "uniform:glorot4"])
  func roundTrip(_ text: String) throws {
    let initialization = try #require(WeightInitialization(text))
    #expect(initialization.description == text)
  }

  @Test(
    "what spells nothing is refused",
    arguments: ["", "normal", "normal:", "normal:-1", "normal:nan", "normal:1:2", "uniform:inf", "glorot"])
  func refused(_ text: String) {
    #expect(WeightInitialization(text) == nil)
  }

  @Test("normal weights have the deviation, uniform ones fill the interval")
  func laws() {
    let normal = WeightInitialization.normal(standardDeviation: 0.01)(visible: 70, hidden: 50, seed: 1)
    let values = normal.values.doubles
    #expect(SampleMean(values).isWithin(5, standardErrorsOf: 0))
    // A variance of 3,500 normal numbers has the relative standard error √(2/3500).
    #expect(SampleMean(values.map { $0 * $0 }).isWithin(5, standardErrorsOf: 1e-4))

    // 4√(6/120) = 0.894; of 3,500 numbers the largest lies within 1 % of the end but for odds of 0.99³⁵⁰⁰.
    let glorot = WeightInitialization.glorot(visible: 70, hidden: 50, seed: 1).values.doubles
    let bound = 4 * (6.0 / 120).squareRoot()
    #expect(glorot.allSatisfy { abs($0) <= bound })
    #expect(glorot.max()! > 0.99 * bound && glorot.min()! < -0.99 * bound)
    // The variance of a uniform number is a²/3.
    #expect(SampleMean(glorot.map { $0 * $0 }).isWithin(5, standardErrorsOf: bound * bound / 3))
    #expect(SampleMean(glorot).isWithin(5, standardErrorsOf: 0))
  }

  @Test("weights depend on the seed and on their own place only")
  func places() {
    let wide = WeightInitialization.uniform(bound: 1)(visible: 5, hidden: 9, seed: 3)
    let narrow = WeightInitialization.uniform(bound: 1)(visible: 4, hidden: 7, seed: 3)
    let other = WeightInitialization.uniform(bound: 1)(visible: 4, hidden: 7, seed: 4)
    #expect(narrow == Matrix(rows: 4, columns: 7) { wide[$0, $1] })
    #expect(narrow != other)
  }

  @Test("the visible bias gives the data's means, kept away from 0 and 1")
  func visibleBias() {
    let machine = RBM.initialized(dataMeans: [0, 0.25, 1], hidden: 2, seed: 5)
    let means = machine.visible.bias.map { BoltzmannReference.logistic(Double($0)) }
    // The bias is rounded to 2⁻²⁴ of at most 7, and the mean's slope is ¼ at most.
    for (mean, expected) in zip(means, [0.001, 0.25, 0.999]) { #expect(abs(mean - expected) <= 2 * 0x1p-24) }
    #expect(machine.hidden.bias == [0, 0])
    #expect(machine.referenceVisibleBias == machine.visible.bias)
  }

  @Test("the visible bias may start at zero; annealing still starts at the base rates")
  func zeroBias() {
    let means: [Float] = [0.1, 0.9]
    let machine = RBM.initialized(dataMeans: means, hidden: 2, visibleBiasFromData: false, seed: 5)
    #expect(machine.visible.bias == [0, 0])
    #expect(machine.referenceVisibleBias == means.map { BernoulliUnits.bias(ofMean: $0) })
  }
}
