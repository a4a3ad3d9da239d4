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
public struct AnnealedImportanceSampling: Annealing {
  public let schedule: AnnealingSchedule
  public let seed: UInt64
  private let path: TemperedPath
  private let parallel: Parallel

  public var model: RBM { path.model }
  /// The visible bias where annealing starts.
  public var reference: [Float] { path.reference }

  /// `reference`: the visible bias where annealing starts.
  public init(
    model: RBM, reference: [Float], schedule: AnnealingSchedule, seed: UInt64, parallel: Parallel = .all
  ) {
    path = TemperedPath(to: model.withTransposedWeights, reference: reference)
    self.schedule = schedule
    self.seed = seed
    self.parallel = parallel
  }

  /// log Z₀ of the base-rate machine, in nats.
  public var logBase: Double { path.logBase }

  /// ω of every forward run, in nats: E e^ω = Z/Z₀.
  public func logWeights(chains: Int) -> [Double] { run(chains: chains, from: nil).logWeights }

  /// ω of every reverse run, in nats: E e^−ω = Z₀/Z where the rows of `starts` are samples of the model.
  /// ```
  /// v ~ P;  for k = K … 1:  ω += F_{k−1}(v) − F_k(v);  v ~ one Gibbs step at β_{k−1}
  /// ```
  /// A step v → h → v is its own reversal, so that the runs are those of annealing backwards in time.
  public func reverseLogWeights(from starts: Matrix) -> [Double] {
    precondition(starts.columns == model.visibleCount, "starts are states of the visibles")
    return run(chains: starts.rows, from: starts.view).logWeights
  }

  /// What each step of forward runs adds to ω: its standard deviation over the runs, `[steps]`.
  public func stepDeviations(chains: Int) -> [Double] { run(chains: chains, from: nil).deviations }

  private func run(chains: Int, from starts: MatrixView?) -> AnnealingRuns {
    let parts = parallel.mapBlocks(of: chains, size: rowsPerBlock) { range in
      starts.map { reverse($0, range) } ?? forward(range)
    }
    return AnnealingRuns(blocks: parts)
  }

  /// A block of chains from β = 0 to 1.
  private func forward(_ range: Range<Int>) -> AnnealingRuns {
    let rows = rowNumbers(range)
    let steps = (1...schedule.steps).map { AnnealingStep(from: $0 - 1, to: $0, next: $0) }
    return anneal(range, steps) {
      let random = RandomRows(RandomStream(seed: seed, purpose: .annealingStart), rows: rows)
      path.rung(at: 0).sampleVisibles(inputs: $0.inputs.view, random: random, into: $0.states(0))
    }
  }

  /// A block of chains from β = 1 to 0.
  private func reverse(_ starts: MatrixView, _ range: Range<Int>) -> AnnealingRuns {
    let steps = (1...schedule.steps).reversed().map { AnnealingStep(from: $0 - 1, to: $0, next: $0 - 1) }
    return anneal(range, steps) { $0.states(0).copy(starts.rows(range)) }
  }

  private func anneal(
    _ range: Range<Int>, _ steps: [AnnealingStep], start: (_ visibles: ChainLayer) -> Void
  ) -> AnnealingRuns {
    let visibles = ChainLayer(rows: range.count, units: model.visibleCount)
    let hiddens = ChainLayer(rows: range.count, units: model.hiddenCount)
    let toHiddens = model.hiddenCoupling(pieces: [0..<model.hiddenCount])
    let toVisibles = model.visibleCoupling(pieces: [0..<model.visibleCount])
    var runs = AnnealingRuns(count: range.count)
    start(visibles)
    for (time, step) in steps.enumerated() {
      hiddens.follow(
        visibles.states(time).view, before: visibles.states(time - 1).view, time: time, toHiddens,
        units: 0..<model.hiddenCount)
      runs.add(gain(step, visibles.states(time).view, hiddens.inputs.view))
      guard time + 1 < steps.count else { break }
      let rung = path.rung(at: schedule.inverseTemperatures[step.next])
      rung.sampleHiddens(
        inputs: hiddens.inputs.view, random: random(.annealingHidden, step, range),
        into: hiddens.states(time))
      visibles.follow(
        hiddens.states(time).view, before: hiddens.states(time - 1).view, time: time, toVisibles,
        units: 0..<model.visibleCount)
      rung.sampleVisibles(
        inputs: visibles.inputs.view, random: random(.annealingVisible, step, range),
        into: visibles.states(time + 1))
    }
    return runs
  }

  /// F_{k−1}(v) − F_k(v) of every row.
  private func gain(_ step: AnnealingStep, _ visibles: MatrixView, _ inputs: MatrixView) -> [Double] {
    let betas = schedule.inverseTemperatures
    return path.change(of: visibles, inputs, from: betas[step.to], to: betas[step.from])
  }

  /// Forward runs take the numbers of the step at β_k; reverse ones numbers of their own.
  private func random(_ purpose: RandomPurpose, _ step: AnnealingStep, _ range: Range<Int>) -> RandomRows {
    let number = step.isForward ? step.to : schedule.steps + 1 + step.to
    return RandomRows(
      RandomStream(seed: seed, purpose: purpose, step: UInt64(number)), rows: rowNumbers(range))
  }
}

/// A step of annealing: ω gains F_from − F_to, then a Gibbs step is made at `next`; numbers of the schedule.
private struct AnnealingStep {
  let from: Int
  let to: Int
  let next: Int

  var isForward: Bool { next == to }
}
