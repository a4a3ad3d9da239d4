import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Enumeration: log Z")
struct EnumerationTests {
  /// Below, at and above the five low units that have a table of their own.
  @Test("is the reference's, summed over either layer", arguments: 1...8)
  func eitherLayer(_ hidden: Int) throws {
    let pair = MachinePair.normal(visible: 7, hidden: hidden, seed: 200 + UInt64(hidden))
    try expectLogPartition(of: pair)
  }

  @Test("is the reference's for one unit on either side", arguments: [(1, 1), (1, 6), (6, 1)])
  func narrow(_ size: (Int, Int)) throws {
    try expectLogPartition(of: .normal(visible: size.0, hidden: size.1, seed: 210))
  }

  @Test(
    "follows bars and stripes at every temperature",
    arguments: [0, 0.01, 0.1, 0.3, 0.7, 1, 1.5, 3, 10, 100])
  func barsAndStripes(_ beta: Double) throws {
    let machine = ReferenceRBM.barsAndStripes2x2(sharpness: 20).scaled(by: beta)
    try expectLogPartition(of: MachinePair(machine))
  }

  private func expectLogPartition(of pair: MachinePair) throws {
    let exact = pair.reference.logPartition()
    let bounds = FloatBounds(pair.reference)
    // The log of a sum is off by no more than the worst of its terms.
    let byHiddens = try Enumeration(of: pair.engine, over: .hidden).logPartition()
    #expect(abs(byHiddens - exact) <= bounds.mirrored.freeEnergy)
    let byVisibles = try Enumeration(of: pair.engine, over: .visible).logPartition()
    #expect(abs(byVisibles - exact) <= bounds.freeEnergy)
    #expect(abs(byHiddens - byVisibles) <= 1e-5 * abs(exact))
  }

  @Test("at its optimum the 2 × 2 machine is as good as the data's entropy allows")
  func barsAndStripesOptimum() throws {
    let pair = MachinePair(.barsAndStripes2x2(sharpness: 20))
    let patterns = BoltzmannReference.barsAndStripes(side: 2)
    let logPartition = try pair.engine.exactLogPartition()
    let energies = pair.engine.freeEnergies(of: FloatSamples(patterns))
    let loss = energies.reduce(8 * logPartition, +)
    // Four of eight patterns have probability ¼, four ⅛.
    let entropy = 4 * log(4.0) + 4 * log(8.0)
    // The ten other states have weight 1 (1 + e^{−10} for each neighbour) beside 8·e^{10} of the patterns.
    let missing = 8 * 10 * 1.01 / (8 * exp(10.0))
    let bounds = FloatBounds(pair.reference)
    let rounding = 8 * (bounds.freeEnergy + bounds.mirrored.freeEnergy)
    #expect(loss >= entropy - rounding)
    #expect(loss <= entropy + missing + rounding)
  }

  @Test("without couplings it is a sum over units")
  func independentUnits() throws {
    let machine = RBM(
      visibleBias: [0, 1, -2], hiddenBias: [Float](repeating: 0, count: 9),
      weights: Matrix(rows: 3, columns: 9))
    let exact = [0.0, 1, -2].reduce(9 * log(2.0)) { $0 + BoltzmannReference.softplus($1) }
    // Twelve softplus below 2.2, each good to 9u of itself.
    #expect(abs(try machine.exactLogPartition() - exact) <= 12 * 9 * 2.2 * FloatBounds.roundoff)
  }

  @Test("large parameters do not overflow")
  func largeParameters() throws {
    let pair = MachinePair.normal(visible: 6, hidden: 7, weightDeviation: 1e4, biasDeviation: 1e4, seed: 211)
    try expectLogPartition(of: pair)
  }

