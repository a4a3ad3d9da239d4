import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannTestSupport
import Foundation
import Testing

/// Two normal laws whose densities are known: data N(0, 1) in every coordinate, the model shifted and wider.
private struct KnownPair {
  let dimension: Int
  let shift: Double
  let deviation: Double

  func data(_ count: Int, seed: UInt64) -> Matrix {
    normalRows(count, means: [Double](repeating: 0, count: dimension), seed: 2 * seed)
  }

  func model(_ count: Int, seed: UInt64) -> Matrix {
    normalRows(
      count, means: [Double](repeating: shift, count: dimension), deviation: deviation, seed: 2 * seed + 1)
  }

  /// log p_data/p_model of one coordinate.
  func logRatio(_ x: Double) -> Double {
    let z = (x - shift) / deviation
    return -x * x / 2 + z * z / 2 + log(deviation)
  }
}

@Suite(.enabled(if: Build.isOptimized)) struct CriticOutcomeTests {
  private func settings(_ seed: UInt64, widths: [Int] = [16], folds: Int = 3) -> CriticSettings {
    var settings = CriticSettings()
    settings.widths = widths
    settings.activation = .tanh
    settings.rule = .adam(rate: 5e-3)
    settings.epochs = 40
    settings.patience = 4
    settings.folds = folds
    settings.seed = seed
    return settings
  }

  /// With the generator held fixed, D goes to p_data/(p_data + p_g): the mean error of the log-ratio where both have
  /// 95 % of their mass.
  @Test(arguments: [1, 2])
  func logRatiosAreThoseOfTheDensities(_ dimension: Int) throws {
    let pair = KnownPair(dimension: dimension, shift: 1, deviation: 1.2), n = 20_000
    let critic = try Critic(
      data: pair.data(n, seed: 1).view, model: pair.model(n, seed: 1).view,
      settings: settings(1, widths: [32]))
    let rows = [pair.data(2_000, seed: 2), pair.model(2_000, seed: 2)].flatMap { $0.doubles }
    let bulk = rows.filter { row in row.allSatisfy { $0 > -1.4 && $0 < 2 } }
    let found = try critic.logRatios(of: Matrix(bulk).view)
    let error = zip(found, bulk).reduce(0) { $0 + abs($1.0 - $1.1.reduce(0) { $0 + pair.logRatio($1) }) }
    #expect(error / Double(bulk.count) < 0.1)
    #expect(bulk.count > 1_000)
  }

  /// Data and samples from one law: p-values are uniform. Kolmogorov & Smirnov: P(D > d) ≈ 2·e^{−2nd²}, 10⁻⁴ at
  /// n = 200 and d = 0.157; 99 dealings make steps of 0.01.
  @Test func pValuesOfEqualLawsAreUniform() throws {
    let count = 200
    let values = try Parallel.all.map(count) { repetition, _ in
      let seed = UInt64(1_000 + repetition)
      let rows = normalRows(160, means: [0, 0], seed: seed)
      var settings = settings(seed, widths: [8])
      (settings.epochs, settings.batchSize) = (6, 20)
      return try TwoSampleTest(
        data: rows.view.rows(0..<80), model: rows.view.rows(80..<160), settings: settings, dealings: 99,
        parallel: Parallel(threads: 1)
      ).pValue
    }.sorted()
    let distance = values.enumerated().map { max(abs($1 - Double($0) / 200), abs($1 - Double($0 + 1) / 200)) }
    #expect((distance.max() ?? 1) < 0.157 + 0.01)
  }

  /// A shift of δ = 0.6 in one of two coordinates, 400 rows of each. With D ≈ ½ + r/4 the difference t of the means
  /// is δ²/4 = 0.09 and its standard error on 200 rows of each √(2·δ²/16/200) = 0.015: six of them for the best
  /// critic, and p < 0.01 in nearly all of 20 tests for one half as good.
  @Test func plantedChangesAreRejected() throws {
    let values = try Parallel.all.map(20) { repetition, _ in
      let seed = UInt64(2_000 + 2 * repetition)
      return try TwoSampleTest(
        data: normalRows(400, means: [0, 0], seed: seed).view,
        model: normalRows(400, means: [0.6, 0], seed: seed + 1).view, settings: settings(seed, widths: [8]),
        parallel: Parallel(threads: 1)
      ).pValue
    }
    #expect(values.count { $0 < 0.01 } >= 17, "\(values)")
  }
}
