internal import Boltzmann
internal import BoltzmannCompute

/// Momentum for every parameter, and the update: each worker owns some sites and their rows of W.
/// ```
/// v ← momentum·v + rate_i·(g − l2·w)      w ← w + v
/// g = Σ over the cases that rated site i of ([v_i^k]·h given the data) − (the same at the end of the chain)
/// ```
/// D of a site moves likewise, by Σ (h given the data) − (h at the end) of the cases that are known to have rated it.
///
/// Only sites that the minibatch rates, or of D has met, move, with their velocity; so an update costs what its ratings
/// cost, and decay too falls on a site as often as it is rated.
struct RatingDescent: Checkpointed, Sendable {
  /// Rated sites of one block of work.
  static let blockSize = 32

  private var velocity: RatingRBM
  private var rated: Sites
  private var met: Sites?
  private var hiddenRate: Float

  /// The sites of a minibatch's entries.
  private struct Sites {
    var order: SiteOrder
    /// What a step of each site is multiplied with, `[site]`.
    let rates: [Float]

    /// Moves the rows of every site that has entries; returns Σ velocity².
    func update(
      _ rows: SiteRows, _ entries: ListedEntries, _ means: ListedMeans, _ update: WeightUpdate,
      _ parallel: Parallel
    ) -> Double {
      parallel.mapBlocks(of: order.sites.count, size: RatingDescent.blockSize) { block in
        block.reduce(0) { sum, place in
          var step = update
          step.rate *= rates[order.sites[place]]
          return sum + order.step(place, entries, means: means, rows: rows, update: step)
        }
      }.reduce(0, +)
    }
  }

  /// `cases`: those that minibatches are made of.
  init(_ model: RatingRBM, lists: RatingLists, met: RatingLists?, cases: [Int], settings: RatingSettings) {
    velocity = model.zeros
    let batchShare = Double(min(settings.batchSize, cases.count)) / Double(cases.count)
    func rate(_ ratings: Double) -> Float { Float(power(max(1, ratings), -settings.balance)) }
    func sites(_ lists: RatingLists) -> Sites {
      Sites(
        order: SiteOrder(sites: lists.siteCount, levels: lists.levelCount),
        rates: lists.siteCounts(of: cases).map { rate(Double($0) * batchShare) })
    }
    rated = sites(lists)
    self.met = met.map(sites)
    hiddenRate = rate(Double(cases.count) * batchShare)
  }

  func save(to snapshot: inout Snapshot) { velocity.save(to: &snapshot, prefix: "velocity.") }

  mutating func restore(from snapshot: Snapshot) throws {
    try velocity.restore(from: snapshot, prefix: "velocity.")
  }

  /// One update; returns Σ velocity² of what moved, not finite where a parameter is not.
  mutating func update(
    _ model: inout RatingRBM, chains: RatingChains, rate: Float, momentum: Float, l2: Float,
    parallel: Parallel
  ) -> Double {
    rated.order.sort(chains.data.rows, count: chains.count)
    met?.order.sort(chains.met.rows, count: chains.met.count)
    let update = WeightUpdate(momentum: momentum, rate: rate, l1: 0, l2: l2)
    // B moves the stored rows' gradient and is moved by theirs: both see the machine as it was.
    let means = RatingDescent.means(model, chains)
    var squares = updateRated(&model, chains.entries, means, update, parallel)
    squares += updateMet(&model, chains.metEntries, means, update, parallel)
    squares += updateMixing(&model, chains, update)
    return squares + updateHiddenBias(&model, chains, update)
  }

  /// What the rows of W, or of A, are multiplied with: the means of the hidden units, or these times Bᵀ.
  private static func means(_ model: RatingRBM, _ chains: RatingChains) -> ListedMeans {
    guard let mixing = model.mixing else {
      return ListedMeans(before: chains.dataMeans, after: chains.modelMeans)
    }
    func projected(_ means: MatrixView) -> MatrixView {
      let result = MutableMatrixView(rows: means.rows, columns: mixing.rows)
      result.multiply(means, mixing.view.transposed)
      return result.view
    }
    return ListedMeans(before: projected(chains.dataMeans), after: projected(chains.modelMeans))
  }

