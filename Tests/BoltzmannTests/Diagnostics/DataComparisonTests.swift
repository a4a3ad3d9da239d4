import Boltzmann
import BoltzmannCompute
import BoltzmannReference
import BoltzmannTestSupport
import Testing

@Suite("Samples beside data")
struct DataComparisonTests {
  private func bits(_ count: Int, _ width: Int, probability: Double = 0.4, seed: UInt64) -> [[Double]] {
    let random = ReferenceRandom(seed: seed)
    return (0..<count).map { row in
      (0..<width).map { random.uniform(unit: $0, row: row) < probability ? 1 : 0 }
    }
  }

  /// The moments as they are defined: the function of each sample, its mean over both sets, and z.
  private func agreement(
    _ a: [[Double]], _ b: [[Double]], of columns: [[Int]]
  ) -> (correlation: Double, deviation: Double) {
    func values(_ set: [[Double]], _ moment: [Int]) -> [Double] {
      let means = moment.map { i in set.reduce(0) { $0 + $1[i] } / Double(set.count) }
      return set.map { x in
        moment.count == 1 ? x[moment[0]] : zip(moment, means).reduce(1) { $0 * (x[$1.0] - $1.1) }
      }
    }
    func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
    var pairs: [(Double, Double)] = [], squares: [Double] = []
    for moment in columns {
      let (x, y) = (values(a, moment), values(b, moment)), center = mean(x + y)
      let variance = mean((x + y).map { ($0 - center) * ($0 - center) })
      pairs.append((mean(x), mean(y)))
      let error = variance * (1 / Double(x.count) + 1 / Double(y.count))
      squares.append((mean(x) - mean(y)) * (mean(x) - mean(y)) / error)
    }
    let (x, y) = (mean(pairs.map(\.0)), mean(pairs.map(\.1)))
    func sum(_ f: ((Double, Double)) -> Double) -> Double { pairs.map(f).reduce(0, +) }
    let scale = (sum { ($0.0 - x) * ($0.0 - x) } * sum { ($0.1 - y) * ($0.1 - y) }).squareRoot()
    return (sum { ($0.0 - x) * ($0.1 - y) } / scale, mean(squares).squareRoot())
  }

