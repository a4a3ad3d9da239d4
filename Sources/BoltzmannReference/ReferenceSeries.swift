internal import Foundation

/// Statistics of several chains of one observable, written down as they are defined.
public enum ReferenceSeries {
  /// ```
  /// c_t = 1/N Σ_s (x_s − x̄)(x_{s+t} − x̄)
  /// ```
  public static func autocovariance(_ series: [Double], lag: Int) -> Double {
    let center = mean(series)
    return (0..<max(series.count - lag, 0)).reduce(0) { sum, s in
      sum + (series[s] - center) * (series[s + lag] - center)
    } / Double(series.count)
  }

  /// ```
  /// W = mean s_m²     B/N = Var_m(x̄_m)     var⁺ = (N − 1)/N·W + B/N     R̂ = √(var⁺/W)
  /// ```
  public static func rHat(_ chains: [[Double]]) -> Double {
    (pooledVariance(chains) / mean(chains.map(variance))).squareRoot()
  }

  /// ```
  /// ρ_t = 1 − (W − mean_m s_m² ρ_tm)/var⁺     P_k = ρ_2k + ρ_2k+1     τ = −1 + 2 Σ_k min(P_0 … P_k) while P_k > 0
  /// ```
  public static func autocorrelationTime(_ chains: [[Double]]) -> Double {
    let draws = chains[0].count, within = mean(chains.map(variance)), pooled = pooledVariance(chains)
    func correlation(_ lag: Int) -> Double {
      let covariances = chains.map { chain in
        variance(chain) * autocovariance(chain, lag: lag) / autocovariance(chain, lag: 0)
      }
      return 1 - (within - mean(covariances)) / pooled
    }
    var sum = 0.0, least = Double.infinity
    for k in 0..<draws / 2 {
      let pair = correlation(2 * k) + correlation(2 * k + 1)
      if pair <= 0 { break }
      least = min(least, pair)
      sum += least
    }
    return 2 * sum - 1
  }

  private static func pooledVariance(_ chains: [[Double]]) -> Double {
    let draws = Double(chains[0].count)
    return (draws - 1) / draws * mean(chains.map(variance)) + variance(chains.map(mean))
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private static func variance(_ values: [Double]) -> Double {
    let center = mean(values)
    return values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)
  }
}
