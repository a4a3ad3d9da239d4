internal import BoltzmannCompute

/// Gradient ascent with momentum and weight decay on all parameters of a classification machine.
/// ```
/// Δθ ← momentum·Δθ + rate·(∂L/∂θ − l2·θ)      θ += Δθ      biases without decay
/// ```
struct ClassificationDescent: Checkpointed, Sendable {
  /// Δθ of the last update, in the shape of the machine.
  private var velocity: ClassificationRBM
  private let hasMomentum: Bool
  private let l2: Float
  private let blocks: Blocks
  /// One gradient tile for each worker, `[workers · block, hidden]`.
  private var tiles: ScratchMatrix
  private var workers = 1
  private var classGradient: ScratchMatrix

  init(model: ClassificationRBM, settings: ClassificationSettings) {
    func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
    func zeros(like matrix: Matrix) -> Matrix { Matrix(rows: matrix.rows, columns: matrix.columns) }
    velocity = ClassificationRBM(
      visibleBias: zeros(model.visibleCount), hiddenBias: zeros(model.hiddenCount),
      classBias: zeros(model.classCount), weights: zeros(like: model.weights),
      classWeights: zeros(like: model.classWeights))
    hasMomentum = settings.momentum.values.contains { $0 != 0 }
    l2 = Float(settings.l2)
    blocks = Blocks(count: model.visibleCount, size: weightRowsPerBlock)
    tiles = ScratchMatrix(rows: blocks.size, columns: model.hiddenCount)
    classGradient = ScratchMatrix(rows: model.classCount, columns: model.hiddenCount)
  }

  /// One update of the model in place; returns Σ(Δθ)², not finite where the update diverged.
  mutating func update(
    _ model: inout ClassificationRBM, with gradient: ClassificationGradient, rate: Float, momentum: Float,
    parallel: Parallel
  ) -> Double {
    let update = WeightUpdate(momentum: momentum, rate: rate, l1: 0, l2: l2)
    let classes = classGradient.mutableView()
    gradient.writeClassWeights(to: classes)
    var squares = moveWeights(&model, gradient, update, parallel)
    squares += model.classWeights.withMutableView { weights in
      velocity.classWeights.withMutableView { weights.move(velocity: $0, classes.view, update) }
    }
    // Exactly one class is on, so that U's gradient sums to that of c.
    var hidden = [Float](repeating: 0, count: model.hiddenCount)
    classes.view.addColumnSums(scale: 1, to: &hidden)
    squares += move(&model.hiddenBias, &velocity.hiddenBias, hidden, update)
    squares += move(
      &model.visibleBias, &velocity.visibleBias, gradient.visibleBias(count: model.visibleCount), update)
    squares += move(
      &model.classBias, &velocity.classBias, gradient.classBias(count: model.classCount), update)
    return squares
  }

  /// W, cut by rows: a worker forms the gradient of its rows and moves them while they are in cache.
  private mutating func moveWeights(
    _ model: inout ClassificationRBM, _ gradient: ClassificationGradient, _ update: WeightUpdate,
    _ parallel: Parallel
  ) -> Double {
    if parallel.threads > workers {
      workers = parallel.threads
      tiles = ScratchMatrix(rows: workers * blocks.size, columns: model.hiddenCount)
    }
    let tiles = tiles.mutableView(), blocks = blocks, products = model.products, hasMomentum = hasMomentum
    return model.weights.withMutableView { weights in
      velocity.weights.withMutableView { velocity in
        parallel.map(blocks.count) { block, worker in
          let range = blocks[block], begin = worker * blocks.size
          let tile = tiles.rows(begin..<(begin + range.count))
          gradient.writeWeights(range, products, to: tile)
          return weights.rows(range).move(
            velocity: hasMomentum ? velocity.rows(range) : nil, tile.view, update)
        }.reduce(0, +)
      }
    }
  }

  private func move(
    _ bias: inout [Float], _ velocity: inout [Float], _ gradient: [Float], _ update: WeightUpdate
  ) -> Double {
    var squares = 0.0
    for index in bias.indices {
      velocity[index] = update.momentum * velocity[index] + update.rate * gradient[index]
      bias[index] += velocity[index]
      squares += Double(velocity[index]) * Double(velocity[index])
    }
    return squares
  }

  func save(to snapshot: inout Snapshot) { velocity.save(to: &snapshot, prefix: "velocity.") }

  mutating func restore(from snapshot: Snapshot) throws {
    try velocity.restore(from: snapshot, prefix: "velocity.")
  }
}
extension MutableMatrixView {
  /// Moves these rows of weights, with a velocity unless there is no momentum; Σ(ΔW)².
  fileprivate func move(
    velocity: MutableMatrixView?, _ gradient: MatrixView, _ update: WeightUpdate
  ) -> Double {
    momentumStep(
      velocity: velocity, gradient: gradient, update: update,
      left: gradient.columns(0..<0), right: gradient.rows(0..<0), fold: nil)
  }
}

extension ClassificationRBM: Checkpointed {
  public func save(to snapshot: inout Snapshot) { save(to: &snapshot, prefix: "") }

  public mutating func restore(from snapshot: Snapshot) throws { try restore(from: snapshot, prefix: "") }

  func save(to snapshot: inout Snapshot, prefix: String) {
    snapshot.matrices["\(prefix)weights"] = weights
    snapshot.matrices["\(prefix)class_weights"] = classWeights
    snapshot.vectors["\(prefix)visible_bias"] = visibleBias
    snapshot.vectors["\(prefix)hidden_bias"] = hiddenBias
    snapshot.vectors["\(prefix)class_bias"] = classBias
  }

  mutating func restore(from snapshot: Snapshot, prefix: String) throws {
    weights = try snapshot.matrix("\(prefix)weights", like: weights)
    classWeights = try snapshot.matrix("\(prefix)class_weights", like: classWeights)
    visibleBias = try snapshot.vector("\(prefix)visible_bias", count: visibleCount)
    hiddenBias = try snapshot.vector("\(prefix)hidden_bias", count: hiddenCount)
    classBias = try snapshot.vector("\(prefix)class_bias", count: classCount)
  }
}
