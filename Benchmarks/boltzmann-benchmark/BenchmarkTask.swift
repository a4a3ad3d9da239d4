/// A piece of work that is timed, and the ways to do it.
///
/// A new task is a file in `Tasks/` and a line in `BenchmarkTasks.all`.
protocol BenchmarkTask: Sendable {
  /// The name on the command line.
  static var name: String { get }

  /// The name in the table.
  var title: String { get }

  /// How much is to be done, in words.
  var work: String { get }

  /// The floating point operations of the work's matrix products, done densely: 2·rows·visible·hidden each.
  var flops: Double { get }

  init(_ workload: Workload)

  /// The ways to do it, in the order of the table. Neighbours are compared best: they run right after each
  /// other.
  func contenders() throws -> [Contender]
}

/// The tasks by name; a new one adds its line here.
enum BenchmarkTasks {
  static let all: [any BenchmarkTask.Type] = [
    CDTask.self,
    PCDTask.self,
    LogPartitionTask.self,
    AISTask.self,
    SamplingTask.self,
    TransformTask.self,
  ]

  static func named(_ name: String) -> (any BenchmarkTask.Type)? { all.first { $0.name == name } }

  static var names: String { all.map { $0.name }.joined(separator: ", ") }
}
