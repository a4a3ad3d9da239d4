import BoltzmannTestSupport
import CBoltzmannKernels
import Foundation
import Testing

// Where the allowed errors come from. u = 2⁻²⁴ is the unit roundoff of Float: rounding moves a result by at
// most u of itself, or half an ulp; one ulp of y is between u·y and 2u·y. Terms of order u² are left out, and
// fused multiply-adds only leave roundings out.
//
// eˣ for x ≤ 0, as a fraction of itself, in u:
//   reduction   x − k·C₁ is exact (k·C₁ has 16 bits, and the difference is a multiple of x's last place);
//               k·C₂ ≤ 0.027 rounds by 2⁻³⁰, r ≤ ½·log 2 by 2⁻²⁶, and C₂ is off by 2e−10/126 of log 2      0.27
//   polynomial  with exact arithmetic 2.7e−9                                                             0.05
//   rounding    r²·P(r) ≤ 0.1 u, + r ≤ 0.25 u, 1 + … ≤ 0.5 u, all of a mantissa ≥ 0.707                      1.2
//   scaling     by a power of two is exact
// The sum is largest at r = −½·log 2: 1.49 u. η = 1.55 u is allowed.
//
// σ(x), e = e^{−|x|}: 1 + e rounds by u/(1 + e) of itself, the quotient by half an ulp.
//   x ≥ 0   [e·η + u]/(1 + e)² + u/2, at most 1.5 u (e → 0), where an ulp of [½, 1) is u:                  1.5 ulp
//   x < 0   e/(1 + e) moves by η/(1 + e) + u/(1 + e) + u·(1 + e)/2 of itself, at most 3.05 u (e → 0), and the
//           product with e rounds by half an ulp:                                                       3.6 ulp
//
// log(1 + e) through s = e/(2 + e), as a fraction of itself:
//   e itself, times e/((1 + e)·log(1 + e)) ≤ 1        1.55 u
//   2 + e (≤ u) and the quotient (≤ u)                 2.0 u
//   s³·Q is at most 3.8 % and off by 5 u               0.2 u
//   the fit of Q, in exact arithmetic 1e−9             0.02 u
//   the last sum                                       ½ ulp
// softplus:
//   x ≤ 0   max(x, 0) adds nothing: 3.77 u and half an ulp                                               4.3 ulp
//   x > 0   3.77 u of log(1 + e) ≤ log 2, its half ulp, and half an ulp of the sum, which is at least
//           log 2: (3.77·0.693 + ½ + ½) u                                                                3.7 ulp
//
// Below −87.3 both stay at e^{−87.3} while the function goes on to zero: the error is below e^{−87.3}·(1 + η).

/// A function of one Float and what it should give.
enum Elementwise: Sendable {
  case logistic, softplus

  func callAsFunction(_ x: [Float], with set: InstructionSet) -> [Float] {
    switch self {
    case .logistic: set.logistic(x)
    case .softplus: set.softplus(x)
    }
  }

  func exact(_ x: Float) -> Double {
    switch self {
    case .logistic: 1 / (1 + exp(-Double(x)))
    case .softplus: boltzmann_softplus_reference(Double(x))
    }
  }
}

/// One row of the table: how far a kernel may be off on a range of arguments.
struct AllowedError: Sendable, CustomTestStringConvertible {
  enum Measure: Sendable {
    case ulps(Double)
    case absolute(Double)
  }

  let function: Elementwise
  let range: ClosedRange<Float>
  let measure: Measure

  static let cutoff: Float = -87.3
  static let table = [
    AllowedError(function: .logistic, range: -1e4...cutoff, measure: .absolute(stuck)),
    AllowedError(function: .logistic, range: cutoff...0, measure: .ulps(3.6)),
    AllowedError(function: .logistic, range: 0...1e4, measure: .ulps(1.5)),
    AllowedError(function: .softplus, range: -1e4...cutoff, measure: .absolute(stuck)),
    AllowedError(function: .softplus, range: cutoff...0, measure: .ulps(4.3)),
    AllowedError(function: .softplus, range: 0...1e4, measure: .ulps(3.7)),
  ]

  /// e^{−87.3}·(1 + η)
  private static let stuck = exp(Double(cutoff)) * (1 + 1.55 * unitRoundoff)

  /// The error as a fraction of what is allowed.
  func excess(_ x: Float, _ y: Float) -> Double {
    switch measure {
    case .ulps(let allowed): ulpError(y, reference: function.exact(x)) / allowed
    case .absolute(let allowed): abs(Double(y) - function.exact(x)) / allowed
    }
  }

  var testDescription: String { "\(function) on \(range), \(measure)" }
}
