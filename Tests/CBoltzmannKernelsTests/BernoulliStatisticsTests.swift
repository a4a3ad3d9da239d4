import BoltzmannTestSupport
import CBoltzmannKernels
import Testing

// The states are right bit for bit (BernoulliTests.swift); here their frequencies are. Fixed seeds, tails of
// 10⁻⁶ set beforehand, one instruction set since all of them follow the same rule.
@Suite(.enabled(if: Build.isOptimized)) struct BernoulliStatisticsTests {
  private static let best = InstructionSet.available.last!

  /// `rows` rows of draws with one mean, the input being its logit.
  private func draw(_ input: Float, rows: Int, columns: Int, step: UInt64 = 0, stream: UInt32 = 0) -> [Float]
  {
    let inputs = [Float](repeating: input, count: rows * columns)
    var states = inputs
    let random = boltzmann_random(seed: 20_261_124, step: step, stream: stream, first_unit: 0)
    _ = Self.best.kernels.bernoulli_sample(
      inputs, columns, [Float](repeating: 0, count: columns), 1, nil, 0, &states, columns, rows, columns,
      random, (0..<UInt64(rows)).map { $0 })
    return states
  }

  /// The mean of n draws lies within z·√(p(1 − p)/n) of p; z leaves 10⁻⁶ on both sides together.
  @Test(arguments: [-7, -3, -1, 0, 0.5, 2, 6] as [Float])
  func frequencies(_ input: Float) {
    let n = 1_000_000
    let p = Double(Self.best.logistic([input])[0])
    let mean = Double(draw(input, rows: n / 1_000, columns: 1_000).count { $0 == 1 }) / Double(n)
    let z = Statistics.normalQuantile(upperTail: 0.5e-6)
    // The threshold ⌊p·2³²⌋ moves the mean by at most 2⁻³².
    #expect(abs(mean - p) <= z * (p * (1 - p) / Double(n)).squareRoot() + 0x1p-32)
  }

  /// Units side by side are independent: the 16 joint states of four words of one counter, and of units that
  /// come from different counters.
  @Test(arguments: [1, 4, 13])
  func unitsAreIndependent(_ distance: Int) {
    let rows = 250_000
    let states = draw(-0.7, rows: rows, columns: 40)
    checkJoint(input: -0.7, rows: rows) { row, k in states[row * 40 + k * distance] }
  }

  /// So are the draws of one unit in different rows, steps and streams.
  @Test func rowsStepsAndStreamsAreIndependent() {
    let rows = 250_000
    let draws = [(0, 0), (1, 0), (0, 1)].map {
      draw(0.4, rows: 2 * rows, columns: 1, step: $0.0, stream: $0.1)
    }
    checkJoint(input: 0.4, rows: rows) { row, k in k < 3 ? draws[k][2 * row] : draws[0][2 * row + 1] }
  }

  /// A G-test of the joint states of four draws against the product of their means.
  private func checkJoint(input: Float, rows: Int, _ state: (_ row: Int, _ k: Int) -> Float) {
    let p = Double(Self.best.logistic([input])[0])
    var counts = [Int](repeating: 0, count: 16)
    for row in 0..<rows {
      counts[(0..<4).reduce(0) { $0 | (state(row, $1) == 1 ? 1 << $1 : 0) }] += 1
    }
    let probabilities = (0..<16).map { joint in
      (0..<4).reduce(1.0) { $0 * (joint >> $1 & 1 == 1 ? p : 1 - p) }
    }
    #expect(Statistics.fits(counts: counts, probabilities: probabilities))
  }
}
