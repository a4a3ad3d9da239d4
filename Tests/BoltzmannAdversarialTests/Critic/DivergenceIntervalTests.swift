import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannTestSupport
import Foundation
import Testing

/// Two normal laws whose divergences are known: data N(0, 1) in every coordinate.
///
/// Both E_model (p_data/p_model)² and E_data (p_model/p_data)² are finite, without which there are no intervals: the
/// eigenvalues of the model's covariance must lie between ½ and 2.
private struct KnownLaws: CustomTestStringConvertible, Sendable {
  let means: [Double]
  /// The lower triangle L of the model's covariance LLᵀ, `[means, means]`.
  let factor: [[Double]]

  var testDescription: String { "means \(means), factor \(factor)" }

  func rows(_ count: Int, isModel: Bool, seed: UInt64) -> Matrix {
    let draws = normalRows(count, means: means.map { _ in 0 }, seed: seed)
    guard isModel else { return draws }
    return Matrix(rows: count, columns: means.count) { row, column in
      let parts = (0...column).map { factor[column][$0] * Double(draws.view[row, $0]) }
      return Float(means[column] + parts.reduce(0, +))
    }
  }

  /// log p_data and log p_model: z solves Lz = x − means.
  private func logDensities(_ x: [Double]) -> (data: Double, model: Double) {
    var z = [Double](), logDeterminant = 0.0
    for i in x.indices {
      let known = (0..<i).reduce(0) { $0 + factor[i][$1] * z[$1] }
      z.append((x[i] - means[i] - known) / factor[i][i])
      logDeterminant += log(factor[i][i])
    }
    let constant = -Double(x.count) / 2 * log(2 * .pi)
    return (
      constant - x.reduce(0) { $0 + $1 * $1 } / 2,
      constant - z.reduce(0) { $0 + $1 * $1 } / 2 - logDeterminant
    )
  }

  /// JS, KL(data ‖ model) and KL(model ‖ data) by the trapezoidal rule on [−9, 9] in every coordinate, which is exact
  /// to all digits for smooth integrands that vanish at the ends.
  func divergences() -> [Double] {
    let step = 0.05, places = stride(from: -9.0, through: 9, by: step)
    let points = means.dropFirst().reduce(places.map { [$0] }) { points, _ in
      points.flatMap { point in places.map { point + [$0] } }
    }
    return points.reduce(into: [0.0, 0, 0]) { sums, x in
      let (p, q) = logDensities(x), cell = pow(step, Double(x.count))
      let middle = logSumExp([p, q]) - log(2)
      sums[0] += cell / 2 * (exp(p) * (p - middle) + exp(q) * (q - middle))
      sums[1] += cell * exp(p) * (p - q)
      sums[2] += cell * exp(q) * (q - p)
    }
  }
}

@Suite(.enabled(if: Build.isOptimized)) struct DivergenceIntervalTests {
  /// In 100 seeded repetitions with 1,000 rows of each law the interval of 95 % covers the integral 90 to 99 times. At
  /// a true coverage of 95 %, fewer than 90 would be seen once in 90 times and all 100 once in 170 times.
  @Test(arguments: [
    KnownLaws(means: [0.5], factor: [[1.2]]),
    KnownLaws(means: [0.7, 0], factor: [[1, 0], [0.4, 0.84.squareRoot()]]),
  ])
  private func coverTheDivergences(_ laws: KnownLaws) throws {
    let truth = laws.divergences()
    let inside = try Parallel.all.map(100) { repetition, _ in
      let seed = UInt64(3_000 + 2 * repetition), alone = Parallel(threads: 1)
      let scores = try RepeatedScores(
        crossFitting: laws.rows(1_000, isModel: false, seed: seed).view,
        model: laws.rows(1_000, isModel: true, seed: seed + 1).view, settings: settings(seed), parallel: alone
      )
      let found = Divergences(of: scores, resamples: 400, seed: seed, parallel: alone)
      return zip([found.jensenShannon, found.kullbackLeibler, found.reverse], truth).map {
        $0.lower < $1 && $1 < $0.upper
      }
    }
    for (index, name) in ["JS", "KL", "reverse KL"].enumerated() {
      let count = inside.count { $0[index] }
      #expect((90...99).contains(count), "\(name): \(count) of 100")
    }
  }

  private func settings(_ seed: UInt64) -> CriticSettings {
    var settings = CriticSettings()
    (settings.widths, settings.rule, settings.batchSize) = ([32], .adam(rate: 3e-3), 50)
    settings.seed = seed
    return settings
  }
}

