internal import BoltzmannCompute

extension Results {
  /// The charts of what was measured, by the names of their files.
  var charts: [(file: String, svg: SVG)] {
    let speed = tasks.isEmpty ? [] : [("speed.svg", speedChart.svg)]
    return speed + sweeps.map { ("\($0.sweep.name).svg", chart(of: $0).svg) }
  }

  private var speedChart: BarChart {
    BarChart(
      title: "Time relative to the matrix products alone",
      subtitles: [conditions.sizes(), conditions.machine],
      horizontal: "time over that of sgemm alone in the same run, all threads (less is faster)",
      groups: tasks.map { .init(name: $0.task.title, bars: $0.bars) },
      legend: [
        .init(name: "dense engine", colour: Colour.dense),
        .init(name: "adaptive engine", colour: Colour.adaptive),
      ],
      reference: .init(name: "sgemm alone", colour: Colour.bound, dashes: "6 4"), referenceValue: 1)
  }

  /// The time per sample over the density; over sizes that per connection, which should not grow.
  private func chart(of result: SweepResult) -> LineChart {
    let isDensity = result.sweep.name == "density"
    return LineChart(
      title: isDensity ? "CD-1: time per sample" : "CD-1: time per sample and connection",
      subtitles: [conditions.sizes(except: result.sweep.name), conditions.machine],
      horizontal: result.sweep.axis,
      vertical: isDensity ? "microseconds" : "picoseconds",
      series: result.names.map { isDensity ? result.perSample($0) : result.perConnection($0) })
  }
}

extension SweepResult {
  /// In microseconds.
  fileprivate func perSample(_ name: String) -> LineChart.Series {
    series(name, slopePerSample(name)) { 1e6 * $0.secondsPerSample($1) }
  }

  /// In picoseconds.
  fileprivate func perConnection(_ name: String) -> LineChart.Series {
    series(name, slopePerConnection(name)) { 1e12 * $0.secondsPerConnection($1) }
  }

  private func series(
    _ name: String, _ slope: Slope?, time: (Point, Measurement) -> Double
  ) -> LineChart.Series {
    LineChart.Series(
      mark: ChartFrame.Mark(contender: name, slope: slope),
      points: points.compactMap { point in
        point.measurements.first { $0.contender.name == name }.map { (point.value, time(point, $0)) }
      })
  }
}

extension TaskResult {
  /// The engines on all threads that do what the bound stands for.
  fileprivate var bars: [BarChart.Bar] {
    measurements.filter { ["dense", "adaptive", "engine"].contains($0.contender.name) }
      .filter { $0.contender.threads == threads }
      .compactMap { engine in
        let isDense = engine.contender.name == ProductChoice.dense.engineName
        return time(of: engine, overBound: ProductChoice.dense.kernelName)
          .map { .init(value: $0, colour: isDense ? Colour.dense : Colour.adaptive) }
      }
  }
}

extension ChartFrame.Mark {
  fileprivate init(contender: String, slope: Slope?) {
    let colours = [
      ProductChoice.dense.engineName: Colour.dense, ProductChoice.adaptive.engineName: Colour.adaptive,
    ]
    let ending = slope.map { ", slope \(fixed($0.value, 2).replacing("-", with: "−"))" } ?? ""
    name = "\(contender)\(colours[contender] == nil ? "" : " engine")\(ending)"
    colour = colours[contender] ?? Colour.bound
    dashes = colours[contender] == nil ? "6 4" : nil
  }
}
