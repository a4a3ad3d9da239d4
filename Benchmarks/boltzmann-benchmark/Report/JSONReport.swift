internal import BoltzmannData

extension Results {
  /// The results for programs: one object.
  var json: JSONValue {
    [
      "conditions": conditions.json, "tasks": .array(tasks.map(\.json)),
      "sweeps": .array(sweeps.map(\.json)),
    ]
  }
}

extension TaskResult {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "title": .string(task.title), "work": .string(task.work),
      "flops": .number(task.flops), "unit": .string(task.units.name), "units": .number(task.units.count),
      "contenders": .array(measurements.map(json)),
    ]
  }

  private func json(_ measurement: Measurement) -> JSONValue {
    let contender = measurement.contender
    return [
      "name": .string(contender.name), "role": .string(contender.role.rawValue),
      "variant": contender.variant.map(JSONValue.string) ?? .null, "threads": .integer(contender.threads),
      "tiles": contender.role == .engine ? task.tiles(threads: contender.threads).json : .null,
      "share": .number(contender.share), "seconds": .number(measurement.medianSeconds),
      "seconds_by_turn": .array(measurement.seconds.map(JSONValue.number)),
      "gflops": .number(gigaflops(of: measurement)),
      "nanoseconds_per_unit_and_thread": .number(nanosecondsPerUnit(of: measurement)),
      "time_over_bound": bounds { time(of: measurement, overBound: $0) },
      "naive_time_over": .init(naiveTime(over: measurement)),
      "gain_of_threads": .init(gain(of: measurement)?.median),
      "gain_over_bound": bounds { gain(of: measurement, overBound: $0) },
    ]
  }

  /// A number for every bound that has one.
  private func bounds(_ value: (_ name: String) -> Double?) -> JSONValue {
    let pairs = names(.bound).compactMap { name in value(name).map { (name, JSONValue.number($0)) } }
    return .object(Dictionary(pairs) { $1 })
  }
}

extension Tiles {
  fileprivate var json: JSONValue {
    .array(parts.map { ["name": .string($0.name), "count": .integer($0.count)] })
  }
}

extension SweepResult {
  fileprivate var json: JSONValue {
    [
      "name": .string(sweep.name), "axis": .string(sweep.axis), "points": .array(points.map(\.json)),
      "slopes": .array(names.map(slopes)),
    ]
  }

  private func slopes(_ name: String) -> JSONValue {
    [
      "name": .string(name), "time_per_sample": .init(slopePerSample(name)?.value),
      "time_per_connection": .init(slopePerConnection(name)?.value),
      "standard_error": .init(slopePerConnection(name)?.standardError),
    ]
  }
}

extension SweepResult.Point {
  fileprivate var json: JSONValue {
    [
      "value": .number(value), "samples": .integer(samples), "connections": .number(connections),
      "tiles": tiles.json, "contenders": .array(measurements.map(json)),
    ]
  }

  private func json(_ measurement: Measurement) -> JSONValue {
    let contender = measurement.contender
    let bound = measurements.first { $0.contender.role == .bound }
    return [
      "name": .string(contender.name), "variant": contender.variant.map(JSONValue.string) ?? .null,
      "seconds_per_sample": .number(secondsPerSample(measurement)),
      "seconds_per_connection": .number(secondsPerConnection(measurement)),
      "seconds_by_turn": .array(measurement.seconds.map(JSONValue.number)),
      "time_over_bound": .init(bound.map(measurement.timeOver)),
    ]
  }
}

extension JSONValue {
  /// Null for nil.
  fileprivate init(_ number: Double?) { self = number.map(JSONValue.number) ?? .null }
}
