internal import BoltzmannData

/// The results for programs: one object.
func jsonReport(_ conditions: Conditions, _ results: [TaskResult]) -> JSONValue {
  .object(conditions.json.merging(["tasks": .array(results.map(json))]) { $1 })
}

private func json(_ result: TaskResult) -> JSONValue {
  [
    "name": .string(type(of: result.task).name), "title": .string(result.task.title),
    "work": .string(result.task.work), "flops": .number(result.task.flops),
    "contenders": .array(result.measurements.map { json($0, in: result) }),
  ]
}

private func json(_ measurement: Measurement, in result: TaskResult) -> JSONValue {
  let contender = measurement.contender
  let ratios = result.engines.map { ($0.contender.name, JSONValue.number(measurement.timeOver($0))) }
  return [
    "name": .string(contender.name), "role": .string(contender.role.rawValue),
    "variant": contender.variant.map(JSONValue.string) ?? .null, "share": .number(contender.share),
    "seconds": .number(measurement.medianSeconds), "gflops": .number(result.gigaflops(of: measurement)),
    "seconds_by_turn": .array(measurement.seconds.map(JSONValue.number)),
    "time_over": .object(Dictionary(ratios) { $1 }),
  ]
}
