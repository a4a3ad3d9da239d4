internal import Foundation

// What follows from the inputs of the units, `[column]`, biases included. Everything hangs on the log-normaliser:
// its first derivative is the mean, its second the variance.

extension ReferenceUnits {
  /// The log of the sum (or integral) of the Boltzmann factors over all states, in nats.
  /// ```
  /// Γ(x) = log Σ_s e^{xs}               log ∫ e^{xs − ½γs²} ds
  ///
  /// bernoulli      log(1 + eˣ)
  /// spin           log 2cosh x
  /// categorical    log Σ_k e^{x_k}
  /// gaussian       x²/2γ + ½ log(2π/γ)
  /// relu           x²/2γ + ½ log(2π/γ) + log Φ(x/√γ)
  /// ```
  public func logNormalizer(_ inputs: [Double]) -> Double {
    switch kind {
    case .bernoulli: sum(inputs.map(softplus))
    case .spin: sum(inputs.map { softplus(2 * $0) - $0 })
    case .categorical: sum(sites.map { logSumExp(Array(inputs[$0])) })
    case .gaussian: sum(zip(inputs, precision).map { $0 * $0 / (2 * $1) + log(2 * Double.pi / $1) / 2 })
    case .relu: sum(zip(inputs, precision).map { rectifiedLogNormalizer($0, precision: $1) })
    }
  }

  /// The mean of every column, E[s | x].
  /// ```
  /// bernoulli σ(x)     spin tanh x     categorical e^{x_k} / Σ_l e^{x_l}     gaussian x/γ
  /// relu      (y + φ(y)/Φ(y)) / √γ,   y = x/√γ
  /// ```
  public func mean(_ inputs: [Double]) -> [Double] {
    switch kind {
    case .bernoulli: inputs.map(logistic)
    case .spin: inputs.map(tanh)
    case .categorical: sites.flatMap { softmax(inputs[$0]) }
    case .gaussian: zip(inputs, precision).map { $0 / $1 }
    case .relu: zip(inputs, precision).map { rectifiedMean($0, precision: $1) }
    }
  }

  /// The variance of every column, Var[s | x].
  /// ```
  /// bernoulli, categorical p(1 − p)     spin 1 − tanh² x     gaussian 1/γ
  /// relu      (1 − r(r + y)) / γ,   r = φ(y)/Φ(y),   y = x/√γ
  /// ```
  public func variance(_ inputs: [Double]) -> [Double] {
    switch kind {
    case .bernoulli, .categorical: mean(inputs).map { $0 * (1 - $0) }
    case .spin: inputs.map { 1 / (cosh($0) * cosh($0)) }
    case .gaussian: precision.map { 1 / $0 }
    case .relu: zip(inputs, precision).map { rectifiedVariance($0, precision: $1) }
    }
  }

  /// The mean square of every column, E[s² | x].
  public func secondMoment(_ inputs: [Double]) -> [Double] {
    zip(mean(inputs), variance(inputs)).map { $0 * $0 + $1 }
  }

  /// The most probable state; of equals, the first.
  public func mode(_ inputs: [Double]) -> [Double] {
    switch kind {
    case .bernoulli: inputs.map { $0 > 0 ? 1 : 0 }
    case .spin: inputs.map { $0 > 0 ? 1 : -1 }
    case .categorical: sites.flatMap { oneHot(inputs[$0].firstIndexOfLargest, in: $0) }
    case .gaussian: mean(inputs)
    case .relu: zip(inputs, precision).map { max($0, 0) / $1 }
    }
  }
}

/// e^{x_k} / Σ_l e^{x_l}
func softmax(_ inputs: ArraySlice<Double>) -> [Double] {
  let logNormalizer = logSumExp(Array(inputs))
  return inputs.map { exp($0 - logNormalizer) }
}

/// 1 in one column of a site, 0 in its others.
func oneHot(_ column: Int, in site: Range<Int>) -> [Double] {
  site.map { $0 == column ? 1 : 0 }
}

extension ArraySlice<Double> {
  fileprivate var firstIndexOfLargest: Int { indices.max { self[$0] < self[$1] } ?? startIndex }
}
