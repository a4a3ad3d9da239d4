public import BoltzmannCompute

/// Some samples of the training data, to be learned from together.
public struct Minibatch: Sendable {
  public let samples: any Samples
  /// The samples' own numbers: random draws for a sample depend on it, not on its place here.
  public let indices: ArraySlice<Int>
  public let epoch: Int

  public init(samples: any Samples, indices: ArraySlice<Int>, epoch: Int) {
    self.samples = samples
    self.indices = indices
    self.epoch = epoch
  }

  public var count: Int { indices.count }

  /// The samples' weights over their mean; nil where all weigh the same.
  var rowWeights: [Float]? {
    guard let weights = samples.weights else { return nil }
    let own = indices.map { weights[$0] }
    let mean = own.reduce(0) { $0 + Double($1) } / Double(count)
    return own.map { Float(Double($0) / mean) }
  }

  /// A range of places within the minibatch.
  func indices(at range: Range<Int>) -> ArraySlice<Int> {
    indices[(indices.startIndex + range.lowerBound)..<(indices.startIndex + range.upperBound)]
  }
}

/// What an estimator is made from.
public struct EstimatorContext: Sendable {
  public let model: RBM
  public let settings: TrainingSettings
  public let parallel: Parallel

  public init(model: RBM, settings: TrainingSettings, parallel: Parallel = .all) {
    self.model = model
    self.settings = settings
    self.parallel = parallel
  }

  /// Persistent chains to keep.
  var chains: Int { settings.chains ?? settings.batchSize }
}

/// A way to the gradient of the log-likelihood: a value that holds its chains and its random numbers' place.
public protocol GradientEstimator: Checkpointed, Sendable {
  /// The method's name on the command line and in files.
  static var name: String { get }

  /// Throws `SettingsError` where the method finds no beginning.
  init(_ context: EstimatorContext) throws

  /// Throws `SettingsError` where the method is not for this machine.
  static func validate(_ context: EstimatorContext) throws

  /// The gradient at `model` for a minibatch, with k = `steps` Gibbs steps where the method takes any.
  ///
  /// It is good until the next call.
  mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) throws -> Gradient

  /// Looks at the machine that the last update made, before its gradient; an earlier machine where the training must
  /// go back to that.
  mutating func review(_ model: RBM, parallel: Parallel) throws -> RBM?

  /// By how much the method wants the learning rate multiplied.
  var rateFactor: Double { get }

  /// log Z of the machine that the last update made, where the method has it at hand.
  func partition(of model: RBM, parallel: Parallel) -> PartitionEstimate?

  /// The visibles of the chains that the method keeps from update to update, `[chains, visible]`; nil: none.
  var persistentVisibles: Matrix? { get }
}

extension GradientEstimator {
  public var persistentVisibles: Matrix? { nil }
  public static func validate(_ context: EstimatorContext) throws {}
  public mutating func review(_ model: RBM, parallel: Parallel) throws -> RBM? { nil }
  public var rateFactor: Double { 1 }
  public func partition(of model: RBM, parallel: Parallel) -> PartitionEstimate? { nil }
}

/// The estimators by name; a new one adds its line here.
public enum GradientEstimators {
  public static let all: [any GradientEstimator.Type] = [
    ContrastiveDivergence.self, PersistentContrastiveDivergence.self, ExactGradient.self,
    FastPersistentContrastiveDivergence.self, TAPGradient.self,
    TemperedPersistentContrastiveDivergence.self, AdversarialGradient.self, ParallelTrajectoryTempering.self,
  ]

  public static func named(_ name: String) -> (any GradientEstimator.Type)? {
    all.first { $0.name == name }
  }
}

/// Scratch for the rows of one phase: visibles, hiddens and their sums, reused from update to update.
struct PhaseScratch: Sendable {
  private var visibles: ScratchMatrix
  private var hiddens: ScratchMatrix
  private var sums: BlockSumsScratch

  init(capacity: Int, model: RBM, isData: Bool = true) {
    visibles = ScratchMatrix(rows: capacity, columns: model.visibleCount)
    hiddens = ScratchMatrix(rows: capacity, columns: model.hiddenCount)
    sums = BlockSumsScratch(capacity: capacity, model: model, isData: isData)
  }

  /// The first `count` rows, to write; `weights` where they count differently.
  mutating func rows(_ count: Int, weights: [Float]? = nil) -> PhaseRows {
    PhaseRows(
      visibles: visibles.mutableView().rows(0..<count), hiddens: hiddens.mutableView().rows(0..<count),
      sums: sums.blocks(rows: count, weights: weights))
  }
}

/// The rows of one phase: `visibles` [rows, visible], `hiddens` [rows, hidden].
struct PhaseRows: Sendable {
  let visibles: MutableMatrixView
  let hiddens: MutableMatrixView
  let sums: BlockSums

  /// The means over the rows.
  var moments: Moments { .rows(visibles: visibles.view, hiddens: hiddens.view, sums: sums) }

  /// The same with every row counted by its weight: from here on `hiddens` are multiplied by them.
  func weigh(by weights: [Float]) { sums.weigh(visibles: visibles.view, hiddens: hiddens, by: weights) }

  /// Loads the minibatch and infers E[h | v], block by block.
  func infer(_ minibatch: Minibatch, of model: RBM, parallel: Parallel) {
    parallel.forEachBlock(of: minibatch.count, size: rowsPerBlock) { range in
      load(minibatch, range)
      inferHiddens(range, of: model)
    }
  }

  /// E[h | v] of a block, with its sums.
  func inferHiddens(_ range: Range<Int>, of model: RBM) {
    let block = range.lowerBound / rowsPerBlock, units = 0..<model.hiddenCount
    let means = hiddens.rows(range)
    let inputs =
      model.hidden.realColumns.isEmpty ? means : MutableMatrixView(rows: means.rows, columns: means.columns)
    model.hiddenInputs(given: visibles.view.rows(range), into: inputs)
    model.hidden.means(inputs: inputs.view, inverseTemperature: 1, into: means)
    sums.hiddens(block, units, are: means.view)
    sums.hiddenSquares(block, units, of: model.hidden, inputs: inputs.view, means: means.view)
  }

  /// Loads a block of states, with its sums.
  func load(_ states: MatrixView, _ range: Range<Int>) {
    let rows = visibles.rows(range)
    rows.copy(states.rows(range))
    sums.visibles(range.lowerBound / rowsPerBlock, 0..<rows.columns, are: rows.view)
  }

  /// Loads a block of the minibatch, with its sums.
  func load(_ minibatch: Minibatch, _ range: Range<Int>) {
    let rows = visibles.rows(range)
    minibatch.samples.load(minibatch.indices(at: range), epoch: minibatch.epoch, into: rows)
    sums.visibles(range.lowerBound / rowsPerBlock, 0..<rows.columns, are: rows.view)
  }
}
