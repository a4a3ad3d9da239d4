internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
internal import BoltzmannReference

/// The sizes of the work, and the data and the machine that all tasks share.
struct Workload: Sendable {
  static let seed: UInt64 = 1

  let samples: any Samples
  /// All samples of the file that they are the first of; nil where they are synthetic.
  let file: (any Samples)?
  /// Where the samples come from, for people.
  let source: String
  /// Where every task starts.
  let model: RBM
  /// Whether the machine has been trained; else it stands at the start of its training.
  let isTrained: Bool
  let batchSize: Int
  /// Gibbs steps of a chain.
  let chainSteps: Int
  let annealing: AnnealingSchedule
  /// Minibatches that one run of a learner takes.
  let minibatches: Int
  let parallel: Parallel
  let isQuick: Bool

  /// Columns: units, or the states of categorical ones.
  var visible: Int { model.visibleCount }
  var hidden: Int { model.hiddenCount }

  /// Samples that one run of a learner takes.
  var learned: Int { minibatches * batchSize }

  /// How many rows plain loops do before their time is scaled to the whole.
  var naiveRows: Int { isQuick ? min(10, batchSize) : batchSize }

  /// The operations of one product of some rows with the weights.
  func productFlops(rows: Int) -> Double { 2 * Double(rows) * connections }

  var connections: Double { Double(visible) * Double(hidden) }

  /// The part of the samples that is ones, where they are zeros and ones.
  var density: Double? {
    guard model.visible.statesAreBits else { return nil }
    return samples.means(parallel: parallel).reduce(0) { $0 + Double($1) } / Double(visible)
  }

  /// Whether the samples are bits whose density can be chosen.
  var hasSyntheticBits: Bool { file == nil && model.visible is BernoulliUnits }
}

extension Workload {
  /// What the options ask for: files where they are given, else synthetic samples and an untrained machine.
  init(_ size: SizeOptions, parallel: Parallel, isQuick: Bool) throws {
    let trained = try size.model.map(StoredModel.read)
    let data = try size.data.map { try size.samples($0, for: trained) }
    let visible =
      try trained?.machine.visible ?? data?.units ?? size.visibleKinds.layer(units: size.visibleUnits)
    file = data?.samples
    samples = try Workload.samples(
      size, of: file, visible.blocks, limit: isQuick ? size.samples / 20 : size.samples)
    source = size.data ?? visible.blocks.syntheticLaw
    model =
      try trained?.machine
      ?? .untrained(
        visible: visible, hidden: size.hiddenKinds.layer(units: size.hiddenUnits), for: samples,
        parallel: parallel)
    isTrained = trained != nil
    batchSize = size.batchSize
    chainSteps = isQuick ? min(50, size.steps) : size.steps
    annealing = isQuick ? .linear(min(50, size.schedule.steps)) : size.schedule
    minibatches = samples.count / size.batchSize
    self.parallel = parallel
    self.isQuick = isQuick
  }

  /// An untrained machine for these samples; minibatches may run over them repeatedly.
  init(
    samples: any Samples, visible: any Units, hidden: any Units, batchSize: Int, minibatches: Int,
    parallel: Parallel, isQuick: Bool
  ) {
    self.samples = samples
    file = nil
    source = ""
    model = .untrained(visible: visible, hidden: hidden, for: samples, parallel: parallel)
    isTrained = false
    self.batchSize = batchSize
    chainSteps = 1
    annealing = .linear(1)
    self.minibatches = minibatches
    self.parallel = parallel
    self.isQuick = isQuick
  }

  /// Whole minibatches, at least one, of at most about `limit` samples.
  private static func samples(
    _ size: SizeOptions, of file: (any Samples)?, _ visibles: [UnitBlock], limit: Int
  ) throws -> any Samples {
    let wanted = max(1, limit / size.batchSize) * size.batchSize
    guard let file else {
      return visibles.syntheticSamples(count: wanted, density: size.wantedDensity)
    }
    try size.check(file, holds: size.batchSize)
    return FirstSamples(all: file, count: min(wanted, file.count / size.batchSize * size.batchSize))
  }
}

extension ReferenceRBM {
  /// The same machine for the plain loops.
  init(_ model: RBM) {
    self.init(
      weights: (0..<model.visibleCount).map { row in
        model.weights.view.rows(row..<(row + 1)).values.map(Double.init)
      },
      visibleBias: model.visible.bias.map(Double.init), hiddenBias: model.hidden.bias.map(Double.init))
  }
}
