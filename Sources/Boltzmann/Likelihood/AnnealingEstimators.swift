internal import BoltzmannCompute

/// Annealing from the base-rate machine to the model: a stochastic lower bound on log Z.
public enum ForwardAnnealing: PartitionEstimator {
  public static let name = "ais"

  public static func estimate(_ problem: PartitionProblem) throws -> PartitionEstimate {
    try problem.annealed { annealing in annealing.estimate(chains: problem.chains) }
  }
}

/// Annealing forward and in reverse: log Z from below and, where the reverse runs start at samples of the model, from
/// above.
///
/// They start at exact samples where a side can be enumerated, else at states of tempered chains.
public enum AnnealingSandwich: PartitionEstimator {
  public static let name = "sandwich"

  public static func estimate(_ problem: PartitionProblem) throws -> PartitionEstimate {
    let (starts, kind) = try problem.reverseStarts()
    return try problem.annealed { annealing in
      PartitionEstimate(
        forward: annealing.logWeights(chains: problem.chains),
        reverse: annealing.reverseLogWeights(from: starts), logBase: annealing.logBase, start: kind)
    }
  }
}

extension PartitionProblem {
  /// Where reverse runs start, one a row.
  fileprivate func reverseStarts() throws -> (Matrix, ReverseStart) {
    if let exact = try machine.independentSamples(count: chains, seed: seed, parallel: parallel) {
      return (exact, .exact)
    }
    let samples = try tempered()
    return (samples.states, samples.reverseStart)
  }

  /// An estimate by annealing along `schedule`, or with the steps that it takes to reach `error`.
  ///
  /// A first look at `error` measures where along the way the weights spread, and puts the temperatures so that each
  /// step spreads them alike; then the steps are doubled until the standard error is as small as is wanted, and the
  /// bounds of a sandwich are no further apart than six of it. Throws `SettingsError` where a million steps do not
  /// suffice.
  fileprivate func annealed(
    _ estimate: (any Annealing) -> PartitionEstimate
  ) throws -> PartitionEstimate {
    guard let error else { return estimate(annealing(schedule)) }
    let first = AnnealingSchedule.linear(500)
    let deviations = annealing(first).stepDeviations(chains: min(chains, 50))
    var steps = 500
    while steps <= 1_000_000 {
      let result = estimate(annealing(first.equalized(deviations: deviations, steps: steps)))
      if result.reaches(error) { return result }
      steps *= 2
    }
    throw SettingsError(
      message: "a standard error of \(error) takes more than a million annealing steps; more chains may help")
  }

  private func annealing(_ schedule: AnnealingSchedule) -> any Annealing {
    machine.annealing(schedule, seed: seed, parallel: parallel)
  }
}

extension PartitionEstimate {
  /// Whether the standard error is as small as is wanted, and can be believed: enough of the weights count, and the
  /// bounds of a sandwich are no further apart than six of it.
  fileprivate func reaches(_ error: Double) -> Bool {
    standardError <= error && effectiveSampleSize ?? 0 >= 30
      && (kind != .sandwich || upper - lower <= 6 * error)
  }
}
