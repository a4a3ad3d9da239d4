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
    [
      "boltzmann-benchmark \(Versions.boltzmann), \(date)\(Conditions.build)",
      "\(Processor.name), \(Processor.cores) cores, kernels for \(InstructionSet.name), \(BLAS.description)",
      "\(workload.visible) visible × \(workload.hidden) hidden units, \(stage), "
        + "minibatches and chains: \(workload.batchSize)",
      "\(workload.samples.count) samples, \(fixed(100 * workload.density, 1)) % ones, \(workload.source)",
      "medians of \(repetitions) alternating runs after a warm-up\(workload.isQuick ? ", --quick" : "")",
    ]
  }

  private var stage: String { workload.isTrained ? "trained" : "at the start of training" }

  /// The sizes for a chart, but for the one that it sweeps.
  func sizes(except sweep: String? = nil) -> String {
    let units = "\(workload.visible)\(sweep == "hidden" ? " visible" : " × \(workload.hidden)") units"
    return [
      units, sweep == "minibatch" ? nil : "minibatches of \(workload.batchSize)",
      sweep == "density" ? nil : "\(fixed(100 * workload.density, 1)) % ones",
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
      "trained": .bool(workload.isTrained), "batch_size": .integer(workload.batchSize),
      "samples": .integer(workload.samples.count), "source": .string(workload.source),
      "density": .number(workload.density), "repetitions": .integer(repetitions),
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
