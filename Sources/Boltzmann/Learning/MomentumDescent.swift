internal import BoltzmannCompute
internal import Foundation

/// Gradient ascent with momentum, weight decay, centring, standardisation and a sparsity target.
///
/// The machine keeps its plain parameters (W, b, c). The centred gradient (Montavon & Müller 2012; Melchior,
/// Fischer & Wiskott 2016) is followed in the parameters of E = −(v−μ)ᵀb̃ − (h−λ)ᵀc̃ − (v−μ)ᵀW(h−λ), with
/// b = b̃ − Wλ and c = c̃ − Wᵀμ:
/// ```
/// ∇W = ∂L/∂W − μ(∂L/∂c)ᵀ − (∂L/∂b)λᵀ      ∇b̃ = ∂L/∂b      ∇c̃ = ∂L/∂c
/// ΔW ← momentum·ΔW + rate·(∇W − l2·W − l1·sign W)      likewise Δb̃, Δc̃ without decay
/// W += ΔW      b += Δb̃ − ΔW·λ      c += Δc̃ − ΔWᵀ·μ
/// ```
/// A move of the offsets alone leaves b, c and so the machine as they are. Without centring μ = λ = 0.
///
/// Real visibles learn log γ, within bounds, about the same centre: with ½γ(v−μ)² − b̃(v−μ) the bias follows as
/// b += Δγ·μ, and
/// ```
/// ∂L/∂γ = −½(⟨(v−μ)²⟩_data − ⟨(v−μ)²⟩_model)
/// ```
/// The precision of real hiddens stays as it is: h → h/κ with θ → κθ, γ → κ²γ, W → κW leaves P(v) alone, so
/// that nothing is lost by a fixed one.
struct MomentumDescent: Checkpointed, Sendable {
  private let settings: TrainingSettings
  /// ΔW of the last update; nil where there is no momentum at any time.
  private var velocity: Matrix?
  private var visibleVelocity: [Float]
  private var hiddenVelocity: [Float]
  private var precisionVelocity: [Float]
  private var offsets: Offsets
  private var standardization: Standardization?
  private var sparsity: Sparsity
  private var scratch: WeightStepScratch

  init(model: RBM, data: ColumnStatistics, settings: TrainingSettings) {
    self.settings = settings
    velocity =
      settings.momentum.values.allSatisfy { $0 == 0 }
      ? nil : Matrix(rows: model.visibleCount, columns: model.hiddenCount)
    visibleVelocity = [Float](repeating: 0, count: model.visibleCount)
    hiddenVelocity = [Float](repeating: 0, count: model.hiddenCount)
    precisionVelocity = [Float](repeating: 0, count: model.visible.precision.count)
    offsets = Offsets(model: model, dataMeans: data.means, settings: settings)
    standardization = Standardization(model: model, data: data, settings: settings)
    sparsity = Sparsity(settings: settings)
    scratch = WeightStepScratch(model: model)
  }

  /// The first machine with its biases taken as those of the centred energy: b − Wλ, c − Wᵀμ.
  func centering(_ model: RBM) -> RBM {
    guard settings.isCentered else { return model }
    var model = model
    model.visible.bias = difference(model.visible.bias, model.weights.view.times(offsets.hidden))
    model.hidden.bias = difference(model.hidden.bias, model.weights.view.transposedTimes(offsets.visible))
    return model
  }

  /// One update of the model in place; returns Σ(ΔW)², not finite where the update diverged.
  mutating func update(
    _ model: inout RBM, with gradient: Gradient, rate: Float, momentum: Float, parallel: Parallel
  ) -> Double {
    let dataVisibles = gradient.data.visibleMeans, dataHiddens = gradient.data.hiddenMeans
    let visibleGradient = difference(dataVisibles, gradient.model.visibleMeans)
    var hiddenGradient = difference(dataHiddens, gradient.model.hiddenMeans)
    offsets.follow(visibles: dataVisibles, hiddens: dataHiddens)
    standardization?.follow(gradient.data)
    let scaling = GradientScaling(standardization, model: model, settings: settings)
    let penalty = sparsity.penalty(hiddenMeans: dataHiddens)
    let step = scratch.step(
      corrections: corrections(visibleGradient, hiddenGradient, dataVisibles, penalty),
      isCentered: settings.isCentered, scaling: scaling, parallel: parallel)
    if let penalty { hiddenGradient = difference(hiddenGradient, penalty) }
    let update = WeightUpdate(
      momentum: momentum, rate: rate, l1: Float(settings.l1), l2: Float(settings.l2))
    withVelocity { velocity in
      model.updateWeights { weights, copies in
        step.run(
          weights, copies: copies, velocity: velocity, gradient: gradient, update: update,
          parallel: parallel)
      }
    }
    advance(
      &model.visible.bias, &visibleVelocity, scaling?.visible(visibleGradient) ?? visibleGradient, update,
      minus: step.visibleFold)
    advance(
      &model.hidden.bias, &hiddenVelocity, scaling?.hidden(hiddenGradient) ?? hiddenGradient, update,
      minus: step.hiddenFold)
    advancePrecision(of: &model.visible, gradient, visibleGradient, update)
    let steps = visibleVelocity + hiddenVelocity + precisionVelocity
    let biasStep = steps.reduce(0) { $0 + Double($1) * Double($1) }
    return biasStep.isFinite ? step.squaredStep : biasStep
  }