  @Test("the smaller layer is taken where none is named")
  func smallerLayer() throws {
    for (visible, hidden, layer) in [(4, 6, Enumeration.Layer.visible), (6, 4, .hidden), (5, 5, .hidden)] {
      let model = MachinePair.normal(visible: visible, hidden: hidden, seed: 212).engine
      #expect(
        try model.exactLogPartition() == Enumeration(of: model, over: layer).logPartition(),
        "the same bits, so the same sum")
    }
  }

  @Test("the same bits on any number of threads", arguments: [2, 3])
  func threads(_ threads: Int) throws {
    // 2⁹ states of high units: eight blocks.
    let enumeration = try Enumeration(of: MachinePair.normal(visible: 15, hidden: 14, seed: 213).engine)
    let one = Parallel(threads: 1), many = Parallel(threads: threads)
    #expect(enumeration.logPartition(parallel: one) == enumeration.logPartition(parallel: many))
    let moments = ReferenceGradient(enumeration.moments(parallel: one))
    #expect(moments == ReferenceGradient(enumeration.moments(parallel: many)))
  }
}

@Suite("Enumeration: what cannot be enumerated")
struct EnumerationErrorTests {
  @Test("more than 25 units on the smaller side")
  func tooLarge() {
    let machine = RBM.initialized(dataMeans: [Float](repeating: 0.5, count: 26), hidden: 27, seed: 0)
    let error = #expect(throws: EnumerationError.self) { try machine.exactLogPartition() }
    #expect(error?.description == "the exact sum needs a side of at most 2^25 states, not 2^26")
    #expect(throws: EnumerationError.self) { try Enumeration(of: machine, over: .hidden) }
  }

  @Test("25 units are accepted, whatever the other side has")
  func limit() throws {
    let machine = RBM.initialized(dataMeans: [Float](repeating: 0.5, count: 30), hidden: 25, seed: 0)
    #expect(throws: Never.self) { try Enumeration(of: machine) }
    #expect(throws: EnumerationError.self) { try Enumeration(of: machine, over: .visible) }
  }

  @Test("a side of real units")
  func realUnits() {
    let machine = RBM(
      visible: GaussianUnits(bias: [0, 0]), hidden: BernoulliUnits(bias: [0]),
      weights: Matrix(rows: 2, columns: 1))
    #expect(throws: EnumerationError.self) { try Enumeration(of: machine, over: .visible) }
    #expect(throws: Never.self) { try Enumeration(of: machine, over: .hidden) }
  }
}

@Suite("Enumeration: moments")
struct EnumerationMomentsTests {
  /// Errors of the states' log-probabilities, of means and of sums in Float have random signs: a few dozen
  /// roundings of 6e-8 each, of numbers near 1, make less than 1e-6; 5e-6 is what is promised.
  static let tolerance = 5e-6

  @Test("E[vhᵀ], E[v] and E[h] are the reference's, summed over either layer", arguments: 1...8)
  func eitherLayer(_ hidden: Int) throws {
    let pair = MachinePair.normal(visible: 7, hidden: hidden, seed: 220 + UInt64(hidden))
    let exact = pair.reference.modelPhase().moments(around: .zero(like: pair.reference))
    for layer in [Enumeration.Layer.hidden, .visible] {
      let moments = ReferenceGradient(try Enumeration(of: pair.engine, over: layer).moments())
      #expect(moments.largestDifference(from: exact) <= Self.tolerance)
    }
  }

  @Test("of bars and stripes at every temperature", arguments: [0, 0.1, 0.5, 1, 3])
  func barsAndStripes(_ beta: Double) throws {
    let pair = MachinePair(.barsAndStripes2x2(sharpness: 20).scaled(by: beta))
    let exact = pair.reference.modelPhase().moments(around: .zero(like: pair.reference))
    let moments = ReferenceGradient(try Enumeration(of: pair.engine).moments())
    // Inputs up to s·β·3.5 lose more digits.
    let tolerance = Self.tolerance + FloatBounds(pair.reference).freeEnergy
    #expect(moments.largestDifference(from: exact) <= tolerance)
  }

  @Test("of several chunks of states", .enabled(if: Build.isOptimized))
  func manyStates() throws {
    let pair = MachinePair.normal(visible: 14, hidden: 13, weightDeviation: 0.5, seed: 230)
    let exact = pair.reference.modelPhase().moments(around: .zero(like: pair.reference))
    let moments = ReferenceGradient(try Enumeration(of: pair.engine).moments())
    #expect(moments.largestDifference(from: exact) <= Self.tolerance)
  }
}
