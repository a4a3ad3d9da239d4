internal import Boltzmann
internal import BoltzmannCompute

/// CD-1 at several sizes of one kind, all else equal.
struct Sweep: Sendable {
  /// The name on the command line.
  let name: String
  /// What is swept, for people.
  let axis: String
  let values: [Double]
  /// Whether other samples than synthetic bits have the swept value already, or none.
  var needsSyntheticBits = false
  let apply: @Sendable (_ value: Double, _ sizes: inout SweepSizes) -> Void

  /// The work at one value; its amount is nearly the same at all of them.
  func workload(at value: Double, _ base: SweepSizes) throws -> Workload {
    var sizes = base
    apply(value, &sizes)
    return try sizes.workload
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
      needsSyntheticBits: true
    ) { $1.density = $0 / 100 },
  ]

  static func named(_ name: String) -> Sweep? { all.first { $0.name == name } }

  static var names: String { all.map(\.name).joined(separator: ", ") }
}

/// The sizes of one point of a sweep, of which the sweep changes one.
struct SweepSizes: Sendable {
  let visible: any Units
  var hidden: Int
  let hiddenKinds: LayerSpecification
  var batchSize: Int
  var density: Double
  /// Instead of synthetic samples.
  let samples: (any Samples)?
  let parallel: Parallel
  let isQuick: Bool

  /// Machines of a sweep have the hidden kinds of the options, whatever a trained one has.
  init(_ workload: Workload, _ options: SizeOptions) {
    visible = workload.model.visible
    hidden = options.model == nil ? options.hiddenUnits : workload.hidden
    hiddenKinds = options.hiddenKinds
    batchSize = workload.batchSize
    density = options.wantedDensity
    samples = workload.file
    parallel = workload.parallel
    isQuick = workload.isQuick
  }

  /// Samples times weights that one run takes, where that makes two minibatches.
  private var work: Int { isQuick ? 1 << 27 : 1 << 31 }
  /// Samples that are held at most: more are the same ones again.
  private static let heldSamples = 10_000

  /// The columns of the hidden layer, at most.
  var hiddenColumns: Double { hiddenKinds.mostColumns(units: hidden) }

  /// The work at these sizes.
  ///
  /// Throws `SettingsError` where the kinds of the hidden units do not add up to so many.
  var workload: Workload {
    get throws {
      let minibatches = max(2, work / (visible.count * Int(hiddenColumns) * batchSize))
      let count = max(1, min(minibatches, SweepSizes.heldSamples / batchSize)) * batchSize
      return Workload(
        samples: held(count), visible: visible, hidden: try hiddenKinds.layer(units: hidden),
        batchSize: batchSize, minibatches: minibatches, parallel: parallel, isQuick: isQuick)
    }
  }

  private func held(_ count: Int) -> any Samples {
    samples.map { FirstSamples(all: $0, count: min(count, $0.count)) }
      ?? visible.blocks.syntheticSamples(count: count, density: density)
  }
}
