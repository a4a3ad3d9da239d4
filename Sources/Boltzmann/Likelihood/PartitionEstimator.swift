public import BoltzmannCompute

/// A way to log Z.
public protocol PartitionEstimator: Sendable {
  /// The method's name on the command line and in files.
  static var name: String { get }

  /// Throws where the method cannot be had for this machine, or what is asked for not be reached.
  static func estimate(_ problem: PartitionProblem) throws -> PartitionEstimate
}

/// The ways to log Z by name; a new one adds its line here.
public enum PartitionEstimators {
  public static let all: [any PartitionEstimator.Type] = [
    ExactPartition.self, ForwardAnnealing.self, AnnealingSandwich.self, TemperingPartition.self,
    ThermodynamicIntegration.self,
  ]

  public static func named(_ name: String) -> (any PartitionEstimator.Type)? {
    all.first { $0.name == name }
  }
}

/// A machine whose log Z is wanted, and what may be spent on it.
///
/// Estimators that need tempered chains share them.
public final class PartitionProblem {
  public let model: RBM
  /// The visible bias of the base-rate machine, `[visible]`.
  public let reference: [Float]
  public var schedule = AnnealingSchedule.salakhutdinovMurray
  /// Annealing runs, forward and, of a sandwich, in reverse.
  public var chains = 100
  /// The standard error that is wanted, in nats; nil: what `schedule` gives.
  public var error: Double?
  public var adaptation = ParallelTempering.Adaptation()
  /// The most rounds of tempering that are recorded.
  public var mostRounds = 16_384
  public let seed: UInt64
  public let parallel: Parallel

  private var known: Result<TemperedSamples, any Error>?

  public init(model: RBM, reference: [Float], seed: UInt64, parallel: Parallel = .all) {
    self.model = model
    self.reference = reference
    self.seed = seed
    self.parallel = parallel
  }

  /// Recorded rounds of parallel tempering, and as many states of the model as there are annealing runs.
  ///
  /// Rounds are doubled, from 512 on, until the chains count as mixing (10 round trips, R̂ < 1.01) and log Z has the
  /// wanted standard error, 0.1 nat unless asked for otherwise; the rounds before the last doubling are forgotten.
  /// Throws `SettingsError` where no ladder is good enough.
  public func tempered() throws -> TemperedSamples {
    let result = known ?? Result { try makeTempered() }
    known = result
    return try result.get()
  }

  private func makeTempered() throws -> TemperedSamples {
    var (tempering, state) = try ParallelTempering.adapted(
      to: model, reference: reference, by: adaptation, seed: seed, parallel: parallel)
    var rounds = min(512, mostRounds)
    while true {
      let samples = tempering.sample(&state, rounds: rounds, states: chains)
      let isDone = samples.reverseStart.isVerified && samples.bennett().standardError <= error ?? 0.1
      if isDone || rounds >= mostRounds { return samples }
      rounds = min(2 * rounds, mostRounds)
    }
  }
}

/// The sum over all states of one side, or the closed form of two Gaussian ones.
public enum ExactPartition: PartitionEstimator {
  public static let name = "exact"

  public static func estimate(_ problem: PartitionProblem) throws -> PartitionEstimate {
    PartitionEstimate(exact: try problem.model.exactLogPartition(parallel: problem.parallel))
  }
}

/// Bennett's ratio between the rungs of parallel tempering.
public enum TemperingPartition: PartitionEstimator {
  public static let name = "tempering"

  public static func estimate(_ problem: PartitionProblem) throws -> PartitionEstimate {
    let samples = try problem.tempered()
    var result = samples.bennett()
    result.reverseStart = samples.reverseStart
    return result
  }
}

/// The integral of the mean work along the rungs of parallel tempering.
public enum ThermodynamicIntegration: PartitionEstimator {
  public static let name = "integration"

  public static func estimate(_ problem: PartitionProblem) throws -> PartitionEstimate {
    let samples = try problem.tempered()
    var result = samples.thermodynamicIntegral()
    result.reverseStart = samples.reverseStart
    return result
  }
}
