internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// The tool: `tasks` where no other command is named, so that each has its options to itself.
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boltzmann-benchmark",
    abstract: "Time the engine, and see how long learning goes on well.",
    subcommands: [
      TimedTasks.self, Exercises.self, RatingsCost.self, TemperingCost.self, Divergence.self,
    ], defaultSubcommand: TimedTasks.self)
}

/// Times the engine against plain loops and against its own products alone.
struct TimedTasks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks",
    abstract: "Time the engine against plain loops and against its matrix products alone.",
    discussion: """
      Examples:

        swift run -c release boltzmann-benchmark --tasks cd pcd
        swift run -c release boltzmann-benchmark --sweep hidden minibatch density
        swift run -c release boltzmann-benchmark --charts charts --json
        swift run -c release boltzmann-benchmark --visible-kind categorical:21 --visible 50 --hidden 200

        # Real data, and a machine that was trained on them:
        boltzmann train --data train-images-idx3-ubyte.gz --hidden 500 --output runs/mnist
        boltzmann-benchmark --tasks pcd10 sampling ais \\
            --model runs/mnist/model.safetensors --data train-images-idx3-ubyte.gz

      All contenders of a task take turns, and what is compared is the median of the ratios within a turn: a \
      machine that others use too, or that changes its clock, then slows all of them alike.

      Tasks: \(BenchmarkTasks.names). Units may be of any kind for \(BenchmarkTasks.namesForAllKinds); the others, \
      and plain loops, are there for bernoulli units on both sides. Sweeps train by CD-1 from the start, at several sizes of one kind: \
      \(Sweeps.all.map(\.summary).joined(separator: "; ")).

      Results go to standard output, progress to standard error. Exit status: 0; 64 options, 65 content of a \
      file, 66 missing input, 73 charts cannot be created, 74 write failed, 75 training diverged, 70 internal fault.
      """)

  @Option(
    parsing: .upToNextOption,
    help: "Which tasks, or all. (default: all, none beside --sweep)")
  var tasks: [String] = []

  @Option(
    parsing: .upToNextOption,
    help:
      "Which sweeps, or all that the data allow. (default: none; all with --charts where no tasks are named)")
  var sweep: [String] = []

  @OptionGroup var size: SizeOptions

  @Option(help: "How many threads to compare with one; plain loops use one. (default: all cores)")
  var threads: Int?

  @Option(help: "Runs of each contender, after one to warm up.")
  var repetitions = 5

  @Flag(help: "A sixteenth or less of the work, twice: to see that it runs.")
  var quick = false

  @Flag(help: "The results as one JSON object, keys sorted.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Draw speed.svg of the tasks, and hidden.svg, minibatch.svg, density.svg of the sweeps, into this folder.",
      valueName: "folder"))
  var charts: String?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, not \(threads)") }
    if repetitions < 1 { throw ValidationError("--repetitions must be at least 1, not \(repetitions)") }
    for name in tasks where name != "all" && BenchmarkTasks.named(name) == nil {
      throw ValidationError("no task is called \"\(name)\": \(BenchmarkTasks.names), all")
    }
    for name in sweep where name != "all" && Sweeps.named(name) == nil {
      throw ValidationError("no sweep is called \"\(name)\": \(Sweeps.names), all")
    }
  }

  func run() throws {
    let workload = try Workload(size, parallel: threads.map { Parallel(threads: $0) } ?? .all, isQuick: quick)
    let tasks = try selectedTasks(workload), sweeps = try selectedSweeps(workload)
    try check(sweeps, workload)
    let chartFolder = try charts.map(ChartFolder.init)
    let timer = AlternatingTimer(repetitions: quick ? min(2, repetitions) : repetitions)
    let results = Results(
      conditions: Conditions(workload: workload, repetitions: timer.repetitions),
      tasks: try tasks.map { try timer.measure($0, workload) },
      sweeps: try sweeps.map { try timer.measure($0, SweepSizes(workload, size)) })
    print(json ? "\(results.json)" : results.text)
    try chartFolder?.draw(results)
  }
}

// MARK: - What was asked for

extension TimedTasks {
  private func selectedTasks(_ workload: Workload) throws -> [NamedTask] {
    if tasks.isEmpty && sweep.isEmpty || tasks.contains("all") {
      return BenchmarkTasks.all.filter { workload.model.isBinary || !$0.isBinaryOnly }
    }
    let named = tasks.compactMap(BenchmarkTasks.named)
    if let task = named.first(where: \.isBinaryOnly), !workload.model.isBinary {
      throw ValidationError("the task \(task.name) is for bernoulli units on both sides")
    }
    return named
  }

  private func selectedSweeps(_ workload: Workload) throws -> [Sweep] {
    if charts != nil && tasks.isEmpty && sweep.isEmpty || sweep.contains("all") {
      return Sweeps.all.filter { workload.hasSyntheticBits || !$0.needsSyntheticBits }
    }
    let named = sweep.compactMap(Sweeps.named)
    if let sweep = named.first(where: \.needsSyntheticBits), !workload.hasSyntheticBits {
      throw ValidationError("only synthetic bits have a \(sweep.name) to sweep: name the other sweeps")
    }
    return named
  }

  /// What would fail after minutes fails at once.
  private func check(_ sweeps: [Sweep], _ workload: Workload) throws {
    for sweep in sweeps {
      for value in sweep.values {
        var sizes = SweepSizes(workload, size)
        sweep.apply(value, &sizes)
        if let samples = sizes.samples { try size.check(samples, holds: sizes.batchSize) }
        try checkWeights(visible: Double(sizes.visible.count), hidden: sizes.hiddenColumns)
        _ = try sizes.hiddenKinds.layer(units: sizes.hidden)
      }
    }
  }
}

extension Sweep {
  /// `hidden 64 … 4096`
  fileprivate var summary: String { "\(name) \(text(values[0])) … \(text(values[values.count - 1]))" }

  /// A value as it is written.
  func text(_ value: Double) -> String { "\(Int(value))" }
}

// MARK: - Taking the times

extension AlternatingTimer {
  func measure(_ named: NamedTask, _ workload: Workload) throws -> TaskResult {
    let task = named.make(workload)
    note("timing \(task.title) …")
    return TaskResult(
      name: named.name, task: task, threads: workload.parallel.threads,
      measurements: try measure(task.contenders()))
  }

  func measure(_ sweep: Sweep, _ base: SweepSizes) throws -> SweepResult {
    SweepResult(
      sweep: sweep,
      points: try sweep.values.map { value in
        note("timing CD-1, \(sweep.text(value)) \(sweep.axis) …")
        let task = CDTask(try sweep.workload(at: value, base))
        return SweepResult.Point(
          value: value, samples: task.workload.learned, connections: task.workload.connections,
          tiles: task.tiles(threads: base.parallel.threads),
          measurements: try measure(task.fastContenders()).fastest)
      })
  }
}
