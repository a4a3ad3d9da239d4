public import BoltzmannCompute

/// The model's moments from the TAP equations, without any sampling (Gabrié, Tramel & Krzakala 2015).
/// ```
/// ∂L/∂W_ij ≈ ⟨v_i E[h_j | v]⟩ − mean over rows of [m_i q_j + w_ij c(m_i)c(q_j) + 2w_ij² d(m_i)d(q_j)]
/// ∂L/∂b ≈ ⟨v⟩ − m̄      ∂L/∂c ≈ ⟨E[h | v]⟩ − q̄      c(x) = x − x²      d(x) = c(x)(½ − x)
/// ```
/// Every row (m, q) is a fixed point of `TAPEquations` or on its way there: rows persist from update to update and
/// make a few iterations in each. As the equations may have many solutions, there are as many rows as chains, which
/// begin at draws from the base-rate machine, and all count alike. The gradient is that of −⟨F⟩ + Γ at fixed points
/// only.
public struct TAPGradient: GradientEstimator {
  public static let name = "tap"

  private let order: Int
  private let iterations: Int
  private var dataScratch: PhaseScratch
  private var visibleMeans: Matrix
  private var hiddenMeans: Matrix
  /// Two matrices a layer, `[rows, units]`.
  private var visibleScratch: [ScratchMatrix]
  private var hiddenScratch: [ScratchMatrix]
  /// W² and W³ as far as they are needed, and the product of two layers' cumulants.
  private var powers: [ScratchMatrix]
  private var product: ScratchMatrix
  private var correlations: Matrix

  public init(_ context: EstimatorContext) {
    let (model, settings) = (context.model, context.settings)
    order = settings.tapOrder
    iterations = settings.tapIterations
    dataScratch = PhaseScratch(capacity: settings.batchSize, model: model)
    visibleMeans = BlockGibbs(model: model, seed: settings.seed).initialState(chains: context.chains).visibles
    hiddenMeans = Matrix(rows: context.chains, columns: model.hiddenCount)
    func scratch(_ rows: Int, _ columns: Int, count: Int) -> [ScratchMatrix] {
      (0..<count).map { _ in ScratchMatrix(rows: rows, columns: columns) }
    }
    visibleScratch = scratch(context.chains, model.visibleCount, count: 2)
    hiddenScratch = scratch(context.chains, model.hiddenCount, count: 2)
    powers = scratch(model.visibleCount, model.hiddenCount, count: order - 1)
    product = ScratchMatrix(rows: model.visibleCount, columns: model.hiddenCount)
    correlations = Matrix(rows: model.visibleCount, columns: model.hiddenCount)
    let start = visibleMeans.view
    hiddenMeans.withMutableView { model.hiddenMeans(given: start, into: $0) }
  }

  public static func validate(_ context: EstimatorContext) throws {
    for units in [context.model.visible, context.model.hidden] where !(units is BernoulliUnits) {
      throw SettingsError(message: "tap is for bernoulli units on both sides, not \(units.kind)")
    }
  }

  public mutating func gradient(
    of model: RBM, minibatch: Minibatch, steps: Int, parallel: Parallel
  ) -> Gradient {
    let weights = minibatch.rowWeights, data = dataScratch.rows(minibatch.count, weights: weights)
    data.infer(minibatch, of: model, parallel: parallel)
    if let weights { data.weigh(by: weights) }
    return Gradient(data: data.moments, model: moments(of: equations(of: model, parallel), parallel))
  }

  /// The equations of the machine as it is now: its weights' powers are formed anew.
  private mutating func equations(of model: RBM, _ parallel: Parallel) -> TAPEquations {
    var views = [model.weights.view]
    for index in powers.indices {
      let (power, last) = (powers[index].mutableView(), views[index])
      parallel.forEachBlock(of: power.rows, size: weightRowsPerBlock) { range in
        power.rows(range).multiplyEntries(last.rows(range), model.weights.view.rows(range))
      }
      views.append(power.view)
    }
    return TAPEquations(visibleBias: model.visible.bias, hiddenBias: model.hidden.bias, powers: views)
  }

  /// The moments after some more iterations.
  private mutating func moments(of equations: TAPEquations, _ parallel: Parallel) -> Moments {
    let scratch = (visible: visibleScratch.mutableViews(), hidden: hiddenScratch.mutableViews())
    let (iterations, product) = (iterations, product.mutableView())
    withMutableViews(&visibleMeans, &hiddenMeans, &correlations) { visibleMeans, hiddenMeans, correlations in
      let visibles = TAPEquations.Layer(
        means: visibleMeans, sums: scratch.visible[0], work: scratch.visible[1])
      let hiddens = TAPEquations.Layer(means: hiddenMeans, sums: scratch.hidden[0], work: scratch.hidden[1])
      parallel.forEachBlock(of: visibleMeans.rows, size: rowsPerBlock) { range in
        equations.iterate(visibles[range], hiddens[range], iterations: iterations)
        equations.prepareCorrelations(visibles[range])
        equations.prepareCorrelations(hiddens[range])
      }
      parallel.forEachBlock(of: correlations.rows, size: weightRowsPerBlock) { range in
        equations.correlations(
          visibles, hiddens, range, into: correlations.rows(range), product: product.rows(range))
      }
    }
    let rows = Moments.rows(visibles: visibleMeans.view, hiddens: hiddenMeans.view)
    return .exact(weights: correlations, visibles: rows.visibleMeans, hiddens: rows.hiddenMeans)
  }

  public func save(to snapshot: inout Snapshot) {
    snapshot.matrices["estimator.visible_means"] = visibleMeans
    snapshot.matrices["estimator.hidden_means"] = hiddenMeans
  }

  public mutating func restore(from snapshot: Snapshot) throws {
    visibleMeans = try snapshot.matrix("estimator.visible_means", like: visibleMeans)
    hiddenMeans = try snapshot.matrix("estimator.hidden_means", like: hiddenMeans)
  }
}

extension [ScratchMatrix] {
  fileprivate mutating func mutableViews() -> [MutableMatrixView] { indices.map { self[$0].mutableView() } }
}

private func withMutableViews(
  _ a: inout Matrix, _ b: inout Matrix, _ c: inout Matrix,
  _ body: (MutableMatrixView, MutableMatrixView, MutableMatrixView) -> Void
) {
  a.withMutableView { a in b.withMutableView { b in c.withMutableView { body(a, b, $0) } } }
}
