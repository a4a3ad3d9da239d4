import BoltzmannTestSupport
import CBoltzmannKernels
import Foundation
import Testing

/// A block of categorical units, linear terms exactly the inputs, and what one instruction set makes of it.
struct CategoricalUnits {
  var t: [Float]
  let sites: [UInt32]
  var rows = 3

  var columns: Int { Int(sites.last!) }

  init(states: [Int], seed: UInt64, scale: Float = 4) {
    sites = states.reduce(into: [0]) { $0.append($0.last! + UInt32($1)) }
    t = testNumbers(rows * Int(sites.last!), seed: seed).map { scale * $0 }
  }

  /// Offsets in `t` of the states of every site of every row, in order.
  var ranges: [Range<Int>] {
    (0..<rows).flatMap { row in
      zip(sites, sites.dropFirst()).map { row * columns + Int($0)..<row * columns + Int($1) }
    }
  }

  private var bias: [Float] { [Float](repeating: 0, count: columns) }

  func means(with set: InstructionSet) -> [Float] {
    var out = t
    set.kernels.categorical_means(
      out, columns, bias, sites, sites.count - 1, 1, &out, columns, rows)
    return out
  }

  func draw(
    with set: InstructionSet, random: boltzmann_random = RealUnits.random(), firstRow: UInt64 = 0
  ) -> (states: [Float], means: [Float]) {
    var (states, means) = (t, t)
    set.kernels.categorical_sample(
      t, columns, bias, sites, sites.count - 1, 1, &means, columns, &states, columns, rows, random,
      (0..<UInt64(rows)).map { firstRow + $0 })
    return (states, means)
  }

  func logNormalizers(with set: InstructionSet) -> [Double] {
    var sums = [Double](repeating: 0, count: rows)
    set.kernels.categorical_log_normalizers(t, columns, bias, sites, sites.count - 1, 1, &sums, rows)
    return sums
  }

  /// log Σ e^{t} of a site, in double.
  func logSum(_ range: Range<Int>) -> Double {
    boltzmann_log_sum_exp_reference(t[range].map(Double.init), range.count)
  }
}

// Errors in u = 2⁻²⁴: d = t − top rounds by |d|·u in the exponent and e^d by 1.55 u (AllowedErrors.swift). A sum of q
// such terms is off by their mean, at most 1.55 u + log(q)·u + the mean |d|·u, and by q/4 + 4 sums; mean |d| ≤ 1 + log q.
@Suite struct CategoricalTests {
  static let shapes: [[Int]] =
    [[1], [2], [3], [15], [16], [17], [63], [65], [2, 3, 4, 5, 6, 1, 21, 2]]
    + [Array(repeating: 2, count: 130), Array(repeating: 21, count: 70), [1_023, 2, 1_025, 3_000]]

  private func sumError(_ q: Int) -> Double { unitRoundoff * (7 + 2 * log(Double(q)) + Double(q) / 4) }

  @Test(arguments: InstructionSet.available, shapes)
  func meansAreProbabilities(_ set: InstructionSet, _ shape: [Int]) {
    let units = CategoricalUnits(states: shape, seed: 50)
    let means = units.means(with: set)
    for range in units.ranges {
      let logSum = units.logSum(range)
      let top = units.t[range].max()!
      let holds = range.allSatisfy { k in
        let exact = exp(Double(units.t[k]) - logSum)
        let own = unitRoundoff * (4 + Double(top - units.t[k]))
        return abs(Double(means[k]) - exact) <= exact * (own + sumError(range.count))
      }
      #expect(holds)
    }
  }

  /// One state is on, and its interval of the distribution function holds the site's number.
  @Test(arguments: InstructionSet.available, shapes)
  func drawsInvertTheDistribution(_ set: InstructionSet, _ shape: [Int]) {
    let units = CategoricalUnits(states: shape, seed: 51)
    let (states, means) = units.draw(with: set)
    #expect(means == units.means(with: set))
    for (index, range) in units.ranges.enumerated() {
      let (row, site) = (index / shape.count, index % shape.count)
      let word = boltzmann_random_word_reference(RealUnits.random(), UInt64(row), UInt64(site))
      let u = (Double(word) + 0.5) * 0x1p-32
      let chosen = range.filter { states[$0] == 1 }
      #expect(chosen.count == 1 && range.allSatisfy { states[$0] == 0 || states[$0] == 1 })
      guard let state = chosen.first else { continue }
      let logSum = units.logSum(range)
      let below = (range.lowerBound..<state).reduce(0.0) { $0 + exp(Double(units.t[$1]) - logSum) }
      let above = below + exp(Double(units.t[state]) - logSum)
      // Cumulative sum, sum and the rounding of u: each by the bound on sums.
      let allowed = 3 * sumError(range.count)
      #expect(below - allowed <= u && u <= above + allowed)
    }
  }

