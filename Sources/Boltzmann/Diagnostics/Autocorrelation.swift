internal import Foundation

/// The autocovariances of series of one length, averaged over the series, for lags t = 0 … N − 1.
/// ```
/// c_t = 1/M Σ_m 1/N Σ_s (x_ms − x̄_m)(x_m,s+t − x̄_m)
/// ```
/// By the Wiener–Khinchin theorem they are the transform of the power spectrum, in O(N log N); zeros to twice the
/// length keep the ends apart. Two real series a, b go through one transform as a + ib: what their spectra add to
/// |A|² + |B|² is odd in the frequency, and vanishes from the real part.
func meanAutocovariances(_ series: [[Double]]) -> [Double] {
  let length = series[0].count, transform = FourierTransform(atLeast: 2 * length)
  var power = [Double](repeating: 0, count: transform.count)
  for first in stride(from: 0, to: series.count, by: 2) {
    var real = padded(series[first], transform.count)
    var imaginary = padded(first + 1 < series.count ? series[first + 1] : [], transform.count)
    transform.transform(&real, &imaginary)
    for k in power.indices { power[k] += real[k] * real[k] + imaginary[k] * imaginary[k] }
  }
  var nothing = [Double](repeating: 0, count: transform.count)
  transform.transform(&power, &nothing)
  let scale = 1 / (Double(transform.count) * Double(length) * Double(series.count))
  return power[..<length].map { $0 * scale }
}

/// The deviations from the mean, and zeros.
private func padded(_ series: [Double], _ count: Int) -> [Double] {
  let center = centerOf(series)
  return series.map { $0 - center } + [Double](repeating: 0, count: count - series.count)
}

/// The mean, exact where all numbers are the same: a chain that stands still has variance 0, not rounding.
func centerOf(_ series: [Double]) -> Double {
  guard let first = series.first else { return 0 }
  return first + series.reduce(0) { $0 + ($1 - first) } / Double(series.count)
}

/// The variance within chains and over all of them, of M chains of N draws (Gelman & Rubin 1992).
/// ```
/// W = mean s_m²          var⁺ = (N − 1)/N·W + Var_m(x̄_m)          R̂ = √(var⁺/W)
/// ```
struct ChainVariances {
  /// W.
  let within: Double
  /// var⁺, an overestimate while the chains have not yet met.
  let pooled: Double

  init(_ chains: [[Double]]) {
    let centers = chains.map(centerOf), draws = Double(chains[0].count)
    within =
      zip(chains, centers).reduce(0) { $0 + squares($1.0, around: $1.1) } / (draws - 1) / Double(chains.count)
    let between =
      chains.count > 1 ? squares(centers, around: centerOf(centers)) / Double(chains.count - 1) : 0
    pooled = (draws - 1) / draws * within + between
  }

  /// Nil where nothing ever changes: there is nothing to judge by. Infinite where chains stand still apart.
  var rHat: Double? {
    if within > 0 { return (pooled / within).squareRoot() }
    return pooled > 0 ? .infinity : nil
  }
}

private func squares(_ values: [Double], around center: Double) -> Double {
  values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
}

/// The integrated autocorrelation time of several chains: so many draws are worth one independent one.
/// ```
/// τ = 1 + 2 Σ_{t ≥ 1} ρ_t          ρ_t = 1 − (W − mean_m s_m² ρ_tm)/var⁺
/// ```
/// The sum of noise does not converge. For a reversible chain the sums of neighbours P_k = ρ_2k + ρ_2k+1 are positive,
/// fall and are convex, so the sum ends at the first P_k ≤ 0, and no P_k counts for more than the one before (Geyer
/// 1992, initial monotone sequence). As var⁺ holds what lies between the chains, chains that stay apart have a τ of
/// the order of their length. At least 1/log₁₀(MN), for chains that alternate (Vehtari et al. 2021).
///
/// Nil where nothing ever changes, or where a value is not finite.
func autocorrelationTime(_ chains: [[Double]]) -> Double? {
  let variances = ChainVariances(chains), draws = Double(chains[0].count)
  guard variances.pooled > 0 && variances.pooled.isFinite else { return nil }
  let correlations = meanAutocovariances(chains).map { covariance in
    1 - (variances.within - covariance * draws / (draws - 1)) / variances.pooled
  }
  let least = 1 / log10(draws * Double(chains.count))
  return max(2 * initialMonotoneSum(correlations) - 1, least)
}

private func initialMonotoneSum(_ correlations: [Double]) -> Double {
  var sum = 0.0, last = Double.infinity
  for even in stride(from: 0, to: correlations.count - 1, by: 2) {
    let pair = correlations[even] + correlations[even + 1]
    guard pair > 0 else { break }
    last = min(last, pair)
    sum += last
  }
  return sum
}
