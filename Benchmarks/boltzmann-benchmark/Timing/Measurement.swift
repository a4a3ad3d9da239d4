/// The times of a contender, scaled to the whole work.
struct Measurement {
  let contender: Contender
  /// One a turn.
  let seconds: [Double]

  var medianSeconds: Double { median(seconds) }

  /// This time divided by another's: the median of the ratios of each turn.
  func timeOver(_ other: Measurement) -> Double {
    median(zip(seconds, other.seconds).map { $0 / $1 })
  }
}

/// What a task's contenders took.
struct TaskResult {
  let task: any BenchmarkTask
  let measurements: [Measurement]

  /// The measurements with the fastest variant of each name.
  var fastest: [Measurement] {
    measurements.filter { candidate in
      measurements.allSatisfy {
        $0.contender.name != candidate.contender.name || $0.medianSeconds >= candidate.medianSeconds
      }
    }
  }

  var engines: [Measurement] { measurements.filter { $0.contender.role == .engine } }

  /// The task's dense operations a nanosecond.
  func gigaflops(of measurement: Measurement) -> Double {
    task.flops / measurement.medianSeconds / 1e9
  }
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
