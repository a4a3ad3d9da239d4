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
/// Every critic gives a bound; the better its log-ratio r, the nearer to the divergence, and an error of r costs
/// only its square:
/// ```
/// JS(data ‖ model) ≥ log 2 + ½·E_data log σ(r) + ½·E_model log(1 − σ(r))
/// KL(data ‖ model) ≥ E_data r − log E_model eʳ              (Donsker & Varadhan 1983)
/// KL(model ‖ data) ≥ −E_model r − log E_data e⁻ʳ
/// ```
/// All in nats. Intervals resample the rows of both kinds (Efron 1979, percentiles); what another training of the
/// critic would give is not in them. Where data and model hardly overlap, few rows carry E eʳ and the last two are
/// far too low: `effectiveSamples` tells.
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

  public init(of scores: RatioScores, resamples: Int = 1_000, seed: UInt64 = 0, parallel: Parallel = .all) {
    precondition(resamples >= 20, "percentiles of at least 20 resamples")
    let data = RowTerms(scores.data), model = RowTerms(scores.model)
    let replicates = parallel.map(resamples) { replicate, _ in
      let stream = RandomStream(seed: seed, purpose: .bootstrap, step: UInt64(replicate))
      return Divergences.values(
        data.means(RowTerms.draw(data.count, stream, row: 0)),
        model.means(RowTerms.draw(model.count, stream, row: 1)))
    }
    let found = Divergences.values(data.means(nil), model.means(nil))
    let estimates = found.indices.map { index in
      IntervalEstimate(found[index], resampled: replicates.map { $0[index] })
    }
    (accuracy, jensenShannon) = (estimates[0], estimates[1])
    (kullbackLeibler, reverse) = (estimates[2], estimates[3])
    effectiveSamples = exp(2 * logSumExp(scores.model) - logSumExp(scores.model.map { 2 * $0 }))
  }

  /// Accuracy, JS, KL and reverse KL from the means of both kinds.
  private static func values(_ data: RowTerms.Means, _ model: RowTerms.Means) -> [Double] {
    [
      (data.isPositive + 1 - model.isPositive) / 2,
      log(2) - (data.missesData + model.missesModel) / 2,
      data.ratio - model.logMeanExp,
      -model.ratio - data.logMeanExpNegative,
    ]
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

/// What every row adds to the means of which divergences are made.
private struct RowTerms: Sendable {
  struct Means {
    /// Of 1 where r > 0, ½ where r = 0.
    var isPositive = 0.0
    /// Of −log σ(r), and of −log(1 − σ(r)).
    var missesData = 0.0
    var missesModel = 0.0
    var ratio = 0.0
    var logMeanExp = 0.0
    var logMeanExpNegative = 0.0
  }

  private let ratios: [Double]
  private let misses: [(data: Double, model: Double)]
  /// e^{r − max r} and e^{−r + min r}: no sum of them overflows.
  private let powers: [(up: Double, down: Double)]
  private let highest: Double
  private let lowest: Double

  init(_ ratios: [Double]) {
    let (highest, lowest) = (ratios.max() ?? 0, ratios.min() ?? 0)
    self.ratios = ratios
    (self.highest, self.lowest) = (highest, lowest)
    misses = ratios.map { (softplus(-$0), softplus($0)) }
    powers = ratios.map { (exp($0 - highest), exp(lowest - $0)) }
  }

  var count: Int { ratios.count }

  /// Over the rows of these numbers, or all.
  func means(_ rows: [Int]?) -> Means {
    var means = Means(), up = 0.0, down = 0.0
    for row in rows ?? Array(ratios.indices) {
      means.isPositive += ratios[row] > 0 ? 1 : ratios[row] == 0 ? 0.5 : 0
      means.missesData += misses[row].data
      means.missesModel += misses[row].model
      means.ratio += ratios[row]
      up += powers[row].up
      down += powers[row].down
    }
    let n = Double(ratios.count)
    means.isPositive /= n
    means.missesData /= n
    means.missesModel /= n
    means.ratio /= n
    means.logMeanExp = highest + log(up / n)
    means.logMeanExpNegative = log(down / n) - lowest
    return means
  }

  /// `count` rows, drawn from all.
  static func draw(_ count: Int, _ stream: RandomStream, row: UInt64) -> [Int] {
    stream.words(row: row, count: count).map { Int((UInt64($0) * UInt64(count)) >> 32) }
  }
}
