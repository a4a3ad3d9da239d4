import Boltzmann
import BoltzmannAdversarial
import BoltzmannCompute
import BoltzmannTestSupport
import Foundation
import Testing

/// Normal rows, `[count, means]`, all with one deviation.
func normalRows(_ count: Int, means: [Double], deviation: Double = 1, seed: UInt64) -> Matrix {
  let stream = RandomStream(seed: seed, purpose: .test)
  var rows = Matrix(rows: count, columns: means.count)
  rows.withMutableView { rows in
    for row in 0..<count {
      let draws = stream.normals(row: UInt64(row), count: means.count)
      rows.setRow(row, zip(means, draws).map { Float($0 + deviation * $1) })
    }
  }
  return rows
}

@Suite struct CriticTests {
  private func settings(_ change: (inout CriticSettings) -> Void = { _ in }) -> CriticSettings {
    var settings = CriticSettings()
    settings.widths = [16]
    settings.epochs = 12
    settings.rule = .adam(rate: 5e-3)
    settings.seed = 3
    change(&settings)
    return settings
  }

  @Test func bitsDoNotDependOnTheThreads() throws {
    let data = normalRows(150, means: [0, 0], seed: 1), model = normalRows(130, means: [1, 0], seed: 2)
    let found = try [1, 2, 3].map { threads in
      let parallel = Parallel(threads: threads)
      let scores = try RatioScores(
        crossFitting: data.view, model: model.view,
        settings: settings { ($0.folds, $0.batchSize) = (2, 20) }, parallel: parallel)
      return (scores, Divergences(of: scores, resamples: 30, seed: 5, parallel: parallel))
    }
    #expect(found.allSatisfy { $0.0 == found[0].0 && $0.1 == found[0].1 })
    #expect(found[0].0.data.count == 150 && found[0].0.model.count == 130)
    #expect(found[0].1.accuracy.estimate > 0.58)
  }

  /// Unequal numbers of both kinds: identical laws have ratio 1 at every x, not n_data/n_model = 4.
  @Test func unequalNumbersAreTakenOff() throws {
    let data = normalRows(800, means: [0], seed: 1), model = normalRows(200, means: [0], seed: 2)
    let critic = try Critic(data: data.view, model: model.view, settings: settings { $0.epochs = 3 })
    let ratios = try critic.logRatios(of: normalRows(100, means: [0], seed: 3).view)
    #expect(abs(ratios.reduce(0, +) / 100) < 0.5)
  }

  @Test func columnsThatNeverMoveAreLeftAlone() throws {
    let data = Matrix(rows: 40, columns: 2) { row, column in column == 0 ? 3 : Float(row % 2) }
    let model = Matrix(rows: 40, columns: 2) { row, column in column == 0 ? 3 : Float(row % 3 == 0 ? 1 : 0) }
    let critic = try Critic(data: data.view, model: model.view, settings: settings())
    #expect(try critic.logRatios(of: data.view).allSatisfy { $0.isFinite })
  }

  /// Rows that are told apart with certainty: no log 0, estimates finite, JS near log 2.
  @Test func certainCriticsStayFinite() throws {
    let data = normalRows(100, means: [50, 0], seed: 1), model = normalRows(100, means: [-50, 0], seed: 2)
    let settings = settings { ($0.folds, $0.batchSize, $0.epochs) = (2, 10, 40) }
    let scores = try RatioScores(crossFitting: data.view, model: model.view, settings: settings)
    let found = Divergences(of: scores, resamples: 50)
    #expect(found.accuracy.estimate == 1)
    #expect(found.jensenShannon.estimate > 0.9 * log(2) && found.jensenShannon.upper <= log(2))
    #expect(found.kullbackLeibler.estimate.isFinite && found.reverse.estimate.isFinite)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let rows = normalRows(60, means: [0, 0], seed: 1).view
    let bad: [(MatrixView, MatrixView)] = [
      (rows, normalRows(60, means: [0], seed: 1).view), (rows.rows(0..<3), rows), (rows, rows.rows(0..<3)),
      (rows, Matrix(rows: 60, columns: 2) { $0 == 7 && $1 == 1 ? .nan : 0 }.view),
    ]
    for (data, model) in bad {
      #expect(throws: SettingsError.self) {
        try RatioScores(crossFitting: data, model: model, settings: settings())
      }
      #expect(throws: SettingsError.self) {
        try TwoSampleTest(data: data, model: model, settings: settings())
      }
    }
    let changes: [(inout CriticSettings) -> Void] = [
      { $0.folds = 1 }, { $0.folds = 13 }, { $0.epochs = 0 }, { $0.batchSize = 0 }, { $0.widths = [0] },
      { $0.asideShare = 1 }, { $0.rule = .adam(rate: 0) },
    ]
    for change in changes {
      #expect(throws: SettingsError.self) {
        try RatioScores(crossFitting: rows, model: rows, settings: settings(change))
      }
    }
  }
}

