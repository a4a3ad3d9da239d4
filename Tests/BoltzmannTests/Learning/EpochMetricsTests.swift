import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Metrics of an epoch")
struct EpochMetricsTests {
  static let pair = machine((17, 9), seed: 360)
  static let states = randomStates(60, width: 17, seed: 361)
  static let validation = randomStates(23, width: 17, mean: 0.3, seed: 362)

  static func metrics(
    _ samples: any Samples = BitSamples(states), validation: (any Samples)? = nil, hasLikelihood: Bool = true,
    epoch: Int = 3, threads: Int = 2
  ) -> EpochMetrics {
    EpochMetrics(
      of: pair.engine, samples: samples, validation: validation, hasLikelihood: hasLikelihood, epoch: epoch,
      seed: 363,
      parallel: Parallel(threads: threads))
  }

  @Test("the reconstruction error is the reference's")
  func reconstructionError() throws {
    let error = Self.metrics().reconstructionError
    let bounds = FloatBounds(Self.pair.reference)
    let weights = Self.pair.reference.weights.map { $0.reduce(0) { $0 + abs($1) } }.max()!
    // A squared difference of numbers in [0, 1] is off by twice the means' error, its sum by 17 roundings.
    let mean = bounds.mirrored.hiddenMean + weights * bounds.hiddenMean / 4
    let expected = Self.pair.reference.reconstructionError(of: Self.states)
    #expect(abs(error - expected) <= 2 * mean + 19 * FloatBounds.roundoff)
  }

  @Test("the pseudo-likelihood takes one flip a sample, drawn for the epoch", arguments: [0, 3])
  func pseudoLikelihood(_ epoch: Int) throws {
    let flips = RandomStream(seed: 363, purpose: .flips, step: UInt64(epoch)).uniforms(row: 0, count: 60)
    let estimates = zip(Self.states, flips).map {
      Self.pair.reference.pseudoLogLikelihoodEstimate(of: $0, flipping: Int($1 * 17))
    }
    let value = try #require(Self.metrics(epoch: epoch).pseudoLogLikelihood)
    let bound = 2 * 17 * FloatBounds(Self.pair.reference).freeEnergy
    #expect(abs(value - estimates.reduce(0, +) / 60) <= bound)
  }

  @Test("data that are no states have no pseudo-likelihood")
  func greyValues() throws {
    let grey = FloatSamples(randomValues(60, width: 17, seed: 364))
    #expect(Self.metrics(grey, hasLikelihood: false).pseudoLogLikelihood == nil)
  }

  @Test("the free-energy gap compares the validation data with as many training samples")
  func freeEnergyGap() throws {
    func mean(_ states: [[Double]]) -> Double {
      states.reduce(0) { $0 + Self.pair.reference.freeEnergy(visible: $1) } / Double(states.count)
    }
    let training = (0..<23).map { Self.states[$0 * 60 / 23] }
    let gap = try #require(Self.metrics(validation: BitSamples(Self.validation)).freeEnergyGap)
    let bound = 2 * FloatBounds(Self.pair.reference).freeEnergy
    #expect(abs(gap - (mean(Self.validation) - mean(training))) <= bound)
    #expect(Self.metrics().freeEnergyGap == nil)
  }

  @Test("the gap's error is that of two means")
  func freeEnergyGapError() throws {
    func squaredError(_ states: [[Double]]) -> Double {
      let error = SampleMean(states.map { Self.pair.reference.freeEnergy(visible: $0) }).standardError
      // Over the number of values rather than one less.
      return error * error * Double(states.count - 1) / Double(states.count)
    }
    let training = (0..<23).map { Self.states[$0 * 60 / 23] }
    let expected = (squaredError(Self.validation) + squaredError(training)).squareRoot()
    let error = try #require(Self.metrics(validation: BitSamples(Self.validation)).freeEnergyGapError)
    // A deviation moves with the values by no more than their largest error, its mean's error by 1/√23 of it.
    #expect(abs(error - expected) <= FloatBounds(Self.pair.reference).freeEnergy)
    #expect(Self.metrics().freeEnergyGapError == nil)
  }

  @Test("units that tell nothing of the samples are counted")
  func hiddenActivity() throws {
    var model = Self.pair.engine
    model.hidden.bias[2] = -60
    model.hidden.bias[5] = 60
    let samples = BitSamples(Self.states)
    let found = EpochMetrics(
      of: model, samples: samples, validation: nil, hasLikelihood: true, epoch: 0, seed: 363
    ).hiddenActivity
    #expect(found == HiddenActivity(of: model, given: samples))
    #expect(found.dead.contains(2) && found.saturated.contains(5))
  }

  @Test("the weight norm is Frobenius's")
  func weightNorm() throws {
    let square = Self.pair.reference.weights.joined().reduce(0) { $0 + $1 * $1 }
    // Sums of nine squares in Float, then Double: 2⁻²⁴ each, halved by the root.
    #expect(abs(Self.metrics().weightNorm / square.squareRoot() - 1) <= 5 * FloatBounds.roundoff)
  }

  @Test("at most 1,000 samples are measured, spread over the data")
  func fewSamples() throws {
    let many = RecordingSamples(count: 4_321, width: 17)
    _ = Self.metrics(many, threads: 1)
    #expect(many.take().map(\.sample) == many.evenlySpread(1_000))
  }

  /// 60 samples of 60,000 values are 3.6 million: every third block of 50, so the first alone, is reconstructed.
  @Test("wide data are reconstructed in part")
  func wideData() throws {
    let wide = BitSamples(count: 60, width: 60_000) { ($0 + $1) % 7 == 0 || ($0 >= 50 && $1 < 30_000) }
    let model = RBM.initialized(dataMeans: wide.means(), hidden: 3, seed: 365)
    let error = EpochMetrics(
      of: model, samples: wide, validation: nil, hasLikelihood: true, epoch: 0, seed: 366
    ).reconstructionError
    let rows = wide.matrix(0..<50)
    let expected = rows.view.squaredDistance(to: model.reconstructions(of: FloatSamples(rows)).view) / 3e6
    // The same sums in blocks of 100 rows, by another product: some roundings of terms of at most 1.
    #expect(abs(error - expected) <= 8 * FloatBounds.roundoff)
  }

  @Test("the same bits on any number of threads")
  func threads() throws {
    let validation = BitSamples(Self.validation)
    let one = Self.metrics(validation: validation, threads: 1)
    let three = Self.metrics(validation: validation, threads: 3)
    #expect(one.pseudoLogLikelihood == three.pseudoLogLikelihood)
    #expect(one.reconstructionError == three.reconstructionError)
    #expect(one.freeEnergyGap == three.freeEnergyGap)
  }
}
