/// What a task's contenders took.
struct TaskResult {
  let name: String
  let task: any BenchmarkTask
  let threads: Int
  let measurements: [Measurement]

  /// The names of a role, each once, in the order of the turns.
  func names(_ role: Contender.Role) -> [String] {
    var names: [String] = []
    for contender in measurements.map(\.contender) where contender.role == role {
      if !names.contains(contender.name) { names.append(contender.name) }
    }
    return names
  }

  /// The task's dense operations a nanosecond.
  func gigaflops(of measurement: Measurement) -> Double { task.flops / measurement.medianSeconds / 1e9 }

  /// Thread-nanoseconds for one unit of the work.
  func nanosecondsPerUnit(of measurement: Measurement) -> Double {
    measurement.medianSeconds * Double(measurement.contender.threads) / task.units.count * 1e9
  }

  /// Time over that of a bound on as many threads; nil for the bound itself, and where there is none.
  func time(of measurement: Measurement, overBound name: String) -> Double? {
    guard measurement.contender.name != name,
      let bound = measurements.fastest(name, threads: measurement.contender.threads)
    else { return nil }
    return measurement.timeOver(bound)
  }

  /// The time of the fastest plain loop over this; nil for plain loops.
  func naiveTime(over measurement: Measurement) -> Double? {
    guard measurement.contender.role != .naive else { return nil }
    return measurements.filter { $0.contender.role == .naive }.map { $0.timeOver(measurement) }.min()
  }

  /// What threads bring this contender; nil where it ran on one only.
  func gain(of measurement: Measurement) -> ThreadGain? {
    guard measurement.contender.threads == threads else { return nil }
    return gain(measurement.contender.name)
  }

  /// The gain of an engine over that of a bound.
  func gain(of measurement: Measurement, overBound name: String) -> Double? {
    guard measurement.contender.role == .engine, let bound = gain(name) else { return nil }
    return gain(of: measurement)?.over(bound)
  }

  private func gain(_ name: String) -> ThreadGain? { ThreadGain(name, in: measurements, threads: threads) }
}
