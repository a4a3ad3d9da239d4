/// The derivative of a function by moving its argument a little to both sides.
/// ```
/// f′(x) ≈ [f(x + ε) − f(x − ε)] / 2ε
/// ```
/// The error is about ε²·f‴/6 from the curve and 10⁻¹⁶·|f|/ε from rounding.
public func centralDifference(at x: Double, step: Double = 1e-5, of function: (Double) -> Double) -> Double {
  (function(x + step) - function(x - step)) / (2 * step)
}

/// The gradient of a function of several arguments, by moving each in turn.
public func centralDifferences(
  at x: [Double], step: Double = 1e-5, of function: ([Double]) -> Double
) -> [Double] {
  x.indices.map { k in
    centralDifference(at: x[k], step: step) { moved in
      var argument = x
      argument[k] = moved
      return function(argument)
    }
  }
}
