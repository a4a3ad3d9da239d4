import Boltzmann
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

/// Two normal laws of variance 1, one `distance` from the other, Z₁/Z₀ = e^{−offset}.
private struct NormalPair {
  var distance = 1.5
  var offset = 0.7

  /// W(x) = F₁(x) − F₀(x) = ½(x − d)² + offset − ½x².
  func work(_ x: Double) -> Double { (distance - 2 * x) * distance / 2 + offset }

  func lower(_ count: Int, seed: UInt64) -> [Double] {
    let random = ReferenceRandom(seed: seed)
    return (0..<count).map { work(random.normal(unit: 0, row: $0)) }
  }

  func upper(_ count: Int, seed: UInt64) -> [Double] {
    let random = ReferenceRandom(seed: seed)
    return (0..<count).map { work(distance + random.normal(unit: 1, row: $0)) }
  }
}

@Suite("Bennett's acceptance ratio")
struct BennettRatioTests {
  @Test("two normal laws: the ratio within five standard errors", arguments: [(2_000, 2_000), (2_000, 300)])
  func normals(_ lower: Int, _ upper: Int) {
    let pair = NormalPair()
    let ratio = BennettRatio(lower: pair.lower(lower, seed: 500), upper: pair.upper(upper, seed: 501))
    #expect(abs(ratio.logRatio + pair.offset) <= 5 * ratio.standardError)
    #expect(ratio.standardError < 0.1)
  }

  @Test("the standard error is what repetitions scatter by", .enabled(if: Build.isOptimized))
  func standardError() {
    let pair = NormalPair(), repetitions = 1_000
    let ratios = (0..<UInt64(repetitions)).map {
      BennettRatio(
        lower: pair.lower(500, seed: 1_000 + $0), upper: pair.upper(200, seed: 5_000 + $0))
    }
    let errors = ratios.map { $0.logRatio + pair.offset }
    let scatter = (errors.reduce(0) { $0 + $1 * $1 } / Double(repetitions)).squareRoot()
    let claimed = (ratios.reduce(0) { $0 + $1.standardError * $1.standardError } / Double(repetitions))
      .squareRoot()
    // A root mean square of 1,000 normal numbers has a relative standard error of 1/√2000; five of them, and 2 %
    // for what the first order leaves out.
    #expect(abs(scatter / claimed - 1) <= 5 / (2.0 * Double(repetitions)).squareRoot() + 0.02)
    #expect(SampleMean(errors).isWithin(5, standardErrorsOf: 0))
  }

  @Test("works of ±10⁴ shift the ratio and do nothing else", arguments: [-1e4, 1e4])
  func largeWorks(_ shift: Double) {
    let pair = NormalPair()
    let (lower, upper) = (pair.lower(200, seed: 502), pair.upper(200, seed: 503))
    let ratio = BennettRatio(lower: lower, upper: upper)
    let shifted = BennettRatio(lower: lower.map { $0 + shift }, upper: upper.map { $0 + shift })
    // Works round at 10⁴·2⁻⁵³, the solution at 10⁻¹³ of itself.
    #expect(abs(shifted.logRatio + shift - ratio.logRatio) <= 1e-8)
    #expect(abs(shifted.standardError - ratio.standardError) <= 1e-6)
  }

  @Test("equal weights weigh nothing; a weight of zero leaves a sample out")
  func weights() {
    let pair = NormalPair()
    let (lower, upper) = (pair.lower(150, seed: 504), pair.upper(100, seed: 505))
    let ratio = BennettRatio(lower: lower, upper: upper)
    let weighted = BennettRatio(
      lower: lower, upper: upper + [1e3, -40], upperWeights: [Double](repeating: 7, count: 100) + [0, 0])
    // The solution is good to 10⁻¹³ of itself; sums of 250 terms round by 250·2⁻⁵³.
    #expect(abs(ratio.logRatio - weighted.logRatio) <= 1e-11)
  }

  @Test("laws that share nothing have a finite ratio and no overlap")
  func noOverlap() {
    let ratio = BennettRatio(lower: [300, 310, 305], upper: [-300, -320])
    #expect(ratio.logRatio.isFinite)
    #expect(ratio.overlap < 1e-6 && ratio.standardError > 10)
  }

  @Test("influences add up to nothing, and to the error squared")
  func influences() {
    let pair = NormalPair()
    let ratio = BennettRatio(lower: pair.lower(90, seed: 506), upper: pair.upper(70, seed: 507))
    #expect(abs((ratio.lowerInfluences + ratio.upperInfluences).reduce(0, +)) <= 1e-12)
    #expect(ratio.lowerInfluences.count == 90 && ratio.upperInfluences.count == 70)
  }
}
