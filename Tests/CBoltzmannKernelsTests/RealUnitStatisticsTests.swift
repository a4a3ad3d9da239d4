import BoltzmannReference
import BoltzmannTestSupport
import CBoltzmannKernels
import Foundation
import Testing

// The draws are right word by word (GaussianTests, RectifiedTests, CategoricalTests); here the laws are. Fixed seeds,
// tails of 10⁻⁶ set beforehand, and kernels broken on purpose, which have to fail.
@Suite(.enabled(if: Build.isOptimized)) struct RealUnitStatisticsTests {
  private static let best = InstructionSet.available.last!
  private static let count = 2_000_000

  private static func draws(_ kind: RealUnits.Draw, t: Float, seed: UInt64) -> [Double] {
    RealUnits(t: [Float](repeating: t, count: count))
      .draw(kind, with: best, random: RealUnits.random(seed: seed)).states.map(Double.init)
  }

  /// The edges of 64 equal cells and, in both tails, of 10⁻³, 10⁻⁴ and 10⁻⁵.
  private static let edges =
    ([1e-5, 1e-4, 1e-3] + (1..<64).map { Double($0) / 64 } + [0.999, 0.9999, 0.99999])

  /// A G-test of values in (0, 1) that should be uniform.
  private static func areUniform(_ p: [Double]) -> Bool {
    var counts = [Int](repeating: 0, count: edges.count + 1)
    for p in p {
      var (low, high) = (0, edges.count)
      while low < high {
        let middle = (low + high) / 2
        if edges[middle] <= p { low = middle + 1 } else { high = middle }
      }
      counts[low] += 1
    }
    let probabilities = zip(edges + [1], [0] + edges).map { $0 - $1 }
    return Statistics.fits(counts: counts, probabilities: probabilities)
  }

  @Test func normalsAreNormal() {
    let z = Self.draws(.gaussian, t: 0, seed: 60)
    let cdf = { (z: [Double]) in z.map { 1 - Statistics.normalSurvival($0) } }
    #expect(Self.areUniform(cdf(z)))
    // Broken: half a percent too wide; a hundredth of a deviation off; tails cut at four deviations.
    #expect(!Self.areUniform(cdf(z.map { 1.005 * $0 })))
    #expect(!Self.areUniform(cdf(z.map { $0 + 0.01 })))
    #expect(!Self.areUniform(cdf(z.map { abs($0) < 4 ? $0 : 0 })))
  }

  /// The mean of n draws has deviation √(1/n), the mean square √(2/n), the mean fourth power √(96/n).
  @Test func momentsOfNormals() {
    let z = Self.draws(.gaussian, t: 0, seed: 61)
    let bound = Statistics.normalQuantile(upperTail: 0.5e-6)
    let n = Double(Self.count)
    #expect(abs(z.reduce(0, +) / n) <= bound * (1 / n).squareRoot())
    #expect(abs(z.reduce(0) { $0 + $1 * $1 } / n - 1) <= bound * (2 / n).squareRoot())
    #expect(abs(z.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n - 3) <= bound * (96 / n).squareRoot())
  }

  /// The two of a pair, and neighbours of different pairs: 64 joint cells. Broken: both of a pair from the same angle.
  @Test(arguments: [1, 2, 3, 4])
  func normalsAreIndependent(_ distance: Int) {
    let z = Self.draws(.gaussian, t: 0, seed: 62)
    func areIndependent(_ second: (Int) -> Double) -> Bool {
      var counts = [Int](repeating: 0, count: 64)
      let cell = { (z: Double) in min(Int(8 * (1 - Statistics.normalSurvival(z))), 7) }
      for i in stride(from: 0, to: Self.count - 8, by: 8) { counts[8 * cell(z[i]) + cell(second(i))] += 1 }
      return Statistics.fits(counts: counts, probabilities: [Double](repeating: 1 / 64, count: 64))
    }
    #expect(areIndependent { z[$0 + distance] })
    #expect(!areIndependent { 0.1 * z[$0] + 0.995 * z[$0 + distance] })
  }

  /// Q(a + s)/Q(a) of a draw is uniform. Broken: cut off by max(0, ·), folded, and the neighbouring a.
  @Test(arguments: [-6, -1, 0, 1, 1.45, 1.55, 4, 30, 1e4] as [Float])
  func rectifiedDrawsFollowTheirLaw(_ a: Float) {
    let s = Self.draws(.rectified, t: -a, seed: 63)
    let survival = { (s: [Double], a: Float) in
      s.map { exp(-truncatedCumulativeHazard($0, from: Double(a))) }
    }
    #expect(Self.areUniform(survival(s, a)))
    #expect(!Self.areUniform(survival(s, a + max(0.02, 0.02 * abs(a)))))
    if abs(a) < 2, a != 0 {
      let z = Self.draws(.gaussian, t: -a, seed: 64)
      #expect(!Self.areUniform(survival(z.map { max($0, 0) }, a)))
      #expect(!Self.areUniform(survival(z.map(abs), a)))
    }
  }

  /// Mean and variance of n draws; the mean fourth central power is at most 9 v², that of the exponential law.
  @Test(arguments: [-6, -1, 0, 1, 1.5, 4, 1e4] as [Float])
  func momentsOfRectifiedDraws(_ a: Float) {
    let s = Self.draws(.rectified, t: -a, seed: 65)
    let bound = Statistics.normalQuantile(upperTail: 0.5e-6)
    let n = Double(Self.count)
    let mean = rectifiedMean(-Double(a), precision: 1)
    let variance = rectifiedVariance(-Double(a), precision: 1)
    #expect(abs(s.reduce(0, +) / n - mean) <= bound * (variance / n).squareRoot() + 0x1p-24 * mean)
    let square = s.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    #expect(abs(square - variance) <= bound * variance * (8 / n).squareRoot())
  }

  /// Broken: β off by a tenth, which adds n·0.1²·Var(t), 250 or more, to a G of 70 at most; states one place on.
  @Test(arguments: [2, 3, 5, 21])
  func categoricalDrawsFollowTheirLaw(_ q: Int) {
    let t = testNumbers(q, seed: 66).map { 2 * $0 }
    var units = CategoricalUnits(states: Array(repeating: q, count: 1_000), seed: 0)
    units.rows = 500
    units.t = (0..<units.rows * units.columns).map { t[$0 % q] }
    let states = units.draw(with: Self.best).states
    var counts = [Int](repeating: 0, count: q)
    for i in states.indices where states[i] == 1 { counts[i % q] += 1 }
    func law(_ beta: Double) -> [Double] {
      let weights = t.map { exp(beta * Double($0)) }
      return weights.map { $0 / weights.reduce(0, +) }
    }
    #expect(counts.reduce(0, +) == 500_000)
    #expect(Statistics.fits(counts: counts, probabilities: law(1)))
    #expect(!Statistics.fits(counts: counts, probabilities: law(0.9)))
    #expect(!Statistics.fits(counts: counts, probabilities: Array(law(1).dropFirst()) + [law(1)[0]]))
  }

  /// Sites side by side are independent, also where they share a counter.
  @Test(arguments: [1, 2, 4])
  func sitesAreIndependent(_ distance: Int) {
    var units = CategoricalUnits(states: Array(repeating: 3, count: 8), seed: 0)
    units.rows = 200_000
    units.t = (0..<units.rows * units.columns).map { [0, 0.5, -0.5][$0 % 3] }
    let states = units.draw(with: Self.best).states
    var counts = [Int](repeating: 0, count: 9)
    for row in 0..<units.rows {
      let state = { (site: Int) in (0..<3).first { states[row * 24 + 3 * site + $0] == 1 }! }
      counts[3 * state(0) + state(distance)] += 1
    }
    let weights = [1, exp(0.5), exp(-0.5)].map { $0 / (1 + exp(0.5) + exp(-0.5)) }
    let joint = weights.flatMap { first in weights.map { first * $0 } }
    #expect(Statistics.fits(counts: counts, probabilities: joint))
  }
}
