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
      "threads: \(workload.parallel.threads), kernels for \(InstructionSet.name), \(BLAS.description)",
      "\(workload.visible) visible × \(workload.hidden) hidden units, minibatches and chains: "
        + "\(workload.batchSize)",
      "\(workload.samples.count) synthetic samples, \(fixed(100 * workload.density, 1)) % ones: "
        + "independent bits, one probability a column",
      "medians of \(repetitions) alternating runs after a warm-up\(workload.isQuick ? ", --quick" : "")",
    ]
  }

  var json: [String: JSONValue] {
    [
      "version": .string(Versions.boltzmann), "date": .string(date),
      "threads": .integer(workload.parallel.threads), "instruction_set": .string(InstructionSet.name),
      "blas": .string(BLAS.description), "visible": .integer(workload.visible),
      "hidden": .integer(workload.hidden), "batch_size": .integer(workload.batchSize),
      "samples": .integer(workload.samples.count), "density": .number(workload.density),
      "repetitions": .integer(repetitions), "quick": .bool(workload.isQuick),
      "optimized": .bool(Conditions.build.isEmpty),
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

/// A number with so many digits after the point.
func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
