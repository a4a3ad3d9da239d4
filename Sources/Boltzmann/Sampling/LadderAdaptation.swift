public import BoltzmannCompute

/// How a ladder is fitted to a machine.
public struct LadderAdaptation: Sendable, Hashable {
  /// The acceptance that every pair of neighbours shall have.
  public var acceptance = 0.5
  /// The most rungs.
  public var mostRungs = 200
  /// Chains a rung.
  public var chains = 10
  /// Rounds of the first look; each further one has twice as many, up to `mostRounds`.
  public var firstRounds = 16
  public var mostRounds = 512

  public init() {}
}

extension ParallelTempering {
  /// The tempering of a model with a ladder that is fitted to it, and its chains; see `LadderAdaptation.fitted`.
  ///
  /// Throws `SettingsError` where more than `mostRungs` rungs would be needed.
  public static func adapted(
    to model: RBM, reference: [Float]? = nil, by adaptation: LadderAdaptation = LadderAdaptation(),
    seed: UInt64, parallel: Parallel = .all
  ) throws -> (tempering: ParallelTempering, state: State) {
    try adaptation.fitted { ladder in
      ParallelTempering(model: model, ladder: ladder, reference: reference, seed: seed, parallel: parallel)
    }
  }
}

extension LadderAdaptation {
  /// A sampler with a ladder that is fitted to its machine, and its chains.
  ///
  /// In looks of 16, 32, … rounds the rejections r_k of all pairs are measured, and the rungs put where each pair
  /// has an equal share of Λ = Σ r_k; there are Λ/(1 − acceptance) of them, one more after each long look at which
  /// some pair still falls short. Where a pair rejects more than three
  /// quarters, Λ cannot be seen yet: it is halved in temperature first (Syed et al. 2022).
  /// All rounds made here are to be forgotten: they are no samples.
  ///
  /// Throws `SettingsError` where more than `mostRungs` rungs would be needed.
  func fitted<Sampler: TemperedSampler>(
    _ sampler: (TemperingLadder) -> Sampler
  ) throws -> (tempering: Sampler, state: TemperingState) {
    var current = sampler(.linear(5)), rounds = firstRounds
    var state = current.initialState(chains: chains), more = 0
    while true {
      let rejections = current.rejections(&state, rounds: rounds)
      let isSeen = rejections.allSatisfy { $0 <= 0.75 }
      let isFit = rejections.allSatisfy { $0 <= 1 - 0.8 * acceptance }
      if isSeen && isFit && rounds >= mostRounds { return (current, state) }
      if isSeen && rounds >= mostRounds { more += 1 }
      let ladder = try current.ladder.refitted(rejections, isSeen: isSeen, more: more, self)
      let next = sampler(ladder)
      state = next.state(from: state, of: current.ladder)
      current = next
      if isSeen { rounds = min(2 * rounds, mostRounds) }
    }
  }
}

extension TemperedSampler {
  /// 1 − the mean acceptance of all pairs.
  fileprivate func rejections(_ state: inout TemperingState, rounds: Int) -> [Double] {
    run(&state, rounds: rounds, steps: 1) { _ in }.acceptances.map { $0.isNaN ? 1 : 1 - $0 }
  }

  /// The chains of another ladder, moved to the rungs of this one: each starts where a chain stood whose β was nearest.
  fileprivate func state(from other: TemperingState, of ladder: TemperingLadder) -> TemperingState {
    let chains = other.travels.chains
    var result = initialState(chains: chains)
    result.visibles.withMutableView { view in
      for (rung, beta) in self.ladder.inverseTemperatures.enumerated() {
        let nearest =
          ladder.inverseTemperatures.indices.min {
            abs(ladder.inverseTemperatures[$0] - beta) < abs(ladder.inverseTemperatures[$1] - beta)
          } ?? 0
        view.rows((rung * chains)..<((rung + 1) * chains)).copy(
          other.visibles.view.rows((nearest * chains)..<((nearest + 1) * chains)))
      }
    }
    result.round = other.round
    return result
  }
}

extension TemperingLadder {
  /// The next ladder to look at.
  fileprivate func refitted(
    _ rejections: [Double], isSeen: Bool, more: Int, _ adaptation: LadderAdaptation
  ) throws -> TemperingLadder {
    let barrier = rejections.reduce(0, +)
    let wanted = max(Int((barrier / (1 - adaptation.acceptance)).rounded(.up)) + 1 + more, 3)
    let ladder = isSeen ? equalized(rejections: rejections, count: wanted) : halved { rejections[$0] > 0.75 }
    guard ladder.count <= adaptation.mostRungs else {
      throw SettingsError(
        message: "the ladder cannot reach an acceptance of \(adaptation.acceptance) with "
          + "\(adaptation.mostRungs) temperatures; \(ladder.count) are too few still")
    }
    return ladder
  }

  /// With a rung more between those neighbours.
  private func halved(_ isHalved: (_ pair: Int) -> Bool) -> TemperingLadder {
    TemperingLadder(
      inverseTemperatures.indices.flatMap { rung -> [Double] in
        let beta = inverseTemperatures[rung]
        guard rung + 1 < count, isHalved(rung) else { return [beta] }
        return [beta, (beta + inverseTemperatures[rung + 1]) / 2]
      })
  }
}
