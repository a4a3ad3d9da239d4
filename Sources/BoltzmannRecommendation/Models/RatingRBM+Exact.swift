internal import Boltzmann
internal import BoltzmannCompute
internal import Foundation

/// One number for every parameter of a rating machine, of W and D themselves where these are products.
public struct RatingGradient: Sendable {
  /// By W, `[sites · levels][hidden]`.
  public var weights: [[Double]]
  /// By D, `[sites][hidden]`.
  public var conditional: [[Double]]
  /// By b, `[sites · levels]`.
  public var visibleBias: [Double]
  /// By c, `[hidden]`.
  public var hiddenBias: [Double]

  init(zeroLike model: RatingRBM) {
    let zeros = [Double](repeating: 0, count: model.hiddenCount)
    weights = [[Double]](repeating: zeros, count: model.weights.rows)
    conditional = [[Double]](repeating: zeros, count: model.siteCount)
    visibleBias = [Double](repeating: 0, count: model.weights.rows)
    hiddenBias = zeros
  }

  /// self += scale · (−∂E/∂θ) at ratings, the sites met and means of the hidden units.
  mutating func add(_ scale: Double, rows: [UInt32], met: ArraySlice<UInt32>, hidden: [Double]) {
    for (j, h) in hidden.enumerated() {
      for row in rows { weights[Int(row)][j] += scale * h }
      for site in met { conditional[Int(site)][j] += scale * h }
      hiddenBias[j] += scale * h
    }
    for row in rows { visibleBias[Int(row)] += scale }
  }
}

// By brute force: all ways to rate what a case has rated. For tests, and for a look at a small machine.

extension RatingRBM {
  /// The most ways to rate that are enumerated.
  public static let mostWays = 1 << 20

  /// log P(V | R, S) = log P*(V) − log Σ_{V' on R} P*(V') of each case, in nats, with hidden units summed out:
  /// ```
  /// log P*(V) = Σ_{i ∈ R} b_i^{k(i)} + Σ_j log(1 + e^{x_j})          Gaussian: ½ Σ_j x_j² instead
  /// ```
  /// `seen`: S, lists of one level, of no effect without D.
  ///
  /// Throws `SettingsError` where a case has rated so much that there are more than 2²⁰ ways to do so.
  public func exactLogLikelihoods(of lists: RatingLists, seen: RatingLists? = nil) throws -> [Double] {
    let others = seen?.withoutSites(of: lists)
    return try (0..<lists.caseCount).map { number in
      let rows = lists.rows(of: number), ways = try allWays(of: rows)
      let known = others?.rows(of: number) ?? []
      return logWeight(Array(rows), known) - logSumExp(ways.map { logWeight($0, known) })
    }
  }

  /// The gradient of the mean of `exactLogLikelihoods`: E[−∂E | V] − E[−∂E | R, S], mean over the cases.
  public func exactGradient(of lists: RatingLists, seen: RatingLists? = nil) throws -> RatingGradient {
    var gradient = RatingGradient(zeroLike: self)
    let share = 1 / Double(lists.caseCount), others = seen?.withoutSites(of: lists)
    for number in 0..<lists.caseCount {
      let rows = Array(lists.rows(of: number)), ways = try allWays(of: rows[...])
      let known = others?.rows(of: number) ?? []
      let met = rows.map { $0 / UInt32(levelCount) } + known
      let total = logSumExp(ways.map { logWeight($0, known) })
      gradient.add(share, rows: rows, met: met[...], hidden: means(rows, known))
      for way in ways {
        let probability = exp(logWeight(way, known) - total)
        gradient.add(-share * probability, rows: way, met: met[...], hidden: means(way, known))
      }
    }
    return gradient
  }

  private func logWeight(_ rows: [UInt32], _ seen: ArraySlice<UInt32>) -> Double {
    let bias = rows.reduce(0) { $0 + Double(visibleBias[0, Int($1)]) }
    return hiddenInputs(given: rows[...], seen: seen).values.map(Double.init).reduce(bias) {
      $0 + (hiddenKind == .gaussian ? 0.5 * $1 * $1 : softplus($1))
    }
  }

  private func means(_ rows: [UInt32], _ seen: ArraySlice<UInt32>) -> [Double] {
    hiddenInputs(given: rows[...], seen: seen).values.map {
      hiddenKind == .gaussian ? Double($0) : logistic(Double($0))
    }
  }

  private func allWays(of rows: ArraySlice<UInt32>) throws -> [[UInt32]] {
    guard pow(Double(levelCount), Double(rows.count)) <= Double(RatingRBM.mostWays) else {
      throw SettingsError(message: "\(rows.count) ratings of \(levelCount) levels are too many to enumerate")
    }
    return rows.reduce([[]]) { ways, row in
      let first = row - row % UInt32(levelCount)
      return ways.flatMap { way in (first..<first + UInt32(levelCount)).map { way + [$0] } }
    }
  }
}
