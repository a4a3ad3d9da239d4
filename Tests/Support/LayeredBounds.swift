public import BoltzmannReference

// How far layers of any kind may be from the reference in Float. u = 2⁻²⁴, as in `FloatBounds`.

extension ReferenceLayer {
  /// The most that a mean moves with its inputs: variances are at most 1, or 1/γ, and the entries p_a(δ_ab − p_b) of
  /// a categorical site add up to at most ½.
  private var slope: Double { precision.reduce(1) { max($0, 1 / $1) } }

  /// Of E[s | x] where the inputs x are off by `error`.
  ///
  /// The kernels by themselves are good to 5u (discrete kinds, tanh from σ included) and 27u of the mean (relu).
  public func meanBound(_ inputs: [Double], error: Double) -> Double {
    let largest = mean(inputs).reduce(1) { max($0, abs($1)) }
    return slope * error + 30 * FloatBounds.roundoff * largest
  }

  /// Of Var[s | x] where the inputs are off by `error`: third cumulants are below 1 for γ ≥ 1.
  ///
  /// 4p(1 − p) is good to 4·2u and three roundings, a rectified variance to 85u of itself.
  public func varianceBound(error: Double) -> Double {
    slope * slope * error + 100 * FloatBounds.roundoff * slope
  }

  /// Of Γ(x) where the inputs are off by `error`: its derivative is the mean.
  ///
  /// In u, softplus is good to 9 of itself, log 2cosh x = softplus(2x) − x and a log-sum-exp to less than 20·(1 +
  /// |x|), Gaussian units to 1 of x²/2γ, and rectified ones to 32 + 12·(|x| + x²/γ).
  public func logNormalizerBound(_ inputs: [Double], error: Double) -> Double {
    let means = mean(inputs)
    return zip(blocks, ranges).reduce(0) { bound, part in
      let (block, range) = part
      return range.enumerated().reduce(bound) { bound, place in
        let x = abs(inputs[place.element]), square = x * x / block.precision[place.offset]
        let kernel =
          switch block.kind {
          case .gaussian: 1 + square
          case .relu: 32 + 12 * (x + square)
          default: 20 * (1 + x)
          }
        return bound + (abs(means[place.element]) + slope * error) * error + kernel * FloatBounds.roundoff
      }
    }
  }

  /// Of the energy −bᵀs: as many roundings of each term as there are columns; squares are summed in Double.
  public func energyBound(_ state: [Double]) -> Double {
    let magnitude = zip(bias, state).reduce(0) { $0 + abs($1.0 * $1.1) }
    let squares = zip(precision, state).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    return Double(width) * (FloatBounds.roundoff * magnitude + 0x1p-50 * squares)
  }
}

extension ReferenceLayeredRBM {
  /// Of the hidden inputs given v: m products and as many sums.
  public func hiddenInputBound(given v: [Double]) -> Double {
    let magnitudes = hidden.bias.indices.map { j in
      zip(v, weights).reduce(abs(hidden.bias[j])) { $0 + abs($1.0 * $1.1[j]) }
    }
    return Double(visible.width + 2) * FloatBounds.roundoff * (magnitudes.max() ?? 0)
  }

  /// Of E[h | v].
  public func hiddenMeanBound(given v: [Double]) -> Double {
    hidden.meanBound(hiddenInputs(given: v), error: hiddenInputBound(given: v))
  }

  /// Of F(v).
  public func freeEnergyBound(of v: [Double]) -> Double {
    visible.energyBound(v)
      + hidden.logNormalizerBound(hiddenInputs(given: v), error: hiddenInputBound(given: v))
  }
}
