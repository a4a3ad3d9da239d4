internal import Foundation

/// The results for people: conditions, one table, and how to read it.
func textReport(_ conditions: Conditions, _ results: [TaskResult]) -> String {
  let engines = engineNames(results)
  var table = Table(
    headings: ["task", "contender", "part run", "seconds", "GFLOP/s"] + engines.map { "vs \($0)" },
    textColumns: 2)
  for result in results { table.rows += rows(of: result, engines) }
  let work = results.map { "\($0.task.title): \($0.task.work)" }
  return (conditions.lines + work + ["", table.description, "", legend]).joined(separator: "\n")
}

/// The engines of all tasks, each once.
private func engineNames(_ results: [TaskResult]) -> [String] {
  var names: [String] = []
  for engine in results.flatMap(\.engines) where !names.contains(engine.contender.name) {
    names.append(engine.contender.name)
  }
  return names
}

private func rows(of result: TaskResult, _ engines: [String]) -> [[String]] {
  result.fastest.enumerated().map { index, measurement in
    let contender = measurement.contender
    let title = contender.variant.map { "\(contender.name) (\($0))" } ?? contender.name
    let comparisons = engines.map { name in
      result.engines.first { $0.contender.name == name }.map { comparison(measurement, $0) } ?? ""
    }
    return [
      index == 0 ? result.task.title : "", title, part(contender.share),
      significant(measurement.medianSeconds), significant(result.gigaflops(of: measurement)),
    ] + comparisons
  }
}

/// A naive contender's time in times of the engine's, a bound's in per cent of it.
private func comparison(_ measurement: Measurement, _ engine: Measurement) -> String {
  let ratio = measurement.timeOver(engine)
  if measurement.contender.name == engine.contender.name { return "" }
  return measurement.contender.role == .bound ? "\(fixed(100 * ratio, 0)) %" : "\(significant(ratio)) ×"
}

private func part(_ share: Double) -> String { share == 1 ? "all" : "1/\(fixed(1 / share, 0))" }

/// Three digits or more.
private func significant(_ value: Double) -> String {
  value >= 100 ? fixed(value, 0) : String(format: "%#.3g", value)
}

private let legend = """
  naive     plain Swift loops on one thread: in single precision, or (double) those of the reference
  alone     only the products, or the logarithms, that take most of the time, shared among the threads in the
            way that is fastest here
  engine    does what the plain loops do; centred: the trainer's defaults (centred gradient, momentum, decay)
  part run  where only a part of the work was run, its time is scaled to the whole
  seconds   median
  GFLOP/s   the operations of the task's matrix products, done densely, over these seconds
  vs NAME   the contender's time over that engine's, median of the ratios within each turn: for plain loops how
            many times faster the engine is, for a bound how many per cent of it the engine reaches: more than
            100 where it sums the selected rows of a binary operand instead of forming the dense product
  """
