internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
internal import Foundation

/// Under what conditions the times were taken.
struct Conditions {
  let workload: Workload
  let repetitions: Int
  let date = Date().formatted(.iso8601)

  var lines: [String] {
    let lines = [
      "boltzmann-benchmark \(Versions.boltzmann), \(date)\(Conditions.build)",
      "\(Processor.name), \(Processor.cores) cores, kernels for \(InstructionSet.name), \(BLAS.description)",
      "\(model.visible.summary) visible × \(model.hidden.summary) hidden units, \(stage), "
        + "minibatches and chains: \(workload.batchSize)",
      ["\(workload.samples.count) samples", ones, workload.source].compactMap { $0 }.joined(separator: ", "),
      "medians of \(repetitions) alternating runs after a warm-up\(workload.isQuick ? ", --quick" : "")",
    ]
    return model.isBinary ? lines : lines + [Conditions.missing]
  }

  private static let missing =
    "left out, as they are there for bernoulli units on both sides: plain loops, exact log Z, AIS"

  private var model: RBM { workload.model }

  private var ones: String? { workload.density.map { "\(fixed(100 * $0, 1)) % ones" } }

  private var stage: String { workload.isTrained ? "trained" : "at the start of training" }

  /// The sizes for a chart, but for the one that it sweeps.
  func sizes(except sweep: String? = nil) -> String {
    let visible = model.isBinary ? "\(workload.visible)" : model.visible.summary
    let hidden = model.isBinary ? "\(workload.hidden)" : model.hidden.summary
    return [
      sweep == "hidden" ? "\(visible) visible units" : "\(visible) × \(hidden) units",
      sweep == "minibatch" ? nil : "minibatches of \(workload.batchSize)",
      sweep == "density" ? nil : ones,
      sweep == nil ? stage : nil,
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// The machine for a chart.
  var machine: String {
    "\(Processor.name), \(workload.parallel.threads) threads, \(BLAS.description), \(date.prefix(10))"
  }

  var json: JSONValue {
    [
      "version": .string(Versions.boltzmann), "date": .string(date), "processor": .string(Processor.name),
      "cores": .integer(Processor.cores), "threads": .integer(workload.parallel.threads),
      "instruction_set": .string(InstructionSet.name), "blas": .string(BLAS.description),
      "visible": .integer(workload.visible), "hidden": .integer(workload.hidden),
      "visible_units": .string(model.visible.summary), "hidden_units": .string(model.hidden.summary),
      "trained": .bool(workload.isTrained), "batch_size": .integer(workload.batchSize),
      "samples": .integer(workload.samples.count), "source": .string(workload.source),
      "density": workload.density.map { .number($0) } ?? .null, "repetitions": .integer(repetitions),
      "quick": .bool(workload.isQuick), "optimized": .bool(Conditions.build.isEmpty),
    ]
  }

  /// Without optimisation no figure means anything.
  private static var build: String {
    #if DEBUG
      ", NOT OPTIMISED: build with -c release"
    #else
      ""
    #endif
  }
}
