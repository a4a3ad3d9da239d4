internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// Samples by trajectory tempering: chains at all rungs of a ladder of kept machines.
struct TrajectorySampling {
  private let tempering: TrajectoryTempering
  private let common: CommonOptions

  /// The ladder through the machines that a run kept, up to `model`.
  init(to model: RBM, kept folder: String, common: CommonOptions) throws {
    var building = TrajectoryBuilding()
    building.seed = common.seed
    building.parallel = common.parallel
    let kept = try RunFolder.keptModels(of: folder)
    guard !kept.isEmpty else {
      throw DataError(
        path: folder, message: "has kept no machines (train --keep-every)", category: .missingInput)
    }
    let checkpoints = try kept.map { try StoredModel.read($0.path).machine } + [model]
    let ladder = try TrajectoryLadder.built(from: checkpoints, building).ladder
    tempering = TrajectoryTempering(ladder: ladder, seed: common.seed, parallel: common.parallel)
    self.common = common
  }

  /// `count` states of the model, from columns of the ladder of their own, after so many rounds.
  func samples(count: Int, rounds: Int) throws -> Matrix {
    try MemoryLimit.requireChains(count * tempering.ladder.count, of: tempering.ladder.last)
    var state = tempering.initialState(chains: count)
    let info = tempering.run(&state, rounds: rounds)
    let acceptances = info.acceptances.map { formatted($0, 2) }.joined(separator: ", ")
    common.note(
      "\(tempering.ladder.count) rungs, acceptance of neighbours \(acceptances); "
        + "\(info.roundTrips) round trips of \(count) chains")
    if info.roundTrips < count {
      common.note("note: fewer than one round trip a chain; more --steps help")
    }
    return tempering.visibles(of: state)
  }
}
