/// A piece of work that is timed, and the ways to do it.
///
/// A new task is a file in `Tasks/` and a line in `BenchmarkTasks.all`.
protocol BenchmarkTask: Sendable {
  /// The name in the table.
  var title: String { get }

  /// How much is to be done, in words.
  var work: String { get }

  /// The floating point operations of the work's matrix products, done densely: 2·rows·visible·hidden each.
  var flops: Double { get }

  /// The smallest part of the work that costs always the same, and how many there are.
  var units: WorkUnits { get }

  /// The pieces into which the engine cuts the work for so many threads.
  func tiles(threads: Int) -> Tiles

  /// The ways to do it, in the order of a turn: what is compared with each other runs one after the other.
  func contenders() throws -> [Contender]
}

/// What a time is divided by to be comparable between machines of other sizes.
struct WorkUnits {
  /// `sample and weight`
  let name: String
  let count: Double
}

/// The tasks by the name they have on the command line; a new one adds its line here.
enum BenchmarkTasks {
  static let all: [NamedTask] = [
    NamedTask(name: "cd") { CDTask($0) },
    NamedTask(name: "pcd") { PCDTask($0, steps: 1) },
    NamedTask(name: "pcd10") { PCDTask($0, steps: 10) },
    NamedTask(name: "partition", isBinaryOnly: true) { LogPartitionTask($0) },
    NamedTask(name: "ais", isBinaryOnly: true) { AISTask($0) },
    NamedTask(name: "sampling") { SamplingTask($0) },
    NamedTask(name: "transform") { TransformTask($0) },
  ]

  static func named(_ name: String) -> NamedTask? { all.first { $0.name == name } }

  static var names: String { all.map(\.name).joined(separator: ", ") }

  /// Those that machines of other kinds have as well.
  static var namesForAllKinds: String { all.filter { !$0.isBinaryOnly }.map(\.name).joined(separator: ", ") }
}

/// A task and its name.
struct NamedTask: Sendable {
  let name: String
  /// Whether it is there for Bernoulli units on both sides only.
  var isBinaryOnly = false
  let make: @Sendable (Workload) -> any BenchmarkTask
}
