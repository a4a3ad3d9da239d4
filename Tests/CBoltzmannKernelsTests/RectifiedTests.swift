import BoltzmannReference
import BoltzmannTestSupport
import CBoltzmannKernels
import Foundation
import Testing

// Where the allowed errors come from, in u = 2⁻²⁴ of the result; a = −t/√γ is exact here, γ being 1.
//   mean, a > 0      t = 3/(3 + a) is off by 2 u, as if a were by 2 u·(3 + a): ≤ 2.8 u of m. 2t − 1 rounds: 1.3. The
//                    polynomial's last sums: 3. Its fit and coefficients: 1.5. The product: 1                  10
//   mean, a ≤ 0      φ is good to 3 u and Q to 15 (φ, 11 for h, a quotient). Where it matters most, at 0, 1 − Q ≥ ½
//                    is off by 15 u of itself, φ/(1 − Q) by 20, and the sum with |a| only makes that less         20
//   variance, a > 0  the same steps, with t² and a polynomial between 0.11 and 0.36 of terms up to 0.28           20
//   variance, a ≤ 0  1 − h·(h + |a|): the product is ≤ 0.64 and off by twice h's error: 25 u of 0.36              70
//   log-normaliser   15 u in the argument of the logarithm and 3 in its value: 20 u and 2 of the result
//   draws            see drawsInvertTheDistribution
@Suite struct RectifiedTests {
  /// a at which the functions go wrong if anywhere.
  static let cliffs: [Float] = [
    0, 1e-38, 1e-20, 1e-7, 1, 1.5, Float(1.5).nextUp, 2, 5, 11.999, 12, 12.001, 30, 87, 1e4, 1e9, 1e18, 1e30,
  ].flatMap { [$0, -$0] }
  static let range =
    arguments(over: -14...14, count: Build.isOptimized ? 300_000 : 6_000)
    + arguments(over: -1e18...1e18, count: Build.isOptimized ? 300_000 : 3_000) + cliffs

  @Test(arguments: InstructionSet.available)
  func meansAreWithinTheAllowedError(_ set: InstructionSet) {
    let means = RealUnits(t: Self.range.map(-)).map(.rectifiedMeans, with: set)
    check(means, allowed: (10, 20)) { rectifiedMean(-$0, precision: 1) }
  }

  @Test(arguments: InstructionSet.available)
  func variancesAreWithinTheAllowedError(_ set: InstructionSet) {
    let variances = RealUnits(t: Self.range.map(-)).map(.rectifiedVariances, with: set)
    check(variances, allowed: (20, 70)) { rectifiedVariance(-$0, precision: 1) }
  }

  /// In u of the result, above and below a = 0; beyond the least normal Float its half ulp.
  private func check(_ y: [Float], allowed: (above: Double, below: Double), _ exact: (Double) -> Double) {
    var worst = (excess: 0.0, a: Float(0))
    for (a, y) in zip(Self.range, y) {
      let reference = exact(Double(a))
      let bound = (a > 0 ? allowed.above : allowed.below) * unitRoundoff * reference
      let excess = abs(Double(y) - reference) / (bound + Double(Float.leastNormalMagnitude))
      if !(excess <= worst.excess) { worst = (excess, a) }
    }
    #expect(worst.excess <= 1, "\(worst.excess) of what is allowed at a = \(worst.a)")
  }

  @Test(arguments: InstructionSet.available)
  func logNormalizersAreWithinTheAllowedError(_ set: InstructionSet) {
    for a in Self.range where abs(a) < 1e19 {
      let sum = RealUnits(t: [-a]).logNormalizers(.rectified, with: set)[0]
      let exact = rectifiedLogNormalizer(-Double(a), precision: 1)
      #expect(abs(sum - exact) <= unitRoundoff * (20 + 2 * abs(exact)), "a = \(a)")
    }
  }

