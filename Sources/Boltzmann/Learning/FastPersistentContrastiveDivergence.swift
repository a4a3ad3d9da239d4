public import BoltzmannCompute

/// Fast PCD: chains of the machine plus *fast* parameters φ, which chase them from where they linger.
/// ```
/// negatives: k Gibbs steps with θ + φ      g = E_data[−∂E/∂θ] at θ − ⟨−∂E/∂θ⟩ of the negatives
/// θ follows g as ever      φ ← (19/20)·φ + η_f·g      φ = 0 at first, η_f constant
/// ```
/// φ holds weights and both biases; it decays once an update and is no part of the machine. Where a chain stays, g
/// raises the energy of that place at once and for a moment only, so that chains move on also where η has become
/// small. The negatives are no samples of the machine: no likelihood may be taken from them.
///
/// φ follows the plain gradient, whatever of it θ follows. Source: Tieleman & Hinton 2009.
public struct FastPersistentContrastiveDivergence: GradientEstimator {
  public static let name = "fpcd"
  /// The share of φ that an update leaves.
  static let retention: Float = 0.95

  private var chains: PersistentContrastiveDivergence
  private let rate: Float
  /// θ + φ as of the last update.
  private var sampler: RBM
  private var fastWeights: Matrix
  private var fastVisibleBias: [Float]
  private var fastHiddenBias: [Float]
  /// ∂L/∂W, which φ and θ share.
  private var weightGradient: ScratchMatrix

  public init(_ context: EstimatorContext) {
    let model = context.model
    chains = PersistentContrastiveDivergence(context)
    rate = Float(context.settings.fastLearningRate ?? context.settings.learningRate)
    sampler = model.withTrainingCopy
    fastWeights = Matrix(rows: model.visibleCount, columns: model.hiddenCount)
    fastVisibleBias = [Float](repeating: 0, count: model.visibleCount)
    fastHiddenBias = [Float](repeating: 0, count: model.hiddenCount)
    weightGradient = ScratchMatrix(rows: model.visibleCount, columns: model.hiddenCount)
  }

  public mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) -> Gradient {
    moveSampler(to: model, parallel)
    var gradient = chains.gradient(
      of: model, chainsOf: sampler, minibatch: minibatch, steps: steps, parallel: parallel)
    gradient.products = model.products
    follow(&gradient, parallel)
    return gradient
  }

  /// sampler ← θ + φ.
  private mutating func moveSampler(to model: RBM, _ parallel: Parallel) {
    let fast = fastWeights.view
    sampler.updateWeights { weights, copies in
      parallel.forEachBlock(of: weights.rows, size: weightRowsPerBlock) { range in
        weights.rows(range).copy(model.weights.view.rows(range))
        weights.rows(range).add(fast.rows(range), scale: 1)
        copies.take(weights.rows(range).view, visibles: range)
      }
    }
    sampler.visible = model.visible.with(bias: sums(model.visible.bias, fastVisibleBias))
    sampler.hidden = model.hidden.with(bias: sums(model.hidden.bias, fastHiddenBias))
  }

  /// φ ← (19/20)·φ + η_f·g.
  private mutating func follow(_ gradient: inout Gradient, _ parallel: Parallel) {
    let formed = weightGradient.mutableView()
    let (retention, rate) = (Self.retention, rate)
    fastWeights.withMutableView { [gradient] fast in
      parallel.forEachBlock(of: fast.rows, size: weightRowsPerBlock) { range in
        gradient.writeWeights(range, to: formed.rows(range))
        fast.rows(range).add(formed.rows(range).view, scale: rate, beta: retention)
      }
    }
    follow(gradient.visibleBias, &fastVisibleBias)
    follow(gradient.hiddenBias, &fastHiddenBias)
    gradient.formedWeights = formed.view
  }

  private func follow(_ gradient: [Float], _ fast: inout [Float]) {
    for index in fast.indices { fast[index] = Self.retention * fast[index] + rate * gradient[index] }
  }

  public var persistentVisibles: Matrix? { chains.persistentVisibles }

  public func save(to snapshot: inout Snapshot) {
    chains.save(to: &snapshot)
    snapshot.matrices["estimator.fast_weights"] = fastWeights
    snapshot.vectors["estimator.fast_visible_bias"] = fastVisibleBias
    snapshot.vectors["estimator.fast_hidden_bias"] = fastHiddenBias
  }

  public mutating func restore(from snapshot: Snapshot) throws {
    try chains.restore(from: snapshot)
    fastWeights = try snapshot.matrix("estimator.fast_weights", like: fastWeights)
    fastVisibleBias = try snapshot.vector("estimator.fast_visible_bias", count: fastVisibleBias.count)
    fastHiddenBias = try snapshot.vector("estimator.fast_hidden_bias", count: fastHiddenBias.count)
  }
}

private func sums(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { $0 + $1 } }
