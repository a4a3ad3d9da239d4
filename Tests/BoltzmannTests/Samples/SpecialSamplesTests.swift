import Boltzmann
import BoltzmannCompute
import BoltzmannTestSupport
import Testing

@Suite("Categorical samples")
struct CategoricalSamplesTests {
  static let samples = CategoricalSamples(states: [3, 2], numbers: [2, 0, 0, 1, 1, 1])

  @Test("are one column a state, of which one is 1")
  func columns() {
    #expect(Self.samples.count == 3 && Self.samples.width == 5)
    #expect(
      Self.samples.matrix(0..<3).doubles == [[0, 0, 1, 1, 0], [1, 0, 0, 0, 1], [0, 1, 0, 0, 1]])
    #expect(Self.samples.matrix([2, 2]).doubles == [[0, 1, 0, 0, 1], [0, 1, 0, 0, 1]])
  }

  @Test("a load clears what was there, in its own rows only")
  func window() {
    var target = Matrix(rows: 3, columns: 5) { _, _ in 7 }
    target.withMutableView { Self.samples.load([1], epoch: 0, into: $0.rows(1..<2)) }
    let sevens = [Double](repeating: 7, count: 5)
    #expect(target.doubles == [sevens, [1, 0, 0, 0, 1], sevens])
  }

  @Test("numbers of one and of two bytes", arguments: [255, 256, 257, 65_536])
  func manyStates(_ states: Int) {
    let samples = CategoricalSamples(states: [states, 2], numbers: [states - 1, 1, 0, 0])
    let rows = samples.matrix(0..<2)
    #expect(rows[0, states - 1] == 1 && rows[0, states + 1] == 1 && rows[1, 0] == 1 && rows[1, states] == 1)
    #expect(rows.values.reduce(0, +) == 4)
    #expect(CategoricalSamples.mostStates == 65_536)
  }

  @Test("a site of one state is a column of ones")
  func oneState() {
    #expect(CategoricalSamples(states: [1], numbers: [0, 0]).matrix(0..<2).values == [1, 1])
  }
}

@Suite("Affine and joined samples")
struct AffineAndJoinedSamplesTests {
  static let bits = BitSamples([[0, 1], [1, 1], [0, 0]])

  @Test("affine ones are scale·x + shift")
  func affine() throws {
    let spins = AffineSamples(Self.bits, scale: 2, shift: -1)
    #expect(spins.count == 3 && spins.width == 2)
    #expect(spins.matrix(0..<3).doubles == [[-1, 1], [1, 1], [-1, -1]])
    #expect(spins.weights == nil)
    let weighted = AffineSamples(try WeightedSamples(Self.bits, weights: [1, 2, 3]), scale: 1, shift: 0)
    #expect(weighted.weights == [1, 2, 3])
  }

  @Test("joined ones have the columns of all parts")
  func joined() {
    let reals = FloatSamples([[0.5], [-2], [7]]), sites = CategoricalSamples(states: [2], numbers: [1, 0, 1])
    let table = JoinedSamples([Self.bits, sites, reals])
    #expect(table.count == 3 && table.width == 5)
    #expect(
      table.matrix([2, 0, 1]).doubles == [[0, 0, 0, 1, 7], [0, 1, 0, 1, 0.5], [1, 1, 1, 0, -2]])
    let statistics = table.statistics()
    #expect(statistics.means == [Float(1) / 3, Float(2) / 3, Float(1) / 3, Float(2) / 3, Float(5.5) / 3])
  }
}

@Suite("Weighted samples")
struct WeightedSamplesTests {
  static let base = FloatSamples([[1, 4], [2, 4], [5, 4]])

  @Test("hold the samples and their weights")
  func weights() throws {
    let samples = try WeightedSamples(Self.base, weights: [1, 2, 0.5])
    #expect(samples.weights == [1, 2, 0.5])
    #expect(samples.matrix([2, 0]).doubles == [[5, 4], [1, 4]])
  }

  @Test("a weight that is no positive number is a line that names it")
  func refused() {
    let wrong: [([Float], String)] = [
      ([1, 2], "2 sample weights for 3 samples"),
      ([1, 0, 1], "the weight of sample 2 is 0.0, not positive and finite"),
      ([-1, 1, 1], "the weight of sample 1 is -1.0, not positive and finite"),
      ([1, 1, .nan], "the weight of sample 3 is nan, not positive and finite"),
      ([1, .infinity, 1], "the weight of sample 2 is inf, not positive and finite"),
    ]
    for (weights, message) in wrong {
      let error = #expect(throws: SettingsError.self) { try WeightedSamples(Self.base, weights: weights) }
      #expect(error?.message == message)
    }
  }
}

@Suite("Statistics of samples")
struct SampleStatisticsTests {
  @Test("mean and variance of each column")
  func byHand() {
    let statistics = FloatSamples([[1, 4], [2, 4], [6, 4]]).statistics()
    // (4 + 1 + 9)/3.
    #expect(statistics.means == [3, 4])
    #expect(statistics.variances == [Float(14) / 3, 0])
  }

  @Test("weights of 1, 2, 3, … count like so many copies", arguments: [1, 2, 3])
  func replicated(_ threads: Int) throws {
    // Multiples of ¼ below 16: all sums are exact.
    let values = randomValues(1_500, width: 3, seed: 460).map { $0.map { (64 * $0).rounded(.down) / 4 } }
    let counts = values.indices.map { 1 + $0 % 3 }
    let copies = zip(values, counts).flatMap { [[Double]](repeating: $0, count: $1) }
    let parallel = Parallel(threads: threads)
    let weighted = try WeightedSamples(FloatSamples(values), weights: counts.map { Float($0) })
    let one = weighted.statistics(parallel: parallel)
    let two = FloatSamples(copies).statistics(parallel: parallel)
    #expect(one.means == two.means && one.means == weighted.means(parallel: parallel))
    // Deviations from the rounded mean are rounded, and so are their squares' sums of 1,000: 1,000u of the sum.
    for (a, b) in zip(one.variances, two.variances) {
      #expect(abs(a - b) <= 2_000 * Float(FloatBounds.roundoff) * b)
    }
  }

  @Test("a variance far from zero does not cancel")
  func largeMean() {
    // Values 4,096 ± 1: their squares do not fit a Float.
    let values = (0..<2_000).map { [4_096 + ($0 % 2 == 0 ? 1.0 : -1)] }
    let statistics = FloatSamples(values).statistics()
    #expect(statistics.means == [4_096] && statistics.variances == [1])
  }

  @Test("of no samples they are zero")
  func noSamples() {
    let statistics = FloatSamples(width: 2, values: []).statistics()
    #expect(statistics.means == [0, 0] && statistics.variances == [0, 0])
  }
}
