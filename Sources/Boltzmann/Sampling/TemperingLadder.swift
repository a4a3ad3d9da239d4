internal import Foundation

/// The inverse temperatures 0 = β₀ < … < β_K = 1 of tempering, from the base-rate machine to the model.
///
/// With the rates r_k at which swaps of neighbours are rejected, Λ = Σ_k r_k is, for a fine ladder, a property of
/// the way alone, and a ladder of K equal shares of it makes the most round trips (Syed, Bouchard-Côté, Deligiannidis
/// & Doucet 2022).
public struct TemperingLadder: Sendable, Hashable {
  public let inverseTemperatures: [Double]

  /// β₀ = 0 < β₁ < … < β_K = 1, K ≥ 1.
  public init(_ inverseTemperatures: [Double]) {
    precondition(
      inverseTemperatures.first == 0 && inverseTemperatures.last == 1
        && zip(inverseTemperatures, inverseTemperatures.dropFirst()).allSatisfy { $0 < $1 },
      "inverse temperatures rise from 0 to 1")
    self.inverseTemperatures = inverseTemperatures
  }

  /// `count` inverse temperatures at equal distances, at least two.
  public static func linear(_ count: Int) -> TemperingLadder {
    precondition(count >= 2, "a ladder has two ends")
    return TemperingLadder((0..<count).map { Double($0) / Double(count - 1) })
  }

  public var count: Int { inverseTemperatures.count }

  /// The ladder of `count` rungs that shares the barrier Λ equally, where neighbours k, k + 1 reject at r_k.
  /// ```
  /// Λ̂(β_k) = Σ_{l<k} r_l        β′_k = Λ̂⁻¹(k·Λ/(count − 1))
  /// ```
  /// Λ̂ is interpolated linearly. A pair that never rejects gets a share of 10⁻³ all the same, so that the inverse
  /// exists.
  func equalized(rejections: [Double], count: Int) -> TemperingLadder {
    precondition(rejections.count == self.count - 1, "one rate for each pair of neighbours")
    var barrier = [0.0]
    for rate in rejections { barrier.append(barrier[barrier.count - 1] + max(rate, 1e-3)) }
    let inner = (1..<(count - 1)).map { rung -> Double in
      let target = barrier[barrier.count - 1] * Double(rung) / Double(count - 1)
      let pair = min(max((barrier.firstIndex { $0 > target } ?? 1) - 1, 0), rejections.count - 1)
      let share = (target - barrier[pair]) / (barrier[pair + 1] - barrier[pair])
      return inverseTemperatures[pair]
        + share * (inverseTemperatures[pair + 1] - inverseTemperatures[pair])
    }
    return TemperingLadder([0] + inner + [1])
  }
}
