public import BoltzmannCompute

/// How a ladder is built from checkpoints.
public struct TrajectoryBuilding: Sendable {
  /// The least acceptance between neighbours: 0.25 … 0.3 make as few rungs as will do.
  public var acceptance = 0.3
  /// Chains of each rung.
  public var chains = 200
  /// Rounds of tempering after each new rung, from which its samples come.
  public var rounds = 100
  /// Gibbs steps a round.
  public var steps = 1
  /// The most rungs.
  public var limit = 200
  public var seed: UInt64 = 0
  public var parallel = Parallel.all

  public init() {}
}

extension TrajectoryLadder {
  /// The ladder that leads from the base-rate machine through checkpoints, in their order, to the last of them; and
  /// chains at all its rungs, as the building left them.
  ///
  /// The next rung is the farthest checkpoint that the last rung's states would change places with often enough; where
  /// not even the next one is, a machine between the two, at the farthest of halvings of the way. So there is a
  /// ladder whatever the checkpoints: of the last machine alone, too. `reference` is the base-rate machine's
  /// visible bias; nil: that of the last checkpoint, else zeros.
  ///
  /// Throws `SettingsError` where there is no checkpoint, they differ in their units, or `limit` rungs do not do.
  public static func built(
    from checkpoints: [RBM], reference: [Float]? = nil, _ settings: TrajectoryBuilding = TrajectoryBuilding()
  ) throws -> (ladder: TrajectoryLadder, state: TrajectoryTempering.State) {
    guard let model = checkpoints.last else { throw SettingsError(message: "no checkpoint makes no ladder") }
    guard (0..<1).contains(settings.acceptance), settings.acceptance > 0 else {
      throw SettingsError(message: "the acceptance of neighbours must lie between 0 and 1")
    }
    let reference =
      reference ?? model.referenceVisibleBias ?? [Float](repeating: 0, count: model.visibleCount)
    let base = TrajectoryLadder(baseOf: model, reference: reference)
    // All have the same units, or there is an error.
    _ = try TrajectoryLadder(base.rungs + checkpoints)
    var climb = TrajectoryClimb(from: base, settings)
    var rest = checkpoints[...]
    while !rest.isEmpty {
      guard climb.ladder.count < settings.limit else {
        throw SettingsError(
          message: "\(settings.limit) rungs do not reach the model with neighbours accepting "
            + "\(settings.acceptance) of their swaps")
      }
      climb.step(to: &rest)
    }
    return (climb.ladder, climb.state)
  }
}

/// A ladder that grows, with its chains.
private struct TrajectoryClimb {
  private let settings: TrajectoryBuilding
  private(set) var ladder: TrajectoryLadder
  private(set) var state: TrajectoryTempering.State

  init(from base: TrajectoryLadder, _ settings: TrajectoryBuilding) {
    self.settings = settings
    ladder = base
    state = TrajectoryTempering(ladder: base, seed: settings.seed, parallel: settings.parallel)
      .initialState(chains: settings.chains)
  }

  private var tempering: TrajectoryTempering {
    TrajectoryTempering(ladder: ladder, seed: settings.seed, parallel: settings.parallel)
  }

  /// Appends the next rung, and drops what it has passed of the checkpoints.
  mutating func step(to checkpoints: inout ArraySlice<RBM>) {
    let last = ladder.last, samples = tempering.visibles(of: state)
    let own = last.freeEnergies(of: samples.view)
    func isNear(_ machine: RBM) -> Bool {
      let works = zip(machine.freeEnergies(of: samples.view), own).map { $0 - $1 }
      return SwapAcceptance.foretold(works: works) >= settings.acceptance
    }
    let near = checkpoints.prefix(while: isNear)
    if let farthest = near.last {
      checkpoints = checkpoints.dropFirst(near.count)
      append(farthest)
    } else if let next = checkpoints.first {
      append(last.interpolated(to: next, share: share(from: last, to: next, isNear)))
    }
  }

  /// The farthest of some places between two machines that is near enough to the first.
  private func share(from last: RBM, to next: RBM, _ isNear: (RBM) -> Bool) -> Double {
    var (near, far) = (0.0, 1.0)
    for _ in 0..<50 where near == 0 || far - near > near / 4 {
      let middle = (near + far) / 2
      if isNear(last.interpolated(to: next, share: middle)) { near = middle } else { far = middle }
    }
    return near
  }

  /// A new rung begins with the states of the last one; then all rungs go on.
  private mutating func append(_ rung: RBM) {
    let samples = tempering.visibles(of: state).values, round = state.round
    ladder.append(rung)
    let visibles = Matrix(
      rows: ladder.count * settings.chains, columns: rung.visibleCount,
      values: state.visibles.values + samples)
    state = TrajectoryTempering.State(visibles: visibles, rungs: ladder.count)
    state.round = round
    tempering.run(&state, rounds: settings.rounds, steps: settings.steps)
  }
}
