import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Samples of the enumerated law")
struct ExactSamplingTests {
  static let shapes = [
    MachineShape([.bernoulli(4)], [.bernoulli(7)]), MachineShape([.bernoulli(6)], [.spin(3)]),
    MachineShape([.categorical([3, 2])], [.bernoulli(6)]), MachineShape([.spin(3)], [.gaussian(2)]),
  ]

  @Test("counts follow P(v)", .enabled(if: Build.isOptimized), arguments: shapes)
  func law(_ shape: MachineShape) throws {
    let pair = LayeredPair(shape, weightDeviation: 1, seed: 510)
    let samples = try pair.engine.exactSamples(count: 200_000, seed: 511)
    let states = pair.reference.visible.states()
    var counts = [Int](repeating: 0, count: states.states.count)
    for row in 0..<samples.rows {
      counts[pair.reference.visible.stateIndex(samples.view.rows(row..<(row + 1)).values.doubles)] += 1
    }
    #expect(Statistics.fits(counts: counts, probabilities: pair.reference.probabilities(of: states)))
  }

  @Test("real visibles have the model's means and squares", .enabled(if: Build.isOptimized))
  func moments() throws {
    for shape in [
      MachineShape([.gaussian(2)], [.bernoulli(3)]), MachineShape([.gaussian(2)], [.gaussian(2)]),
    ] {
      let pair = LayeredPair(shape, weightDeviation: 0.3, seed: 512)
      let moments = try #require(pair.reference.modelMoments())
      let samples = try pair.engine.exactSamples(count: 100_000, seed: 513)
      for column in 0..<samples.columns {
        let values = samples.view.columns(column..<(column + 1)).values.doubles
        // The grid of the reference is good to 1e-6; Float to far less.
        #expect(SampleMean(values).isWithin(5, standardErrorsOf: moments.visible[column], rounding: 1e-6))
        #expect(
          SampleMean(values.map { $0 * $0 }).isWithin(
            5, standardErrorsOf: moments.visibleSquare[column], rounding: 1e-6))
      }
    }
  }

  @Test("the same bits on any number of threads, and for any count a prefix")
  func threads() throws {
    let model = MachinePair.normal(visible: 9, hidden: 12, seed: 514).engine
    let one = try model.exactSamples(count: 60, seed: 515, parallel: Parallel(threads: 1))
    let two = try model.exactSamples(count: 60, seed: 515, parallel: Parallel(threads: 2))
    let fewer = try model.exactSamples(count: 50, seed: 515, parallel: Parallel(threads: 2))
    #expect(one == two)
    #expect(Array(one.values.prefix(50 * 9)) == fewer.values)
  }

  @Test("where nothing can be enumerated there are none")
  func tooLarge() {
    let model = RBM(
      visibleBias: [Float](repeating: 0, count: 30), hiddenBias: [Float](repeating: 0, count: 30),
      weights: Matrix(rows: 30, columns: 30))
    #expect(throws: EnumerationError.self) { try model.exactSamples(count: 1, seed: 0) }
  }
}
