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

  /// A range of places within the minibatch.
  func indices(at range: Range<Int>) -> ArraySlice<Int> {
    indices[(indices.startIndex + range.lowerBound)..<(indices.startIndex + range.upperBound)]
  }
}

/// What an estimator is made from.
public struct EstimatorContext: Sendable {
  public let model: RBM
  public let settings: TrainingSettings

  public init(model: RBM, settings: TrainingSettings) {
    self.model = model
    self.settings = settings
  }

  /// Persistent chains to keep.
  var chains: Int { settings.chains ?? settings.batchSize }
}

/// A way to the gradient of the log-likelihood: a value that holds its chains and its random numbers' place.
public protocol GradientEstimator: Checkpointed, Sendable {
  /// The method's name on the command line and in files.
  static var name: String { get }

  init(_ context: EstimatorContext)

  /// The gradient at `model` for a minibatch, with k = `steps` Gibbs steps where the method takes any.
  ///
  /// It is good until the next call.
  mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) throws -> Gradient
}

/// The estimators by name; a new one adds its line here.
public enum GradientEstimators {
  public static let all: [any GradientEstimator.Type] = [
    ContrastiveDivergence.self, PersistentContrastiveDivergence.self, ExactGradient.self,
  ]

  public static func named(_ name: String) -> (any GradientEstimator.Type)? {
    all.first { $0.name == name }
  }
}

/// Scratch for the rows of one phase: visibles and hiddens, reused from update to update.
struct PhaseScratch: Sendable {
  private var visibles: ScratchMatrix
  private var hiddens: ScratchMatrix

  init(capacity: Int, model: RBM) {
    visibles = ScratchMatrix(rows: capacity, columns: model.visibleCount)
    hiddens = ScratchMatrix(rows: capacity, columns: model.hiddenCount)
  }

  /// The first `count` rows, to write.
  mutating func rows(_ count: Int) -> PhaseRows {
    PhaseRows(
      visibles: visibles.mutableView().rows(0..<count), hiddens: hiddens.mutableView().rows(0..<count))
  }
}

/// The rows of one phase: `visibles` [rows, visible], `hiddens` [rows, hidden].
struct PhaseRows: Sendable {
  let visibles: MutableMatrixView
  let hiddens: MutableMatrixView

  subscript(range: Range<Int>) -> PhaseRows {
    PhaseRows(visibles: visibles.rows(range), hiddens: hiddens.rows(range))
  }

  /// The means over the rows.
  var moments: Moments { .rows(visibles: visibles.view, hiddens: hiddens.view) }

  /// Loads a block of the minibatch, and E[h | v] beside it: the data's phase.
  func load(_ minibatch: Minibatch, _ range: Range<Int>, hiddenMeansOf model: RBM) {
    let rows = self[range]
    minibatch.samples.load(minibatch.indices(at: range), epoch: minibatch.epoch, into: rows.visibles)
    model.hiddenMeans(given: rows.visibles.view, into: rows.hiddens)
  }
}
