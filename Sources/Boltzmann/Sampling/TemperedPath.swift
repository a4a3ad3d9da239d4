internal import BoltzmannCompute

/// The way of machines from the base-rate machine A (visible bias a_A, no weights) to a machine.
/// ```
/// E_β(v, h) = −[(1−β)·a_A + β·b]ᵀv − β·cᵀh − β·vᵀWh
/// F_β(v)    = −[(1−β)·a_A + β·b]ᵀv − Σ_j Γ_j(β; vᵀW_{:j})      F₀: independent visibles, F₁ = F
/// ```
/// Of one product v·W all F_β(v) and the draws given v follow; see `RBM.tempered`, which is the same as a machine.
struct TemperedPath: Sendable {
  let model: RBM
  /// a_A, `[visible]`
  let reference: [Float]
  /// b − a_A
  private let direction: [Float]

  init(to model: RBM, reference: [Float]) {
    precondition(reference.count == model.visibleCount, "one reference bias a visible")
    self.model = model
    self.reference = reference
    direction = zip(model.visible.bias, reference).map { $0 - $1 }
  }

  /// log Z₀ = Σ_i Γ_i(a_A) + Σ_j Γ_j(0; ·), in nats.
  var logBase: Double {
    var sums = [0.0]
    let visibles = MutableMatrixView(rows: 1, columns: model.visibleCount).view
    let hiddens = MutableMatrixView(rows: 1, columns: model.hiddenCount).view
    model.visible.with(bias: reference).addLogNormalizers(inputs: visibles, inverseTemperature: 1, to: &sums)
    model.hidden.addLogNormalizers(inputs: hiddens, inverseTemperature: 0, to: &sums)
    return sums[0]
  }

  /// F_to(v) − F_from(v) of every row, in nats; `inputs` is v·W.
  func change(of visibles: MatrixView, _ inputs: MatrixView, from: Double, to: Double) -> [Double] {
    var along = [Double](repeating: 0, count: visibles.rows)
    var gained = along, lost = along
    visibles.addRowDots(with: direction, to: &along)
    model.hidden.addLogNormalizers(inputs: inputs, inverseTemperature: Float(to), to: &gained)
    model.hidden.addLogNormalizers(inputs: inputs, inverseTemperature: Float(from), to: &lost)
    return along.indices.map { lost[$0] - gained[$0] - (to - from) * along[$0] }
  }

  func rung(at inverseTemperature: Double) -> TemperedRung {
    TemperedRung(
      visible: inverseTemperature > 0
        ? model.visible.interpolated(from: reference, inverseTemperature: inverseTemperature)
        : model.visible.with(bias: reference),
      hidden: model.hidden, inverseTemperature: inverseTemperature)
  }
}

/// One place of the way: what is drawn there, given inputs of the whole weights.
struct TemperedRung: Sendable {
  let visible: any Units
  let hidden: any Units
  let inverseTemperature: Double

  private var beta: Float { Float(inverseTemperature) }

  /// states ← a draw from P_β(h | v).
  func sampleHiddens(inputs: MatrixView, random: RandomRows, into states: MutableMatrixView) {
    hidden.sample(inputs: inputs, inverseTemperature: beta, random: random, means: nil, into: states)
  }

  /// states ← a draw from P_β(v | h); at β = 0, where inputs must be zeros, from A.
  func sampleVisibles(inputs: MatrixView, random: RandomRows, into states: MutableMatrixView) {
    visible.sample(
      inputs: inputs, inverseTemperature: inverseTemperature == 0 ? 1 : beta, random: random, means: nil,
      into: states)
  }
}