  @Test("moments are those of the definitions", arguments: [(30, 20, 3), (17, 40, 6)])
  func moments(_ n: Int, _ m: Int, _ width: Int) {
    let (a, b) = (bits(n, width, seed: 31), bits(m, width, probability: 0.6, seed: 32))
    let found = MomentComparison(data: BitSamples(a), samples: FloatSamples(b), seed: 0)
    let pairs = (0..<width).flatMap { i in ((i + 1)..<max(width, i + 1)).map { [i, $0] } }
    let triples = pairs.flatMap { p in ((p[1] + 1)..<max(width, p[1] + 1)).map { p + [$0] } }
    let lists = [(found.means, (0..<width).map { [$0] }), (found.pairs, pairs), (found.triples, triples)]
    for (agreement, columns) in lists {
      let expected = self.agreement(a, b, of: columns)
      #expect(agreement.count == columns.count)
      // Double throughout, sums of at most 60 terms.
      #expect(abs(agreement.deviation! - expected.deviation) <= 1e-12)
      if columns.count > 1 { #expect(abs(agreement.correlation! - expected.correlation) <= 1e-10) }
    }
  }

  @Test("a set agrees with itself, and columns that never change say nothing")
  func itself() {
    let a = bits(50, 4, seed: 33).map { $0 + [1, 0] }, samples = BitSamples(a)
    let found = MomentComparison(data: samples, samples: samples, seed: 0)
    for agreement in [found.means, found.pairs, found.triples] {
      #expect(agreement.deviation == 0)
      #expect(abs(agreement.correlation! - 1) <= 1e-12)
    }
    #expect(found.means.count == 4 && found.pairs.count == 6 && found.triples.count == 4)
    let still = BitSamples(count: 5, width: 3) { _, _ in true }
    let nothing = MomentComparison(data: still, samples: still, seed: 0)
    #expect(nothing.means.count == 0 && nothing.means.deviation == nil && nothing.pairs.correlation == nil)
  }

  @Test("sets of one law deviate by their sampling error")
  func oneLaw() {
    let found = MomentComparison(
      data: BitSamples(bits(400, 40, seed: 34)), samples: BitSamples(bits(300, 40, seed: 35)), seed: 3)
    // z² has mean 1 and variance 2: 40 independent means; 780 pairs and 9,880 triples share columns, pairwise
    // uncorrelated. Centring takes 1/n, and triples have kurtosis: √(2/n) is doubled for them.
    #expect(found.triples.count == 9880)
    for (agreement, deviation) in [
      (found.means, (2 / 40.0).squareRoot()), (found.pairs, (2 / 780.0).squareRoot()),
      (found.triples, 2 * (2 / 9880.0).squareRoot()),
    ] {
      let square = agreement.deviation! * agreement.deviation!
      #expect(abs(square - 1) <= 4.9 * deviation + 2 / 300.0)
    }
  }

  /// Distances written out, one pair after the other.
  private func nearer(_ own: [[Double]], _ other: [[Double]]) -> Double {
    func distance(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let scores = own.indices.map { i -> Double in
      let inner = own.indices.filter { $0 != i }.map { distance(own[i], own[$0]) }.min()!
      let outer = other.map { distance(own[i], $0) }.min()!
      return inner < outer ? 1 : inner == outer ? 0.5 : 0
    }
    return scores.reduce(0, +) / Double(scores.count)
  }

  @Test("neighbours are those of the plain search", arguments: [2, 7, 61, 120])
  func neighbours(_ count: Int) throws {
    let (a, b) = (bits(count, 9, seed: 36), bits(count, 9, probability: 0.5, seed: 37))
    let found = try #require(AdversarialAccuracy(data: BitSamples(a), samples: BitSamples(b)))
    #expect(abs(found.truth - nearer(a, b)) <= 1e-12 && abs(found.synthetic - nearer(b, a)) <= 1e-12)
    #expect(found.samples == count && found.value == 0.5 * (found.truth + found.synthetic))
  }

  @Test("copies of the data, sets far apart, and too few")
  func extremes() throws {
    let a = FloatSamples((0..<20).map { [Double($0 * $0), 3] }),
      b = FloatSamples((0..<30).map { [-Double($0), -999] })
    // Every copy is nearer than the next of its own.
    #expect(AdversarialAccuracy(data: a, samples: a)?.value == 0)
    let apart = try #require(AdversarialAccuracy(data: a, samples: b))
    #expect(apart.value == 1 && apart.standardError == 0 && apart.samples == 20)
    #expect(AdversarialAccuracy(data: a, samples: FloatSamples([[1, 2]])) == nil)
  }

  @Test("one law is told apart half of the time")
  func oneLawNeighbours() throws {
    let found = try #require(
      AdversarialAccuracy(
        data: BitSamples(bits(300, 12, seed: 38)), samples: BitSamples(bits(300, 12, seed: 39))))
    // Independent answers would have ¼·2·¼/300; ties make less of it, neighbours of each other up to twice.
    #expect(abs(found.value - 0.5) <= 4.9 * found.standardError)
    #expect(found.standardError > 0.01 && found.standardError < 0.03)
  }

  @Test("the verdict: the machine's own law matches, another one differs")
  func verdicts() {
    let machine = MachinePair.normal(visible: 8, hidden: 3, weightDeviation: 0, biasDeviation: 0, seed: 40)
      .engine
    let data = BitSamples(bits(300, 8, probability: 0.5, seed: 41))
    func verdict(_ probability: Double) -> DataComparison {
      DataComparison(
        of: machine, data: data, samples: BitSamples(bits(200, 8, probability: probability, seed: 42)),
        seed: 1)
    }
    let same = verdict(0.5)
    #expect(same.verdict == .matches && same.samples == 200)
    // F(v) = −3 log 2, softplus in Float.
    #expect(abs(same.dataFreeEnergy + 3 * 0.6931471805599453) <= 40 * FloatBounds.roundoff)
    #expect(verdict(0.02).verdict == .differs)
  }
}