@Suite struct CalibrationTests {
  /// At the minimum of a strictly convex sum its gradient is zero: Newton's last step is below 10⁻¹⁰, and the
  /// gradient below that times a curvature of some 10⁴.
  @Test func gradientVanishesAtTheCalibration() {
    let stream = RandomStream(seed: 4, purpose: .test)
    let logits = stream.normals(row: 0, count: 500).map { 3 * $0 + 1 }
    let labels = zip(logits, stream.uniforms(row: 1, count: 500)).map {
      $1 < logistic(0.5 * $0 - 1) ? 1.0 : 0
    }
    let found = Calibration(logits: logits, labels: labels)
    let errors = zip(logits, labels).map { logistic(found($0)) - $1 }
    #expect(abs(errors.reduce(0, +) + found.offset) <= 1e-6)
    #expect(abs(zip(errors, logits).reduce(0) { $0 + $1.0 * $1.1 } + found.slope - 1) <= 1e-6)
    // 500 labels of which the truth is slope ½, offset −1: standard errors are about 0.05 and 0.13.
    #expect(abs(found.slope - 0.5) < 0.25 && abs(found.offset + 1) < 0.65)
  }

  /// What separates completely would ask for an infinite slope; few or no rows say little.
  @Test func staysFinite() {
    let found = Calibration(logits: [-1, -2, 1, 2], labels: [0, 0, 1, 1])
    #expect(found.slope > 1 && found.slope < 3 && abs(found.offset) < 1e-9)
    #expect(Calibration(logits: [], labels: []).slope == 1)
    let far = Calibration(logits: [1e4, -1e4, 1e4, -1e4], labels: [1, 0, 0, 1])
    #expect(far.slope.isFinite && abs(far(1e4)) < 1)
  }
}

@Suite struct DivergenceTests {
  /// log-ratio of N(1, 1) to N(0, 1): x − ½; KL both ways ½. Means of n rows have standard errors of √(Var/n): r has
  /// variance 1; eʳ under N(0, 1) variance e − 1; 5 standard errors of both together.
  @Test func trueRatiosGiveTheDivergences() {
    let n = 4_000
    let scores = RatioScores(
      data: normalRows(n, means: [1], seed: 6).values.map { Double($0) - 0.5 },
      model: normalRows(n, means: [0], seed: 7).values.map { Double($0) - 0.5 })
    let found = Divergences(of: scores, resamples: 100)
    let error = 5 * (M_E / Double(n)).squareRoot()
    #expect(abs(found.kullbackLeibler.estimate - 0.5) <= error)
    #expect(abs(found.reverse.estimate - 0.5) <= error)
    #expect(abs(found.jensenShannon.estimate - Self.jensenShannon(shift: 1)) <= 5 * 0.5 / 60)
    // P(right) = Φ(½).
    #expect(abs(found.accuracy.estimate - 0.6915) <= 5 * 0.5 / 90)
    // n/(1 + Var eʳ) = n/e; e²ʳ has variance e⁴ − 1 of its squared mean: 5 of √(53.6/n) = 0.116.
    #expect(abs(found.effectiveSamples * M_E / Double(n) - 1) <= 0.58)
    for interval in [found.accuracy, found.jensenShannon, found.kullbackLeibler, found.reverse] {
      #expect(interval.lower < interval.estimate && interval.estimate < interval.upper)
    }
  }

  /// JS of N(shift, 1) and N(0, 1) by the trapezoidal rule, good to all digits for a smooth, fast falling integrand.
  static func jensenShannon(shift: Double) -> Double {
    let step = 0.01
    return stride(from: -12.0, through: 12 + shift, by: step).reduce(0) { sum, x in
      let p = exp(-(x - shift) * (x - shift) / 2), q = exp(-x * x / 2), scale = step / (2 * .pi).squareRoot()
      return sum + scale / 2 * (p * log(2 * p / (p + q)) + q * log(2 * q / (p + q)))
    }
  }

  @Test func equalScoresAreNoDivergence() {
    let scores = RatioScores(data: [0, 0, 0], model: [0, 0])
    let found = Divergences(of: scores, resamples: 20)
    #expect(found.accuracy.estimate == 0.5 && abs(found.jensenShannon.estimate) < 1e-15)
    #expect(found.kullbackLeibler.estimate == 0 && found.reverse.estimate == 0)
    #expect(abs(found.effectiveSamples - 2) < 1e-12)
  }

  @Test func farScoresDoNotOverflow() {
    let found = Divergences(of: RatioScores(data: [900, 1e4], model: [-1e4, -900]), resamples: 20)
    #expect(found.kullbackLeibler.estimate.isFinite && found.reverse.estimate.isFinite)
    #expect(abs(found.jensenShannon.estimate - log(2)) < 1e-12 && found.effectiveSamples >= 1)
  }
}

@Suite struct TwoSampleTestTests {
  /// All dealings of (3 | 1): the data's one row is the largest of four in a quarter of them.
  @Test func pValuesCountDealings() {
    let test = TwoSampleTest(data: [1], model: [0, 0.2, 0.1], dealings: 4_000, seed: 2)
    #expect(abs(test.statistic - 0.9) < 1e-12)
    // n = 4,000, p = ¼: a standard error of 0.007.
    #expect(abs(test.pValue - 0.25) <= 5 * 0.007)
    #expect(TwoSampleTest(data: [1, 1], model: [1, 1], dealings: 50).pValue == 1)
  }
}

@Suite struct ImportanceResamplingTests {
  /// Each number is taken its share of the count, rounded down or up.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func sharesAreKept(_ seed: UInt64) {
    let weights = [0.1, 0.45, 0, 0.05, 0.4]
    let drawn = importanceResample(logWeights: weights.map { log($0) + 700 }, count: 50, seed: seed)
    #expect(drawn.count == 50)
    for (number, weight) in weights.enumerated() {
      #expect(abs(Double(drawn.count { $0 == number }) - 50 * weight) < 1 + 1e-9)
    }
  }
}
