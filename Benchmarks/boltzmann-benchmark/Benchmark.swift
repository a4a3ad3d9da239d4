internal import ArgumentParser
internal import BoltzmannCompute
internal import Foundation

/// Times the engine against plain loops and against its own products alone.
@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boltzmann-benchmark",
    abstract: "Time the engine against plain loops and against sgemm alone.",
    discussion: """
      Example:

        swift run -c release boltzmann-benchmark --tasks cd pcd

      All contenders of a task take turns, and what is compared is the median of the ratios within a turn: a \
      machine that others use too, or that changes its clock, then slows all of them alike. With --json, \
      `time_over` of a contender holds its time divided by that of each engine.
      """)

  @Option(
    parsing: .upToNextOption,
    help: "Which tasks: \(BenchmarkTasks.names). (default: all)")
  var tasks: [String] = []

  @OptionGroup var size: SizeOptions

  @Option(help: "Threads of the engine and of sgemm; plain loops use one. (default: all cores)")
  var threads: Int?

  @Option(help: "Runs of each contender, after one to warm up.")
  var repetitions = 5

  @Flag(help: "A twentieth of the work, twice: to see that it runs.")
  var quick = false

  @Flag(help: "The results as one JSON object, keys sorted.")
  var json = false

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1, not \(threads)") }
    if repetitions < 1 { throw ValidationError("--repetitions must be at least 1, not \(repetitions)") }
    for name in tasks where BenchmarkTasks.named(name) == nil {
      throw ValidationError("no task is called \"\(name)\": \(BenchmarkTasks.names)")
    }
  }

  func run() throws {
    let workload = Workload(size, parallel: threads.map { Parallel(threads: $0) } ?? .all, isQuick: quick)
    let timer = AlternatingTimer(repetitions: quick ? min(2, repetitions) : repetitions)
    let conditions = Conditions(workload: workload, repetitions: timer.repetitions)
    let results = try selectedTasks.map { try result(of: $0.init(workload), timer) }
    print(json ? "\(jsonReport(conditions, results))" : textReport(conditions, results))
  }

  private var selectedTasks: [any BenchmarkTask.Type] {
    tasks.isEmpty ? BenchmarkTasks.all : tasks.compactMap(BenchmarkTasks.named)
  }

  private func result(of task: any BenchmarkTask, _ timer: AlternatingTimer) throws -> TaskResult {
    FileHandle.standardError.write(Data("timing \(task.title) …\n".utf8))
    return TaskResult(task: task, measurements: try timer.measure(task.contenders()))
  }
}

/// The sizes of the machine and of its data.
struct SizeOptions: ParsableArguments {
  @Option(help: "Visible units.")
  var visible = 784

  @Option(help: "Hidden units.")
  var hidden = 500

  @Option(help: "Samples of a minibatch; also the chains of PCD, annealing and sampling.")
  var batchSize = 100

  @Option(help: "The part of the data that is ones.")
  var density = 0.13

  func validate() throws {
    for (name, value) in [("visible", visible), ("hidden", hidden), ("batch-size", batchSize)] {
      guard (1...65_536).contains(value) else {
        throw ValidationError("--\(name) must lie between 1 and 65536, not \(value)")
      }
    }
    guard visible * hidden <= 1 << 27 else {
      throw ValidationError("\(visible) × \(hidden) are more than 2^27 weights")
    }
    guard density > 0 && density < 1 else {
      throw ValidationError("--density must lie between 0 and 1, not \(density)")
    }
  }
}