  /// With biases, a scale and precisions from 1e−12 to 1e12. a has 4 roundings (√, quotient, product, and one of
  /// t's own here and there): the mean moves by a·m′/m ≤ 1 times that, the variance by 2, and 1/√γ adds 2 u to
  /// either power. The log-normaliser moves by a·m(a) ≤ 1 or a².
  @Test(arguments: InstructionSet.available, GaussianTests.widths)
  func unitsOfAllPrecisions(_ set: InstructionSet, _ columns: Int) {
    var units = RealUnits(rows: 2, columns: columns, seed: 40)
    units.precision = testNumbers(columns, seed: 41).map { Float(pow(10, 12 * Double($0))) }
    let means = units.map(.rectifiedMeans, with: set)
    let variances = units.map(.rectifiedVariances, with: set)
    let sums = units.logNormalizers(.rectified, with: set)
    for row in 0..<2 {
      var (exact, allowed) = (0.0, 0.0)
      for j in 0..<columns {
        let i = row * columns + j
        let t = Double(0.75 * (units.inputs[i] + units.bias[j]))
        let precision = Double(units.precision[j])
        let mean = rectifiedMean(t, precision: precision)
        #expect(abs(Double(means[i]) - mean) <= 27 * unitRoundoff * mean)
        let variance = rectifiedVariance(t, precision: precision)
        #expect(abs(Double(variances[i]) - variance) <= 85 * unitRoundoff * variance)
        let term = rectifiedLogNormalizer(t, precision: precision)
        exact += term
        allowed += unitRoundoff * (30 + 2 * abs(term + 0.5 * log(precision)) + 10 * max(t, 0) * t / precision)
      }
      #expect(abs(sums[row] - exact) <= allowed + 1e-12 * Double(columns))
    }
  }

  /// s against its word, as the difference of H(s) = −log(Q(a + s)/Q(a)) and E = −log u, in u:
  ///   quantile   Q(a) is good to 15, u·Q(a) to 18, so w = −log 4pq to 25 and z = √(2w) to 25/z: 30 of H. The fit, √w
  ///              and p − q add 6 u of z, times the hazard ≤ z + 1: 6·(z² + z) ≤ 15·(E + 3) + 10. z − a rounds by
  ///              a part of |a|, times the hazard.
  ///   hazard     the terms of H(s) and E itself have 4 roundings of E, s 3 of s·h ≤ 2E + 1, the logarithm 8 of at
  ///              most 1; the step that is not taken is below 120 u at E = 23
  ///   series     h is good to 20 and more by a² for a < 0; the terms left out are 16 u of E
  @Test(
    arguments: InstructionSet.available,
    [-1e4, -30, -5, -1, 0, 0.5, 1, 1.499, 1.5, 1.501, 2, 5, 30, 1e4, 1e18])
  func drawsInvertTheDistribution(_ set: InstructionSet, _ a: Double) {
    let rounded = Float(a)
    let units = RealUnits(t: [Float](repeating: -rounded, count: Build.isOptimized ? 300_000 : 4_000))
    let states = units.draw(.rectified, with: set).states
    var worst = 0.0
    for (s, uniform) in zip(states, units.uniforms()) {
      let (s, e) = (Double(s), exponential(uniform))
      let hazard = a < 0 ? normalHazard(a + s) * -a : 0
      let allowed = unitRoundoff * (24 * e + 100 + 2 * hazard)
      let error = abs(truncatedCumulativeHazard(s, from: Double(rounded)) - e)
      worst = max(worst, error / allowed)
      if !(s > 0) { worst = .infinity }
    }
    #expect(worst <= 1, "\(worst) of what is allowed")
  }

  /// Draws are ≥ 0, finite, and for a fixed word fall as a rises.
  @Test(arguments: InstructionSet.available)
  func drawsFallAsTheCutRises(_ set: InstructionSet) {
    let a = Self.cliffs.sorted()
    let draws = a.map { a in
      RealUnits(t: [Float](repeating: -a, count: 64)).draw(.rectified, with: set).states
    }
    #expect(draws.allSatisfy { $0.allSatisfy { $0 >= 0 && $0.isFinite } })
    for (near, far) in zip(draws, draws.dropFirst()) {
      // Neighbouring a may round either way: by the errors above, as a part of s.
      #expect(zip(near, far).allSatisfy { $1 <= $0 * (1 + 0x1p-14) })
    }
  }

  /// No input makes a trap or leaves the numbers: the mean far above is t, far below 1/|t|.
  @Test(arguments: InstructionSet.available)
  func infiniteInputs(_ set: InstructionSet) {
    let units = RealUnits(t: [.infinity, -.infinity, .nan, 0])
    let means = units.map(.rectifiedMeans, with: set)
    #expect(means[0] == .infinity && means[1] >= 0 && means[1] < 1e-36 && means[2].isNaN && means[3] > 0)
    let variances = units.map(.rectifiedVariances, with: set)
    #expect(variances[0] == 1 && variances[1] == 0 && variances[2].isNaN)
    let sums = [Float.infinity, -.infinity, .nan].map {
      RealUnits(t: [$0]).logNormalizers(.rectified, with: set)[0]
    }
    #expect(sums[0] == .infinity && sums[1] < -80 && sums[2].isNaN)
  }
}
