internal import Boltzmann
internal import BoltzmannCompute

/// A task whose time is mostly that of matrix products, which the engine forms in two ways.
///
/// It says what is to be done; who takes part, and in which order, is the same for all of them.
protocol ProductTask: BenchmarkTask {
  var workload: Workload { get }

  /// Ways to share the products among threads.
  var splits: [ProductSplit] { get }

  /// Plain loops; asked for only where both sides are binary.
  func naive() -> [Contender]

  /// The task's products and nothing else, formed this way.
  func products(_ choice: ProductChoice) -> ProductsAlone

  /// Sets the engine up; what is returned does the work once more each time.
  func engine(_ model: RBM, _ parallel: Parallel) throws -> () throws -> Double

  /// Further ways of the engine, on all threads.
  func variants() throws -> [Contender]
}

extension ProductTask {
  var splits: [ProductSplit] { [.evenRows, .evenColumns, .rowBlocks(50)] }

  func variants() -> [Contender] { [] }

  /// Each on one thread beside itself on all, and both engines beside sgemm.
  func contenders() throws -> [Contender] {
    try (workload.model.isBinary ? naive() : [])
      + engines(.dense, threadCounts.reversed()) + bounds(.dense)
      + engines(.adaptive, threadCounts) + (workload.model.hasBits ? bounds(.adaptive) : [])
      + variants()
  }

  private func bounds(_ choice: ProductChoice) -> [Contender] {
    let products = products(choice)
    return threadCounts.reversed().flatMap { products.contenders(parallel: $0, splits: splits) }
  }

  /// Only what a sweep compares, on all threads.
  func fastContenders() throws -> [Contender] {
    try engines(.dense, [workload.parallel])
      + products(.dense).contenders(parallel: workload.parallel, splits: splits)
      + engines(.adaptive, [workload.parallel])
  }

  private func engines(_ choice: ProductChoice, _ counts: [Parallel]) throws -> [Contender] {
    var model = workload.model
    model.products = choice
    return try counts.map { parallel in
      Contender(
        role: .engine, name: choice.engineName, threads: parallel.threads, run: try engine(model, parallel))
    }
  }

  private var threadCounts: [Parallel] { workload.threadCounts }
}

extension Workload {
  /// All threads, and one where that is something else.
  var threadCounts: [Parallel] { parallel.threads > 1 ? [parallel, Parallel(threads: 1)] : [parallel] }
}

extension ProductChoice {
  /// The engine that forms its products so.
  var engineName: String {
    switch self {
    case .adaptive: "adaptive"
    case .dense: "dense"
    }
  }

  /// These products without the rest of the engine.
  var kernelName: String {
    switch self {
    case .adaptive: "row sums alone"
    case .dense: "sgemm alone"
    }
  }
}