@Suite struct RepeatedScoresTests {
  /// Log-ratios a of data and b of samples, the same in all rows, bound KL(data ‖ model) by a − b whatever rows are
  /// drawn: only repetitions and exponents move the replicates.
  private func repetition(whole: Double, halves: [Double]) -> RepeatedScores.Repetition {
    let scores = { (bound: Double) in RatioScores(data: [bound, bound], model: [0, 0]) }
    return RepeatedScores.Repetition(whole: scores(whole), halves: halves.map(scores))
  }

  /// B(m) = 1 and B(m/2) = 0.6: D = 1 + 0.4/(2^α − 1), from α = 1 at the lower end to α = ½ at the upper one.
  @Test func boundsAreFollowedToTheEndOfTheLearningCurve() {
    let found = Divergences(
      of: RepeatedScores([repetition(whole: 1, halves: [0.5, 0.7])]), resamples: 2_000
    ).kullbackLeibler
    #expect(abs(found.estimate - (1 + 0.4 / (exp2(0.75) - 1))) < 1e-12)
    // 2.5 % of 2,000 uniform numbers, with standard errors of 0.0035: α within five of them.
    let ends = [found.lower, found.upper].map { log2(1 + 0.4 / ($0 - 1)) }
    #expect(abs(ends[0] - 0.9875) < 0.009 && abs(ends[1] - 0.5125) < 0.009)
  }

  /// Means of two drawn from two repetitions of 1 and 2: 1, 1.5 or 2, the ends a quarter of the times each.
  @Test func repetitionsAreInTheIntervals() {
    let both = [repetition(whole: 1, halves: []), repetition(whole: 2, halves: [])]
    let found = Divergences(of: RepeatedScores(both), resamples: 200).kullbackLeibler
    #expect(abs(found.estimate - 1.5) < 1e-12 && abs(found.lower - 1) < 1e-12 && abs(found.upper - 2) < 1e-12)
  }

  /// JS is never more than log 2, wherever the learning curve points.
  @Test func jensenShannonEndsAtItsMost() {
    let scores = { (ratio: Double) in RatioScores(data: [ratio, ratio], model: [-ratio, -ratio]) }
    let once = RepeatedScores.Repetition(whole: scores(5), halves: [scores(1), scores(1)])
    let found = Divergences(of: RepeatedScores([once]), resamples: 20).jensenShannon
    #expect(found.estimate == log(2) && found.upper == log(2))
  }

  @Test func bitsDoNotDependOnTheThreads() throws {
    let data = normalRows(70, means: [0, 0], seed: 1), model = normalRows(61, means: [1, 0], seed: 2)
    var settings = CriticSettings()
    (settings.widths, settings.epochs, settings.repetitions, settings.batchSize) = ([8], 4, 2, 10)
    let found = try [1, 2, 3].map { threads in
      try RepeatedScores(
        crossFitting: data.view, model: model.view, settings: settings, parallel: Parallel(threads: threads))
    }
    #expect(found.allSatisfy { $0 == found[0] })
    #expect(found[0].repetitions.count == 2 && found[0].repetitions[0] != found[0].repetitions[1])
    #expect(found[0].repetitions.allSatisfy { $0.halves.count == 2 && $0.halves[0] != $0.halves[1] })
    #expect(found[0].mean.data.count == 70 && found[0].mean.model.count == 61)
    // The first repetition is the cross-fitting with these settings.
    #expect(
      try found[0].repetitions[0].whole
        == RatioScores(crossFitting: data.view, model: model.view, settings: settings))
  }

  @Test func tooFewRowsForHalvesAreRefused() {
    let rows = normalRows(29, means: [0], seed: 1)
    #expect(throws: SettingsError.self) {
      try RepeatedScores(crossFitting: rows.view, model: rows.view, settings: CriticSettings())
    }
  }
}
