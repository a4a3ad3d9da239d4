internal import Foundation

/// log x, in nats.
func logarithm(_ x: Double) -> Double { log(x) }

/// base^exponent
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// e^{x_k}/Σ_l e^{x_l}, the largest x being taken out first.
func softmax(_ x: [Double]) -> [Double] {
  let top = x.max() ?? 0
  let e = x.map { exp($0 - top) }, sum = e.reduce(0, +)
  return e.map { $0 / sum }
}
