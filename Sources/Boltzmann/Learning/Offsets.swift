internal import BoltzmannCompute

/// The offsets μ and λ of the centred gradient: moving averages of the data's visible and hidden means.
struct Offsets: Checkpointed, Sendable {
  private(set) var visible: [Float]
  private(set) var hidden: [Float]
  private let rate: Float

  /// μ = data means, λ = the means of hiddens without inputs and biases at first, ½ for binary ones (Melchior,
  /// Fischer & Wiskott 2016); zero for good without centring.
  init(model: RBM, dataMeans: [Float], settings: TrainingSettings) {
    let isCentered = settings.isCentered
    visible = isCentered ? dataMeans : [Float](repeating: 0, count: model.visibleCount)
    hidden = [Float](repeating: 0, count: model.hiddenCount)
    if isCentered { hidden = meansAtRest(model.hidden.with(bias: hidden)) }
    rate = isCentered ? Float(settings.offsetRate) : 0
  }

  /// μ += ν(⟨v⟩ − μ), λ += ν(⟨h⟩ − λ).
  mutating func follow(visibles: [Float], hiddens: [Float]) {
    guard rate > 0 else { return }
    for index in visible.indices { visible[index] += rate * (visibles[index] - visible[index]) }
    for index in hidden.indices { hidden[index] += rate * (hiddens[index] - hidden[index]) }
  }

  func save(to snapshot: inout Snapshot) {
    snapshot.vectors["offset.visible"] = visible
    snapshot.vectors["offset.hidden"] = hidden
  }

  mutating func restore(from snapshot: Snapshot) throws {
    visible = try snapshot.vector("offset.visible", count: visible.count)
    hidden = try snapshot.vector("offset.hidden", count: hidden.count)
  }
}

/// E[h] of units without inputs.
private func meansAtRest(_ units: any Units) -> [Float] {
  let rest = MutableMatrixView(rows: 1, columns: units.count)
  units.means(inputs: rest.view, inverseTemperature: 1, into: rest)
  return rest.view.values
}

/// Keeps the hidden units' mean activity q near a target p (Hinton 2010, section 11).
/// ```
/// q ← decay·q + (1 − decay)·⟨E[h | v]⟩      penalty = cost·(q − p)
/// ```
/// q starts at the first minibatch's means.
///
/// The penalty is the cross entropy's gradient with respect to the inputs; it is taken off the gradient of
/// the hidden biases and, times the visibles' mean, of the weights.
struct Sparsity: Checkpointed, Sendable {
  private let settings: TrainingSettings
  private var activity: [Float]?

  init(settings: TrainingSettings) { self.settings = settings }

  /// cost·(q − p) after q took in these means; nil where there is no target.
  mutating func penalty(hiddenMeans: [Float]) -> [Float]? {
    guard let target = settings.sparsityTarget else { return nil }
    let decay = Float(settings.sparsityDecay)
    let followed = zip(activity ?? hiddenMeans, hiddenMeans).map { decay * $0 + (1 - decay) * $1 }
    activity = followed
    return followed.map { Float(settings.sparsityCost) * ($0 - Float(target)) }
  }

  func save(to snapshot: inout Snapshot) { snapshot.vectors["sparsity.activity"] = activity }

  mutating func restore(from snapshot: Snapshot) throws {
    let units = try snapshot.vector("hidden_bias").count
    activity = try snapshot.vectors["sparsity.activity"].map { _ in
      try snapshot.vector("sparsity.activity", count: units)
    }
  }
}
