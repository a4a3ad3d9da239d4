internal import Foundation

// Sums over an index are plain `while` loops here: the quick tests spend much of their time in them, unoptimised, where
// `reduce` and `for` over a range are calls of generic functions, several for each term.

/// The logistic function, the probability of a unit that is on with log-odds x.
/// ```
/// σ(x) = 1 / (1 + e^{−x})
/// ```
/// Where e^{−x} overflows, the quotient is 0, which is the right answer to within 1e−308.
public func logistic(_ x: Double) -> Double {
  1 / (1 + exp(-x))
}

/// The log-odds of a probability, the inverse of the logistic function.
/// ```
/// logit(p) = log(p / (1 − p))
/// ```
public func logit(_ probability: Double) -> Double {
  log(probability / (1 - probability))
}

/// The softplus function, the log normaliser of a 0/1 unit whose input is x.
/// ```
/// softplus(x) = log(1 + eˣ) = max(x, 0) + log(1 + e^{−|x|})
/// ```
/// The left form overflows beyond x = 709 and loses all digits below x = −37; the right form does neither.
public func softplus(_ x: Double) -> Double {
  max(x, 0) + log1p(exp(-abs(x)))
}

/// The log of a sum of exponentials, by way of the largest term so that nothing overflows.
/// ```
/// log Σ_k e^{x_k} = max + log Σ_k e^{x_k − max}
/// ```
/// The empty sum gives −∞.
public func logSumExp(_ terms: [Double]) -> Double {
  guard let largest = terms.max(), largest.isFinite else { return terms.max() ?? -.infinity }
  var total = 0.0, index = 0
  while index < terms.count {
    total += exp(terms[index] - largest)
    index += 1
  }
  return largest + log(total)
}

/// The inner product of two vectors of equal length.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "an inner product needs equal lengths, not \(a.count) and \(b.count)")
  var result = 0.0, index = 0
  while index < a.count {
    result += a[index] * b[index]
    index += 1
  }
  return result
}

/// The sum of a vector's elements.
func sum(_ terms: [Double]) -> Double {
  terms.reduce(0, +)
}
