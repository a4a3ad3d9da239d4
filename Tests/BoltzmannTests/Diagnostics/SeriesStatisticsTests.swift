import Boltzmann
import BoltzmannReference
import BoltzmannTestSupport
import Foundation
import Testing

@Suite("Statistics of several chains")
struct SeriesStatisticsTests {
  private func statistics(_ chains: [[Double]]) throws -> SeriesStatistics {
    SeriesStatistics(try ChainTraces(chains))
  }

  private func halves(_ chains: [[Double]]) -> [[Double]] {
    chains.flatMap { [Array($0.prefix($0.count / 2)), Array($0.suffix($0.count / 2))] }
  }

  /// A transform of n numbers rounds by log₂ n ≤ 10 times 2⁻⁵³ of the largest; up to 300 lags are summed, and each
  /// may move the end of the sum only where P_k is as small as that.
  private let rounding = 300 * 10 * 0x1p-50

  @Test(
    "they are those of the definitions",
    arguments: [(1, 4, 0.0), (1, 5, 0.5), (2, 17, -0.5), (3, 64, 0.9), (4, 101, 0.5), (5, 300, 0.95)])
  func reference(_ chains: Int, _ draws: Int, _ phi: Double) throws {
    let series = ReferenceRandom(seed: 3).autoregressive(phi, chains: chains, draws: draws)
      .map { $0.map { 100 + 3 * $0 } }
    let found = try statistics(series), halves = halves(series)
    let time = max(ReferenceSeries.autocorrelationTime(halves), found.least(halves))
    #expect(abs(found.autocorrelationTime! - time) <= rounding * time)
    #expect(abs(found.splitRHat! - ReferenceSeries.rHat(halves)) <= rounding)
    let mean = series.joined().reduce(0, +) / Double(chains * draws)
    #expect(abs(found.mean - mean) <= 100 * rounding)
    #expect(found.effectiveSampleSize! == Double(chains * draws) / found.autocorrelationTime!)
    #expect(found.standardError! == found.standardDeviation / found.effectiveSampleSize!.squareRoot())
    #expect(found.frozenChains == 0)
  }

  @Test("ranks are turned into normal scores, equal values into equal ones")
  func ranks() throws {
    let chains: [[Double]] = [[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]]
    let all = chains.flatMap { $0 }
    func score(_ x: Double, _ all: [Double]) -> Double {
      let rank = Double(all.count { $0 < x }) + 0.5 * Double(all.count { $0 == x } + 1)
      return -Statistics.normalQuantile(upperTail: (rank - 0.375) / (Double(all.count) + 0.25))
    }
    let bulk = chains.map { $0.map { score($0, all) } }
    // The median of 1 1 2 3 3 4 5 5 5 6 8 9 is 4.5.
    let distances = all.map { abs($0 - 4.5) }
    let tail = chains.map { $0.map { score(abs($0 - 4.5), distances) } }
    let expected = max(ReferenceSeries.rHat(halves(bulk)), ReferenceSeries.rHat(halves(tail)))
    // Quantiles are good to 10⁻⁸, and R̂ is a ratio of sums of their squares.
    #expect(abs(try statistics(chains).rankRHat! - expected) <= 1e-7)
  }

  @Test("rank R̂ does not see how values are spaced")
  func monotone() throws {
    let chains = ReferenceRandom(seed: 4).autoregressive(0.5, chains: 3, draws: 40)
    let cubes = chains.map { $0.map { $0 * $0 * $0 } }
    // Distances from the median change their order, so only chains far apart in place are compared.
    let apart = [chains[0].map { $0 - 9 }, chains[1], chains[2].map { $0 + 9 }]
    let cubesApart = apart.map { $0.map { $0 * $0 * $0 } }
    #expect(try statistics(apart).rankRHat == statistics(cubesApart).rankRHat)
    #expect(try statistics(chains).splitRHat != statistics(cubes).splitRHat)
  }

  @Test("what never changes has no R̂ and no autocorrelation time")
  func constant() throws {
    let same = try statistics([[Double]](repeating: [Double](repeating: 0.1, count: 7), count: 3))
    #expect(same.splitRHat == nil && same.rankRHat == nil && same.autocorrelationTime == nil)
    #expect(same.effectiveSampleSize == nil && same.standardError == nil && same.mean == 0.1)
    #expect(same.standardDeviation == 0)
  }

  @Test("chains that stand still apart are one draw each")
  func standing() throws {
    let found = try statistics((0..<5).map { [Double](repeating: Double($0) / 3, count: 100) })
    #expect(found.splitRHat == .infinity && found.rankRHat == .infinity && found.frozenChains == 5)
    // τ = 2·50 − 1 of 500 draws: all correlations are 1 up to the last of a half.
    #expect(abs(found.autocorrelationTime! - 99) <= 1e-9)
  }

  @Test("a frozen chain among chains that move is seen, wherever it stands", arguments: [0, 0.5, 5])
  func frozen(_ place: Double) throws {
    var chains = ReferenceRandom(seed: 5).autoregressive(0, chains: 9, draws: 200)
    #expect(try statistics(chains).frozenChains == 0)
    #expect(try statistics(chains).rankRHat! < 1.01)
    chains[4] = [Double](repeating: place, count: 200)
    let found = try statistics(chains)
    #expect(found.frozenChains == 1)
    // At the median it has the least distances of all. At 0.5, two of 18 halves with a mean of 0.5 add 0.026 to
    // var⁺, and the variance within is 16/18: R̂ ≈ 1.015.
    #expect(found.rankRHat! > 1.01)
    chains[4] = Array(chains[3].prefix(100)) + chains[4].suffix(100)
    #expect(try statistics(chains).frozenChains == 1)
  }

  @Test("a chain that is no number has no R̂")
  func notFinite() throws {
    var chains = ReferenceRandom(seed: 6).autoregressive(0, chains: 2, draws: 20)
    chains[1][7] = .nan
    let found = try statistics(chains)
    #expect(found.rankRHat == nil && found.autocorrelationTime == nil)
  }

  @Test("what cannot be judged is refused in one line")
  func refusals() {
    for chains: [[Double]] in [[], [[1, 2, 3]], [[1, 2, 3, 4], [1, 2, 3, 4, 5]]] {
      #expect(throws: SettingsError.self) { try ChainTraces(chains) }
    }
  }
}

extension SeriesStatistics {
  /// The bound below which an autocorrelation time is not believed.
  fileprivate func least(_ halves: [[Double]]) -> Double {
    1 / log10(Double(halves.count * halves[0].count))
  }
}
