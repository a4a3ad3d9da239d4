internal import BoltzmannCompute

extension TrajectoryRung {
  /// Rounds of tempering from one block of samples to the next.
  private static let spacing = 10

  /// The machine that a training begins with, reached from independent units with its own visible biases.
  ///
  /// Its weights are small, so that the ladder is short. Throws `SettingsError` where there is none.
  init(first context: EstimatorContext) throws {
    var building = TrajectoryBuilding()
    building.chains = context.chains
    building.seed = context.settings.seed
    building.parallel = context.parallel
    let machine = context.model, count = ParallelTrajectoryTempering.samplesPerChain
    let built = try TrajectoryLadder.built(
      from: [machine], reference: machine.visible.bias, building)
    let ladder = built.ladder
    var state = built.state
    let tempering = TrajectoryTempering(ladder: ladder, seed: building.seed, parallel: context.parallel)
    var partition = LadderPartition(logBase: ladder.logBase, rungs: ladder.count, chains: context.chains)
    var samples: [Float] = []
    for _ in 0..<count {
      tempering.run(&state, rounds: Self.spacing) { partition.add($0) }
      samples += tempering.visibles(of: state).values
    }
    let estimate = partition.estimate()
    self.init(
      machine: machine,
      samples: Matrix(rows: count * context.chains, columns: machine.visibleCount, values: samples),
      logPartition: estimate.estimate, standardError: estimate.standardError, parallel: context.parallel)
  }
}
