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

extension [Measurement] {
  /// The measurements with the fastest variant of each name and number of threads.
  var fastest: [Measurement] {
    filter { candidate in
      allSatisfy { other in
        other.contender.name != candidate.contender.name
          || other.contender.threads != candidate.contender.threads
          || other.medianSeconds >= candidate.medianSeconds
      }
    }
  }

  /// The fastest variant of a name; nil where it did not take part.
  func fastest(_ name: String, threads: Int) -> Measurement? {
    fastest.first { $0.contender.name == name && $0.contender.threads == threads }
  }
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
