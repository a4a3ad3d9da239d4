public import BoltzmannCompute
internal import Foundation

/// A number estimated from samples and its 95 % bootstrap interval.
public struct IntervalEstimate: Sendable, Hashable {
  public let estimate: Double
  public let lower: Double
  public let upper: Double
}

/// How far the data and a model are apart, judged by a critic on rows it has not seen.
///
/// Every critic gives a bound; the better its log-ratio r, the nearer to the divergence:
/// ```
/// JS(data ‖ model) ≥ log 2 + ½·E_data log σ(r) + ½·E_model log(1 − σ(r))
/// KL(data ‖ model) ≥ E_data r − log E_model eʳ              (Donsker & Varadhan 1983)
/// KL(model ‖ data) ≥ −E_model r − log E_data e⁻ʳ
/// ```
/// All in nats. The first derivative of each in r vanishes at the truth, so that an error δ of r costs its square
/// only: ½·Var_data δ of KL(data ‖ model), ½·Var_model δ of the reverse one. With some thousand rows that is still as
/// much as the sampling error, and always to the same side; `LearningCurve` estimates it from critics of half the rows
/// and takes it off.
///
/// Intervals are percentiles of replicates (Efron 1979). Each draws the rows of both kinds again, draws repetitions of
/// the cross-fitting, whose spread is what another training would give, and draws the learning curve's exponent.
///
/// An interval needs variances that are finite: the influence of a row on KL(data ‖ model) is r under the data and
/// p_data/p_model under the model, so that E_model (p_data/p_model)² must exist, and E_data (p_model/p_data)² for the
/// reverse one. Where data and model hardly overlap, few rows carry E eʳ and both are far too low:
/// `effectiveSamples` tells.
public struct Divergences: Sendable, Hashable {
  /// The share of rows that are taken for what they are, both kinds counted alike; ½ where they cannot be told.
  public let accuracy: IntervalEstimate
  public let jensenShannon: IntervalEstimate
  /// KL(data ‖ model).
  public let kullbackLeibler: IntervalEstimate
  /// KL(model ‖ data).
  public let reverse: IntervalEstimate
  /// (Σ eʳ)²/Σ e²ʳ over the model's samples: how many independent draws of the data's law they are worth.
  public let effectiveSamples: Double

  public init(of scores: RepeatedScores, resamples: Int = 1_000, seed: UInt64 = 0, parallel: Parallel = .all)
  {
    precondition(resamples >= 20, "percentiles of at least 20 resamples")
    let repetitions = scores.repetitions.map(RepetitionTerms.init)
    let replicates = parallel.map(resamples) { replicate, _ in
      let stream = RandomStream(seed: seed, purpose: .bootstrap, step: UInt64(replicate))
      return Divergences.replicate(of: repetitions, stream)
    }
    let values = repetitions.map { $0.values(rows: nil, exponent: LearningCurve.exponent) }
    let estimates = values[0].indices.map { index in
      IntervalEstimate(
        values.reduce(0) { $0 + $1[index] } / Double(values.count), resampled: replicates.map { $0[index] })
    }
    (accuracy, jensenShannon) = (estimates[0], estimates[1])
    (kullbackLeibler, reverse) = (estimates[2], estimates[3])
    let ratios = scores.mean.model
    effectiveSamples = exp(2 * logSumExp(ratios) - logSumExp(ratios.map { 2 * $0 }))
  }

  /// Of scores that one critic gave: bounds, and intervals that resample the rows only.
  public init(of scores: RatioScores, resamples: Int = 1_000, seed: UInt64 = 0, parallel: Parallel = .all) {
    let once = RepeatedScores([RepeatedScores.Repetition(whole: scores, halves: [])])
    self.init(of: once, resamples: resamples, seed: seed, parallel: parallel)
  }

  /// The values that rows, repetitions and an exponent drawn anew give.
  private static func replicate(of repetitions: [RepetitionTerms], _ stream: RandomStream) -> [Double] {
    let rows = [repetitions[0].whole.data.count, repetitions[0].whole.model.count].enumerated().map {
      RowTerms.draw($1, of: $1, stream, row: UInt64($0))
    }
    let exponent = LearningCurve.drawn(stream.uniforms(row: 3, count: 1)[0])
    let drawn = RowTerms.draw(repetitions.count, of: repetitions.count, stream, row: 2)
    var sums = [0.0, 0, 0, 0]
    for (number, repetition) in repetitions.enumerated() where drawn.contains(number) {
      let share = Double(drawn.count { $0 == number }) / Double(drawn.count)
      let values = repetition.values(rows: (rows[0], rows[1]), exponent: exponent)
      for index in sums.indices { sums[index] += share * values[index] }
    }
    return sums
  }
}

extension IntervalEstimate {
  fileprivate init(_ estimate: Double, resampled: [Double]) {
    let sorted = resampled.sorted(), last = Double(sorted.count - 1)
    self.estimate = estimate
    lower = sorted[Int((0.025 * last).rounded(.down))]
    upper = sorted[Int((0.975 * last).rounded(.up))]
  }
}

/// The rows' terms of one repetition: by critics of all other rows, and by those of each half.
private struct RepetitionTerms: Sendable {
  typealias Kinds = (data: RowTerms, model: RowTerms)
  let whole: Kinds
  private let halves: [Kinds]

  init(_ repetition: RepeatedScores.Repetition) {
    let terms = { (scores: RatioScores) in (data: RowTerms(scores.data), model: RowTerms(scores.model)) }
    whole = terms(repetition.whole)
    halves = repetition.halves.map(terms)
  }

  /// Accuracy, JS, KL and reverse KL of these rows, or all; the last three at the end of the learning curve.
  func values(rows: (data: [Int], model: [Int])?, exponent: Double) -> [Double] {
    let whole = RepetitionTerms.bounds(whole, rows)
    guard !halves.isEmpty else { return whole }
    let halves = halves.map { RepetitionTerms.bounds($0, rows) }
    return whole.indices.map { index in
      if index == 0 { return whole[0] }
      let half = halves.reduce(0) { $0 + $1[index] } / Double(halves.count)
      let limit = LearningCurve.limit(whole: whole[index], half: half, exponent: exponent)
      return index == 1 ? min(limit, log(2)) : limit
    }
  }

  private static func bounds(_ kinds: Kinds, _ rows: (data: [Int], model: [Int])?) -> [Double] {
    let data = kinds.data.means(rows?.data), model = kinds.model.means(rows?.model)
    return [
      (data.isPositive + 1 - model.isPositive) / 2,
      log(2) - (data.missesData + model.missesModel) / 2,
      data.ratio - model.logMeanExp,
      -model.ratio - data.logMeanExpNegative,
    ]
  }
}
