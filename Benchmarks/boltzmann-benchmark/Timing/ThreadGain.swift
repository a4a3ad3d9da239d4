/// What threads bring: the time on one over the time on all, turn by turn.
struct ThreadGain {
  private let byTurn: [Double]

  /// Nil where a contender ran with one number of threads only.
  init?(_ name: String, in measurements: [Measurement], threads: Int) {
    guard threads > 1, let all = measurements.fastest(name, threads: threads),
      let one = measurements.fastest(name, threads: 1)
    else { return nil }
    byTurn = zip(one.seconds, all.seconds).map { $0 / $1 }
  }

  var median: Double { boltzmann_benchmark.median(byTurn) }

  /// This gain divided by another's: the median of the ratios of each turn.
  func over(_ other: ThreadGain) -> Double {
    boltzmann_benchmark.median(zip(byTurn, other.byTurn).map { $0 / $1 })
  }
}
