internal import BoltzmannCompute
internal import Foundation

/// What every row adds to the means of which divergences are made.
struct RowTerms: Sendable {
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

  /// `count` numbers below `limit`, each drawn anew.
  static func draw(_ count: Int, of limit: Int, _ stream: RandomStream, row: UInt64) -> [Int] {
    stream.words(row: row, count: count).map { Int((UInt64($0) * UInt64(limit)) >> 32) }
  }
}