  /// W, or A, and b.
  private mutating func updateRated(
    _ model: inout RatingRBM, _ entries: ListedEntries, _ means: ListedMeans, _ update: WeightUpdate,
    _ parallel: Parallel
  ) -> Double {
    model.weights.withMutableView { weights in
      model.visibleBias.withMutableView { bias in
        velocity.weights.withMutableView { velocity in
          self.velocity.visibleBias.withMutableView { biasVelocity in
            rated.update(
              SiteRows(weights: weights, velocity: velocity, bias: bias, biasVelocity: biasVelocity), entries,
              means, update, parallel)
          }
        }
      }
    }
  }

  /// D.
  private mutating func updateMet(
    _ model: inout RatingRBM, _ entries: ListedEntries, _ means: ListedMeans, _ update: WeightUpdate,
    _ parallel: Parallel
  ) -> Double {
    guard let met else { return 0 }
    return model.conditional?.withMutableView { weights in
      velocity.conditional?.withMutableView { velocity in
        met.update(SiteRows(weights: weights, velocity: velocity), entries, means, update, parallel)
      }
    }.flatMap { $0 } ?? 0
  }

  /// ∂/∂B = Sᵀh given the data − S'ᵀh' at the end of the chains, S the sums of stored rows.
  private mutating func updateMixing(
    _ model: inout RatingRBM, _ chains: RatingChains, _ update: WeightUpdate
  ) -> Double {
    guard var mixing = model.mixing, var moved = velocity.mixing else { return 0 }
    var gradient = Matrix(rows: mixing.rows, columns: mixing.columns)
    gradient.withMutableView {
      $0.multiply(chains.dataSums.transposed, chains.dataMeans.asIs)
      $0.multiply(chains.modelSums.transposed, chains.modelMeans.asIs, alpha: -1, beta: 1)
    }
    var step = update
    step.rate *= hiddenRate
    let squares = mixing.withMutableView { weights in
      moved.withMutableView { weights.momentumStep(velocity: $0, gradient: gradient.view, update: step) }
    }
    (model.mixing, velocity.mixing) = (mixing, moved)
    return squares
  }

  private mutating func updateHiddenBias(
    _ model: inout RatingRBM, _ chains: RatingChains, _ update: WeightUpdate
  ) -> Double {
    var gradient = [Float](repeating: 0, count: model.hiddenCount)
    chains.dataMeans.addColumnSums(scale: 1, to: &gradient)
    chains.modelMeans.addColumnSums(scale: -1, to: &gradient)
    var squares = 0.0
    for j in gradient.indices {
      velocity.hiddenBias[j] =
        update.momentum * velocity.hiddenBias[j] + update.rate * hiddenRate * gradient[j]
      model.hiddenBias[j] += velocity.hiddenBias[j]
      squares += Double(velocity.hiddenBias[j] * velocity.hiddenBias[j])
    }
    return squares
  }
}

extension RatingRBM {
  /// A machine of the same shape, all parameters zero.
  fileprivate var zeros: RatingRBM {
    func zeros(_ matrix: Matrix) -> Matrix { Matrix(rows: matrix.rows, columns: matrix.columns) }
    return RatingRBM(
      levelCount: levelCount, hiddenKind: hiddenKind, visibleBias: zeros(visibleBias),
      hiddenBias: [Float](repeating: 0, count: hiddenCount), weights: zeros(weights),
      mixing: mixing.map(zeros), conditional: conditional.map(zeros))
  }
}

extension MutableMatrixView {
  /// The update without corrections of its gradient.
  fileprivate func momentumStep(
    velocity: MutableMatrixView, gradient: MatrixView, update: WeightUpdate
  ) -> Double {
    momentumStep(
      velocity: velocity, gradient: gradient, update: update, left: gradient.columns(0..<0),
      right: gradient.rows(0..<0), fold: nil)
  }
}
