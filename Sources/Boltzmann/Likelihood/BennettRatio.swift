internal import BoltzmannCompute
internal import Foundation

/// log(Z₁/Z₀) from samples of both of two laws, by the acceptance ratio (Bennett 1976).
///
/// With W(v) = F₁(v) − F₀(v), n₀ works of samples of P₀ and n₁ of P₁, c = log(Z₁/Z₀) solves
/// ```
/// Σ_{x ~ P₀} σ(−t(x)) = Σ_{y ~ P₁} σ(t(y))        t(v) = log(n₀/n₁) + W(v) + c
/// ```
/// Of all ways to use these works it has the least error. The left side less the right one falls in c, so there
/// is one solution, found by Newton's method within a bracket. σ of any finite t is harmless, so works of ±10⁴ are.
///
/// Source: Bennett, "Efficient estimation of free energy differences from Monte Carlo data", 1976; the form is that
/// of Shirts, Bair, Hooker & Pande 2003.
public struct BennettRatio: Sendable {
  /// c = log(Z₁/Z₀), in nats.
  public let logRatio: Double
  /// What each work of P₀ adds to c − log(Z₁/Z₀), to first order: σ(−t)/D − their mean, D = Σ σ(t)σ(−t).
  public let lowerInfluences: [Double]
  /// The same of each work of P₁: their mean − σ(t)/D.
  public let upperInfluences: [Double]
  /// The share of the works that count: 4D/(n₀ + n₁), 1 for two equal laws, 0 for laws that share nothing.
  public let overlap: Double

  /// `lower`: W of samples of P₀, `upper`: of samples of P₁, in nats; not empty.
  ///
  /// `upperWeights` are those of the samples of P₁ where they are not equal; n₁ is then their effective number.
  public init(lower: [Double], upper: [Double], upperWeights: [Double]? = nil) {
    precondition(!lower.isEmpty && !upper.isEmpty, "the acceptance ratio takes samples of both laws")
    let works = BennettWorks(lower: lower, upper: upper, weights: upperWeights)
    logRatio = works.solution()
    (lowerInfluences, upperInfluences, overlap) = works.influences(at: logRatio)
    let spread = (lowerInfluences + upperInfluences).reduce(0) { $0 + $1 * $1 }
    standardError = max(spread, works.asymptoticVariance(overlap: overlap)).squareRoot()
  }

  /// The standard error of c where all works are independent, in nats.
  /// ```
  /// the larger of √Σ influences² and √(1/D − 1/n₀ − 1/n₁)
  /// ```
  /// Both are the same for many works of laws that overlap. Of laws that hardly do, the works at hand are all alike
  /// and say nothing of those that would count: there the second, which is Shirts & Chodera's (2008), is large.
  public let standardError: Double
}

/// Works of both sides, each side with its weight a work.
private struct BennettWorks {
  let lower: [Double]
  let upper: [Double]
  /// What each work of P₁ counts; they add up to n₁.
  let counts: [Double]
  /// log(n₀/n₁)
  let shift: Double

  init(lower: [Double], upper: [Double], weights: [Double]?) {
    self.lower = lower
    self.upper = upper
    if let weights {
      let sum = weights.reduce(0, +), squares = weights.reduce(0) { $0 + $1 * $1 }
      counts = weights.map { $0 * sum / squares }
    } else {
      counts = [Double](repeating: 1, count: upper.count)
    }
    shift = log(Double(lower.count) / counts.reduce(0, +))
  }

  /// The left side less the right one, and how fast it falls.
  private func balance(_ c: Double) -> (value: Double, slope: Double) {
    var value = 0.0, slope = 0.0
    for work in lower {
      let share = logistic(-(shift + work + c))
      value += share
      slope += share * (1 - share)
    }
    for (work, count) in zip(upper, counts) {
      let share = logistic(shift + work + c)
      value -= count * share
      slope += count * share * (1 - share)
    }
    return (value, slope)
  }

  /// Newton steps, halving the bracket where one leaves it.
  func solution() -> Double {
    var (low, high) = bracket()
    var c = (low + high) / 2
    for _ in 0..<200 {
      let (value, slope) = balance(c)
      if value > 0 { low = c } else { high = c }
      let step = c + value / slope
      let next = step > low && step < high ? step : (low + high) / 2
      if abs(next - c) <= 1e-13 * (1 + abs(c)) { return next }
      c = next
    }
    return c
  }

  /// c lies between: every t is negative at the one end, so that the left side wins, and positive at the other.
  private func bracket() -> (Double, Double) {
    let works = lower + upper
    let (least, most) = (works.min() ?? 0, works.max() ?? 0)
    let margin = 1 + abs(shift) + log(Double(works.count))
    return (-most - shift - margin, -least - shift + margin)
  }

  /// 1/D − 1/n₀ − 1/n₁ with D = overlap·(n₀ + n₁)/4.
  func asymptoticVariance(overlap: Double) -> Double {
    let below = Double(lower.count), above = counts.reduce(0, +)
    return 4 / (overlap * (below + above)) - 1 / below - 1 / above
  }

  func influences(at c: Double) -> (lower: [Double], upper: [Double], overlap: Double) {
    let slope = balance(c).slope
    let below = lower.map { logistic(-(shift + $0 + c)) }
    let above = zip(upper, counts).map { ($1, logistic(shift + $0 + c)) }
    let mean = below.reduce(0, +) / Double(below.count)
    let total = counts.reduce(0, +), meanAbove = above.reduce(0) { $0 + $1.0 * $1.1 } / total
    return (
      below.map { ($0 - mean) / slope }, above.map { $0.0 * (meanAbove - $0.1) / slope },
      4 * slope / (Double(lower.count) + total)
    )
  }
}
