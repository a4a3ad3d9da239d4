import BoltzmannCompute
import BoltzmannTestSupport
import Foundation
import Testing

// Fixed seeds; every bound leaves a tail of 10⁻⁶, set beforehand.
@Suite(.enabled(if: Build.isOptimized)) struct RandomStreamStatisticsTests {
  private static let stream = RandomStream(seed: 20_261_124, purpose: .test)
  private static let z = Statistics.normalQuantile(upperTail: 0.5e-6)

  /// A thousand rows of a thousand numbers.
  private func million(_ numbers: (_ row: UInt64, _ count: Int) -> [Double]) -> [Double] {
    (0..<1_000).flatMap { numbers($0, 1_000) }
  }

  @Test func uniformsFillTheUnitIntervalEvenly() {
    let uniforms = million(Self.stream.uniforms)
    var counts = [Int](repeating: 0, count: 1_000)
    for uniform in uniforms { counts[Int(1_000 * uniform)] += 1 }
    #expect(Statistics.fits(counts: counts, probabilities: [Double](repeating: 1e-3, count: 1_000)))
    #expect(SampleMean(uniforms).isWithin(Self.z, standardErrorsOf: 0.5))
  }

  /// The mean of the k-th powers of standard normals is 0, 1, 0, 3, its variance (2k − 1)!! less the square:
  /// SampleMean takes it from the sample.
  @Test func normalsHaveTheMomentsOfTheNormalLaw() {
    let normals = million(Self.stream.normals)
    for (power, moment) in [(1, 0), (2, 1), (3, 0), (4, 3)] as [(Double, Double)] {
      let mean = SampleMean(normals.map { pow($0, power) })
      #expect(mean.isWithin(Self.z, standardErrorsOf: moment), "power \(power): \(mean.mean)")
    }
  }

  /// 100 classes of equal probability; both numbers of a Box–Muller pair, and their product.
  @Test func normalsFollowTheNormalLaw() {
    let normals = million(Self.stream.normals)
    for parity in 0...1 {
      var counts = [Int](repeating: 0, count: 100)
      for index in Swift.stride(from: parity, to: normals.count, by: 2) {
        counts[min(99, Int(100 * Statistics.normalSurvival(normals[index])))] += 1
      }
      #expect(Statistics.fits(counts: counts, probabilities: [Double](repeating: 0.01, count: 100)))
    }
    let products = Swift.stride(from: 0, to: normals.count, by: 2).map { normals[$0] * normals[$0 + 1] }
    #expect(SampleMean(products).isWithin(Self.z, standardErrorsOf: 0))
  }

  /// All 120 orders of five are equally frequent.
  @Test func permutationsAreUniform() {
    var counts: [[Int]: Int] = [:]
    for row in 0..<240_000 { counts[Self.stream.permutation(row: UInt64(row), count: 5), default: 0] += 1 }
    #expect(counts.count == 120)
    #expect(
      Statistics.fits(counts: Array(counts.values), probabilities: [Double](repeating: 1.0 / 120, count: 120))
    )
  }

  /// In orders of a hundred, every index comes equally often to every tenth place.
  @Test func everyIndexGoesEverywhere() {
    let rows = 20_000
    let orders = (0..<rows).map { Self.stream.permutation(row: UInt64($0), count: 100) }
    for place in Swift.stride(from: 0, to: 100, by: 9) {
      var counts = [Int](repeating: 0, count: 100)
      for order in orders { counts[order[place]] += 1 }
      #expect(Statistics.fits(counts: counts, probabilities: [Double](repeating: 0.01, count: 100)))
    }
  }
}
