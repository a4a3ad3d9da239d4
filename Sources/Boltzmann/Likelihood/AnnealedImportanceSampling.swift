public import BoltzmannCompute

/// Annealed importance sampling of Z (Neal 2001; Salakhutdinov & Murray 2008).
///
/// The path leads from the base-rate machine A (no weights, visible bias a_A) to the model:
/// ```
/// F_β(v) = −[(1−β)·a_A + β·b]ᵀv − Σ_j Γ_j(β; vᵀW_{:j})      F₀: independent visibles, F₁ = F
/// v ~ p_{β₀};  for k = 1 … K:  ω += F_{k−1}(v) − F_k(v);  v ~ one Gibbs step at β_k
/// E e^ω = Z/Z₀      log Z₀ = Σ_i Γ_i(a_A) + Σ_j Γ_j(0; ·)
/// ```
/// With one product v·W both free energies of a step are known, and the Gibbs step uses it too.
public struct AnnealedImportanceSampling: Sendable {
  public let model: RBM
  public let reference: [Float]
  public let schedule: AnnealingSchedule
  public let seed: UInt64
  private let parallel: Parallel

  /// `reference`: the visible bias where annealing starts.
  public init(
    model: RBM, reference: [Float], schedule: AnnealingSchedule, seed: UInt64, parallel: Parallel = .all
  ) {
    precondition(reference.count == model.visibleCount, "one reference bias a visible")
    self.model = model.withTransposedWeights
    self.reference = reference
    self.schedule = schedule
    self.seed = seed
    self.parallel = parallel
  }

  /// log Z from `chains` annealing runs.
  public func estimate(chains: Int) -> PartitionEstimate {
    PartitionEstimate(annealing: logWeights(chains: chains), logBase: logBase)
  }

  /// ω of every run, in nats.
  public func logWeights(chains: Int) -> [Double] {
    parallel.mapBlocks(of: chains, size: rowsPerBlock) { anneal($0) }.flatMap { $0 }
  }

  /// log Z₀ of the base-rate machine, in nats.
  public var logBase: Double {
    var sums = [0.0]
    let visibles = MutableMatrixView(rows: 1, columns: model.visibleCount).view
    let hiddens = MutableMatrixView(rows: 1, columns: model.hiddenCount).view
    start.addLogNormalizers(inputs: visibles, inverseTemperature: 1, to: &sums)
    model.hidden.addLogNormalizers(inputs: hiddens, inverseTemperature: 0, to: &sums)
    return sums[0]
  }

  private var start: any Units { model.visible.with(bias: reference) }

  /// A block of chains from β = 0 to 1.
  private func anneal(_ range: Range<Int>) -> [Double] {
    let visibles = ChainLayer(rows: range.count, units: model.visibleCount)
    let hiddens = ChainLayer(rows: range.count, units: model.hiddenCount)
    let rows = rowNumbers(range)
    let path = difference(model.visible.bias, reference)
    let toHiddens = model.hiddenCoupling(pieces: [0..<model.hiddenCount])
    let toVisibles = model.visibleCoupling(pieces: [0..<model.visibleCount])
    start.sample(
      inputs: visibles.inputs.view, inverseTemperature: 1, random: random(.annealingStart, 0, rows),
      means: nil, into: visibles.states(0))
    var logWeights = [Double](repeating: 0, count: range.count)
    for step in 1...schedule.steps {
      let beta = schedule.inverseTemperatures[step], time = step - 1
      hiddens.follow(
        visibles.states(time).view, before: visibles.states(time - 1).view, time: time, toHiddens,
        units: 0..<model.hiddenCount)
      addLogRatio(visibles.states(time).view, hiddens.inputs.view, path, step: step, to: &logWeights)
      guard step < schedule.steps else { break }
      model.hidden.sample(
        inputs: hiddens.inputs.view, inverseTemperature: Float(beta),
        random: random(.annealingHidden, step, rows), means: nil, into: hiddens.states(time))
      visibles.follow(
        hiddens.states(time).view, before: hiddens.states(time - 1).view, time: time, toVisibles,
        units: 0..<model.visibleCount)
      model.visible.interpolated(from: reference, inverseTemperature: beta).sample(
        inputs: visibles.inputs.view, inverseTemperature: Float(beta),
        random: random(.annealingVisible, step, rows), means: nil, into: visibles.states(step))
    }
    return logWeights
  }

  private func random(_ purpose: RandomPurpose, _ step: Int, _ rows: ArraySlice<UInt64>) -> RandomRows {
    RandomRows(RandomStream(seed: seed, purpose: purpose, step: UInt64(step)), rows: rows)
  }

  /// ω += F_{k−1}(v) − F_k(v) = (β_k − β_{k−1})(b − a_A)ᵀv + Σ_j Γ_j(β_k) − Σ_j Γ_j(β_{k−1}).
  private func addLogRatio(
    _ visibles: MatrixView, _ inputs: MatrixView, _ path: [Float], step: Int, to logWeights: inout [Double]
  ) {
    let before = schedule.inverseTemperatures[step - 1], after = schedule.inverseTemperatures[step]
    var along = [Double](repeating: 0, count: visibles.rows)
    var gained = along
    var lost = along
    visibles.addRowDots(with: path, to: &along)
    model.hidden.addLogNormalizers(inputs: inputs, inverseTemperature: Float(after), to: &gained)
    model.hidden.addLogNormalizers(inputs: inputs, inverseTemperature: Float(before), to: &lost)
    for row in logWeights.indices {
      logWeights[row] += (after - before) * along[row] + gained[row] - lost[row]
    }
  }
}
