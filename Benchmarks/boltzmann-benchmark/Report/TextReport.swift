extension Results {
  /// The results for people: conditions, a table for each task and sweep, and how to read them.
  var text: String {
    var parts = [conditions.lines.joined(separator: "\n")] + tasks.map(\.text) + sweeps.map(\.text)
    if !tasks.isEmpty { parts.append(taskLegend) }
    if !sweeps.isEmpty { parts.append(sweepLegend) }
    return parts.joined(separator: "\n\n")
  }
}

extension TaskResult {
  fileprivate var text: String {
    let unit = "unit: a \(task.units.name); tiles: \(task.tiles(threads: threads).names)"
    let tables = [times] + (threads > 1 ? [gains] : [])
    return "\(task.title): \(task.work); \(unit)"
      + tables.map { "\n\n\($0.description)" }.joined()
  }

  private var bounds: [String] { names(.bound) }
  private var hasNaive: Bool { !names(.naive).isEmpty }

  private var times: Table {
    var table = Table(
      headings: ["contender", "threads", "part", "seconds", "GFLOP/s", "ns a unit", "tiles"]
        + bounds.map { "% of \(shortened($0))" } + (hasNaive ? ["naive / it"] : []),
      textColumns: 1)
    table.rows = measurements.fastest.map { measurement in
      let isNaive = measurement.contender.role == .naive
      return leading(measurement)
        + bounds.map { isNaive ? "" : percent(time(of: measurement, overBound: $0)) }
        + (hasNaive ? [factor(naiveTime(over: measurement))] : [])
    }
    return table
  }

  private func leading(_ measurement: Measurement) -> [String] {
    let contender = measurement.contender
    return [
      contender.variant.map { "\(contender.name) (\($0))" } ?? contender.name, "\(contender.threads)",
      contender.share == 1 ? "all" : "1/\(fixed(1 / contender.share, 0))",
      significant(measurement.medianSeconds), significant(gigaflops(of: measurement)),
      significant(nanosecondsPerUnit(of: measurement)),
      contender.role == .engine ? task.tiles(threads: contender.threads).counts : "",
    ]
  }

  /// What threads bring, beside what they bring the bounds.
  private var gains: Table {
    var table = Table(
      headings: ["1 thread against \(threads)", "gain"] + bounds.map { "/ gain of \(shortened($0))" },
      textColumns: 1)
    for measurement in measurements.fastest {
      guard let gain = gain(of: measurement) else { continue }
      let overBounds = bounds.map { self.gain(of: measurement, overBound: $0).map { fixed($0, 2) } ?? "" }
      table.rows.append([measurement.contender.name, factor(gain.median)] + overBounds)
    }
    return table
  }

  private func shortened(_ bound: String) -> String { bound.replacing(" alone", with: "") }
}

private func percent(_ ratio: Double?) -> String { ratio.map { "\(fixed(100 * $0, 0)) %" } ?? "" }
private func factor(_ ratio: Double?) -> String { ratio.map { "\(significant($0)) ×" } ?? "" }

extension SweepResult {
  fileprivate var text: String {
    var table = Table(
      headings: [sweep.name, "samples", "tiles"] + names.map { "\($0), µs" } + names.map { "\($0), ps" }
        + ["adaptive / sgemm"],
      textColumns: 0)
    table.rows = points.map { row(of: $0) }
    return "CD-1 over \(sweep.axis)\n\n\(table.description)\n\n\(slopes.description)"
  }

  private func row(of point: Point) -> [String] {
    let all = point.measurements
    let bound = all.first { $0.contender.role == .bound }
    let ratio = bound.flatMap { bound in all.last.map { percent($0.timeOver(bound)) } }
    return [sweep.text(point.value), "\(point.samples)", point.tiles.counts]
      + all.map { significant(1e6 * point.secondsPerSample($0)) }
      + all.map { significant(1e12 * point.secondsPerConnection($0)) } + [ratio ?? ""]
  }

  private var slopes: Table {
    var table = Table(
      headings: ["log–log slope over \(sweep.axis)"] + names, textColumns: 1)
    table.rows = [
      ["of the time per sample"] + names.map { cell(slopePerSample($0)) },
      ["of the time per sample and connection"] + names.map { cell(slopePerConnection($0)) },
    ]
    return table
  }

  private func cell(_ slope: Slope?) -> String {
    slope.map { "\(fixed($0.value, 3)) ± \(fixed($0.standardError, 3))" } ?? ""
  }
}

private let taskLegend = """
  naive       plain Swift loops on one thread, for bernoulli units: in single precision, or (double) those of the
              reference
  dense       the engine with sgemm for every product; adaptive: as it comes, with sums of rows where states are
              sparse or change little; centred: adaptive with the trainer's defaults (centred gradient, momentum,
              decay) instead of what the plain loops do
  alone       only the products, by sgemm or by sums of the rows that are on, or only the logarithms, shared among
              the threads in the way that is fastest here
  part        where only a part of the work was run, its time is scaled to the whole
  seconds     median
  GFLOP/s     the operations of the task's matrix products, done densely, over these seconds
  ns a unit   seconds times threads over the units of the work
  tiles       independent pieces of work: no more threads can share them
  % of NAME   the time in per cent of that of NAME alone on as many threads
  naive / it  how many times the time of the fastest plain loop
  gain        the time on one thread over the time on all; / gain of NAME: that over the gain of NAME alone
  All ratios are medians of the ratios within each turn.
  """

private let sweepLegend = """
  µs, ps      median time per sample, and per sample and connection (weight), on all threads
  slope       s where the time grows as the s-th power of what is swept, by least squares ± standard error; the
              cost of a connection is flat or falls with size where its slope is not above 0 by more than noise;
              over the density the slope says how much of the ones' cost is paid
  Every machine stands at the start of its training, where half of the hidden units are on.
  """
