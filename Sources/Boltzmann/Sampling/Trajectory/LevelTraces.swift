/// Which of two places the states of some chains were at, sweep by sweep: +1 and −1, flipped at every swap.
///
/// How long a chain stays says how long its states remember: swaps that are accepted on average may leave some
/// configurations where they are.
struct LevelTraces: Sendable {
  /// `[sweep][chain]`
  private var levels: [[Int8]] = []

  var count: Int { levels.count }

  mutating func add(accepted: [Bool]) {
    let last = levels.last ?? [Int8](repeating: 1, count: accepted.count)
    levels.append(zip(last, accepted).map { $1 ? -$0 : $0 })
  }

  /// Sweeps between states that are as good as independent, 2τ, at least 1.
  /// ```
  /// τ = ½ + Σ_{t ≥ 1} ρ_t      ρ_t = mean of l_s·l_{s+t}, since both levels are as likely
  /// ```
  /// The sum ends at the first t ≥ 6τ (Sokal 1997); τ of an alternating trace is below ½.
  var autocorrelationTime: Double {
    var sum = 0.5
    for lag in 1..<max(count, 2) {
      sum += correlation(lag: lag)
      if Double(lag) >= 6 * sum { return max(2 * sum, 1) }
    }
    return .infinity
  }

  private func correlation(lag: Int) -> Double {
    guard count > lag, let chains = levels.first?.count else { return 1 }
    var sum = 0
    for sweep in 0..<(count - lag) {
      for chain in 0..<chains { sum += Int(levels[sweep][chain]) * Int(levels[sweep + lag][chain]) }
    }
    return Double(sum) / Double((count - lag) * chains)
  }
}
