internal import BoltzmannCompute
internal import Foundation

/// How often states of two laws would change places, foretold from samples of one of them.
enum SwapAcceptance {
  /// The mean of min(1, e^{W(y) − W(x)}) over x of P₀ and y of P₁, with W = F₁ − F₀ of samples of P₀ alone.
  /// ```
  /// A ≈ 1/n Σ_i Σ_j u_j min(1, e^{W_j − W_i})      u = softmax(−W)
  /// ```
  /// u makes samples of P₁ of those of P₀. Where these are worth too few of them, A is taken as 0.
  static func foretold(works: [Double]) -> Double {
    let weights = softmax(works.map { -$0 })
    guard isTrusted(weights) else { return 0 }
    let sum = works.reduce(0) { sum, x in
      sum + zip(works, weights).reduce(0) { $0 + $1.1 * min(1, exp($1.0 - x)) }
    }
    return sum / Double(works.count)
  }

  /// Whether weights that add up to 1 leave enough of the samples: an effective number 1/Σu² of a tenth of them.
  static func isTrusted(_ weights: [Double]) -> Bool {
    1 / weights.reduce(0) { $0 + $1 * $1 } >= max(1.5, Double(weights.count) / 10)
  }
}

/// e^x over their sum.
func softmax(_ x: [Double]) -> [Double] {
  let total = logSumExp(x)
  return x.map { exp($0 - total) }
}