  @Test(arguments: InstructionSet.available, shapes)
  func logNormalizersAreLogSums(_ set: InstructionSet, _ shape: [Int]) {
    let units = CategoricalUnits(states: shape, seed: 52)
    let sums = units.logNormalizers(with: set)
    for row in 0..<units.rows {
      let sites = units.ranges[row * shape.count..<(row + 1) * shape.count]
      let exact = sites.reduce(0) { $0 + units.logSum($1) }
      let allowed = shape.reduce(0) { $0 + sumError($1) }
      #expect(abs(sums[row] - exact) <= allowed + 1e-13 * abs(exact))
    }
  }

  /// Windows that begin at a site with a number that is a multiple of 4, and rows alone.
  @Test(arguments: InstructionSet.available)
  func windowsGiveTheSameBits(_ set: InstructionSet) {
    let shape = (0..<90).map { 1 + ($0 * 7) % 23 }
    var units = CategoricalUnits(states: shape, seed: 53)
    units.rows = 1
    units.t = Array(units.t[..<units.columns])
    let whole = units.draw(with: set)
    for sites in [0..<1, 4..<6, 40..<90, 64..<65, 68..<90] {
      var part = CategoricalUnits(states: Array(shape[sites]), seed: 0)
      let columns = Int(units.sites[sites.lowerBound])..<Int(units.sites[sites.upperBound])
      part.rows = 1
      part.t = Array(units.t[columns])
      let drawn = part.draw(with: set, random: RealUnits.random(firstUnit: UInt64(sites.lowerBound)))
      #expect(drawn.states == Array(whole.states[columns]))
      #expect(drawn.means == Array(whole.means[columns]))
    }
  }

  /// Impossible states are never drawn, certain ones always; equal infinities share.
  @Test(arguments: InstructionSet.available, [1, 2, 3, 4, 5, 21, 64])
  func infiniteInputs(_ set: InstructionSet, _ q: Int) {
    var units = CategoricalUnits(states: Array(repeating: q, count: 300), seed: 54)
    for range in units.ranges {
      // All but the middle state are impossible.
      for k in range where k != range.lowerBound + q / 2 { units.t[k] = -.infinity }
    }
    let (states, means) = units.draw(with: set)
    for range in units.ranges { #expect(states[range.lowerBound + q / 2] == 1) }
    #expect(means.allSatisfy { $0 == 1 || Double($0) <= exp(Double(AllowedError.cutoff)) * 1.000_001 })
    units.t = units.t.map { $0 == -.infinity ? 0 : .infinity }
    let certain = units.draw(with: set).states
    for range in units.ranges { #expect(certain[range.lowerBound + q / 2] == 1) }
    #expect(units.logNormalizers(with: set).allSatisfy { $0 == .infinity })
    units.t = units.t.map { _ in -.infinity }
    #expect(
      units.means(with: set).allSatisfy { abs($0 * Float(q) - 1) <= 4 * Float(unitRoundoff) * Float(q) })
    #expect(units.logNormalizers(with: set).allSatisfy { $0 == -.infinity })
  }

  /// A site with what is not a number still has one state, and the others are as they were.
  @Test(arguments: InstructionSet.available, [2, 3, 5, 21, 2_000])
  func notANumber(_ set: InstructionSet, _ q: Int) {
    let good = CategoricalUnits(states: [3, q, 4], seed: 55)
    var bad = good
    bad.t[3 + q / 2] = .nan
    let (states, expected) = (bad.draw(with: set).states, good.draw(with: set).states)
    #expect(states.indices.allSatisfy { (3..<3 + q).contains($0) || states[$0] == expected[$0] })
    #expect(states[3..<3 + q].count { $0 == 1 } == 1)
    #expect(bad.logNormalizers(with: set)[0].isNaN && !bad.logNormalizers(with: set)[1].isNaN)
  }

  /// Means and states in place of the inputs.
  @Test(arguments: InstructionSet.available)
  func outputsMayBeTheInputs(_ set: InstructionSet) {
    let units = CategoricalUnits(states: [2, 5, 1, 21, 40], seed: 56)
    let expected = units.draw(with: set)
    let (bias, count) = ([Float](repeating: 0, count: units.columns), units.sites.count - 1)
    for meansInPlace in [false, true] {
      var (inOut, other) = (units.t, units.t)
      inOut.withUnsafeMutableBufferPointer { floats in
        let base = floats.baseAddress!
        other.withUnsafeMutableBufferPointer {
          set.kernels.categorical_sample(
            base, units.columns, bias, units.sites, count, 1, meansInPlace ? base : $0.baseAddress!,
            units.columns, meansInPlace ? $0.baseAddress! : base, units.columns, 3, RealUnits.random(),
            [0, 1, 2])
        }
      }
      #expect(inOut == (meansInPlace ? expected.means : expected.states))
      #expect(other == (meansInPlace ? expected.states : expected.means))
    }
  }
}