  /// Forgets which way the last updates went.
  mutating func rest() {
    withVelocity { $0?.fill(0) }
    for index in visibleVelocity.indices { visibleVelocity[index] = 0 }
    for index in hiddenVelocity.indices { hiddenVelocity[index] = 0 }
    for index in precisionVelocity.indices { precisionVelocity[index] = 0 }
  }

  private mutating func withVelocity(_ body: (MutableMatrixView?) -> Void) {
    guard var moved = velocity else { return body(nil) }
    // Not shared while it is written, or it would be copied.
    velocity = nil
    moved.withMutableView { body($0) }
    velocity = moved
  }

  /// What centring and sparsity take off ∂L/∂W: μ(∂L/∂c)ᵀ + (∂L/∂b)λᵀ and (⟨v⟩ − μ)·penaltyᵀ.
  private func corrections(
    _ visibleGradient: [Float], _ hiddenGradient: [Float], _ dataVisibles: [Float], _ penalty: [Float]?
  ) -> [(left: [Float], right: [Float])] {
    var result: [(left: [Float], right: [Float])] = []
    if settings.isCentered {
      result = [(offsets.visible, hiddenGradient), (visibleGradient, offsets.hidden)]
    }
    if let penalty { result.append((difference(dataVisibles, offsets.visible), penalty)) }
    return result
  }

  private func advance(
    _ bias: inout [Float], _ velocity: inout [Float], _ gradient: [Float], _ step: WeightUpdate,
    minus fold: [Float]
  ) {
    for index in bias.indices {
      velocity[index] = step.momentum * velocity[index] + step.rate * gradient[index]
      bias[index] += velocity[index] - fold[index]
    }
  }

  /// log γ of real visibles moves, within bounds; what stands still at a bound loses its velocity.
  ///
  /// The step is cut, never the gradient: where few samples differ from the rest, few minibatches hold large
  /// gradients, and cut ones would not average to zero at the maximum.
  private mutating func advancePrecision(
    of layer: inout any Units, _ gradient: Gradient, _ biasGradient: [Float], _ step: WeightUpdate
  ) {
    guard settings.learnsPrecision, let bounds = standardization?.precisions, !layer.realColumns.isEmpty
    else { return }
    var (precision, bias) = (layer.precision, layer.bias)
    let plain = gradient.visiblePrecision
    for index in layer.realColumns.joined() {
      let slope = precision[index] * (plain[index] + offsets.visible[index] * biasGradient[index])
      let velocity = clipped(step.momentum * precisionVelocity[index] + step.rate * slope, 0.5)
      let moved = precision[index] * exp(velocity)
      let bounded = min(max(moved, bounds[index].lowerBound), bounds[index].upperBound)
      precisionVelocity[index] = bounded == moved || moved.isNaN ? velocity : 0
      bias[index] += (bounded - precision[index]) * offsets.visible[index]
      precision[index] = bounded
    }
    layer.precision = precision
    layer.bias = bias
  }

  func save(to snapshot: inout Snapshot) {
    snapshot.matrices["velocity.weights"] = velocity
    snapshot.vectors["velocity.visible_bias"] = visibleVelocity
    snapshot.vectors["velocity.hidden_bias"] = hiddenVelocity
    if !precisionVelocity.isEmpty { snapshot.vectors["velocity.visible_precision"] = precisionVelocity }
    offsets.save(to: &snapshot)
    standardization?.save(to: &snapshot)
    sparsity.save(to: &snapshot)
  }

  mutating func restore(from snapshot: Snapshot) throws {
    velocity = try velocity.map { try snapshot.matrix("velocity.weights", like: $0) }
    visibleVelocity = try snapshot.vector("velocity.visible_bias", count: visibleVelocity.count)
    hiddenVelocity = try snapshot.vector("velocity.hidden_bias", count: hiddenVelocity.count)
    if !precisionVelocity.isEmpty {
      precisionVelocity = try snapshot.vector("velocity.visible_precision", count: precisionVelocity.count)
    }
    try offsets.restore(from: snapshot)
    try standardization?.restore(from: snapshot)
    try sparsity.restore(from: snapshot)
  }
}
