internal import Boltzmann
internal import BoltzmannCompute

/// CD-1 at several sizes of one kind, all else equal.
struct Sweep: Sendable {
  /// The name on the command line.
  let name: String
  /// What is swept, for people.
  let axis: String
  let values: [Double]
  /// Whether the samples of a file have the swept value already.
  var needsSyntheticSamples = false
  let apply: @Sendable (_ value: Double, _ sizes: inout SweepSizes) -> Void

  /// The work at one value; its amount is nearly the same at all of them.
  func workload(at value: Double, _ base: SweepSizes) -> Workload {
    var sizes = base
    apply(value, &sizes)
    return sizes.workload
  }
}

/// The sweeps by name; a new one adds its entry here.
enum Sweeps {
  static let all = [
    Sweep(
      name: "hidden", axis: "hidden units", values: [64, 128, 256, 512, 1024, 2048, 4096]
    ) { $1.hidden = Int($0) },
    Sweep(
      name: "minibatch", axis: "samples of a minibatch", values: [10, 20, 50, 100, 200, 500, 1000]
    ) { $1.batchSize = Int($0) },
    Sweep(
      name: "density", axis: "% of the data that is ones", values: [1, 2, 5, 10, 20, 50],
      needsSyntheticSamples: true
    ) { $1.density = $0 / 100 },
  ]

  static func named(_ name: String) -> Sweep? { all.first { $0.name == name } }

  static var names: String { all.map(\.name).joined(separator: ", ") }
}

/// The sizes of one point of a sweep, of which the sweep changes one.
struct SweepSizes: Sendable {
  let visible: Int
  var hidden: Int
  var batchSize: Int
  var density: Double
  /// Instead of synthetic samples.
  let samples: (any Samples)?
  let parallel: Parallel
  let isQuick: Bool

  init(_ workload: Workload, density: Double) {
    visible = workload.visible
    hidden = workload.hidden
    batchSize = workload.batchSize
    self.density = density
    samples = workload.file
    parallel = workload.parallel
    isQuick = workload.isQuick
  }

  /// Samples times weights that one run takes, where that makes two minibatches.
  private var work: Int { isQuick ? 1 << 27 : 1 << 31 }
  /// Samples that are held at most: more are the same ones again.
  private static let heldSamples = 10_000

  var workload: Workload {
    let minibatches = max(2, work / (visible * hidden * batchSize))
    let held = max(1, min(minibatches, SweepSizes.heldSamples / batchSize)) * batchSize
    let samples =
      samples.map { FirstSamples(all: $0, count: min(held, $0.count)) }
      ?? BitSamples.synthetic(count: held, width: visible, density: density) as any Samples
    return Workload(
      samples: samples, hidden: hidden, batchSize: batchSize, minibatches: minibatches, parallel: parallel,
      isQuick: isQuick)
  }
}
