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

/// A machine whose log Z is wanted, with its way from independent units.
public protocol PartitionedMachine: Sendable {
  /// The sum over all states. Throws where there are too many, or no log Z.
  func exactLogPartition(parallel: Parallel) throws -> Double

  /// Independent samples without a chain, one a row; nil where they cannot be had cheaply.
  func independentSamples(count: Int, seed: UInt64, parallel: Parallel) throws -> Matrix?

  func annealing(_ schedule: AnnealingSchedule, seed: UInt64, parallel: Parallel) -> any Annealing

  /// Throws `SettingsError` where no ladder is good enough.
  func tempering(
    by adaptation: LadderAdaptation, seed: UInt64, parallel: Parallel
  ) throws -> (tempering: any TemperedSampler, state: TemperingState)
}

/// A machine whose log Z is wanted, and what may be spent on it.
///
/// Estimators that need tempered chains share them.
public final class PartitionProblem {
  public let machine: any PartitionedMachine
  public var schedule = AnnealingSchedule.salakhutdinovMurray
  /// Annealing runs, forward and, of a sandwich, in reverse.
  public var chains = 100
  /// The standard error that is wanted, in nats; nil: what `schedule` gives.
  public var error: Double?
  public var adaptation = LadderAdaptation()
  /// The most rounds of tempering that are recorded.
  public var mostRounds = 16_384
  public let seed: UInt64
  public let parallel: Parallel

  private var known: Result<TemperedSamples, any Error>?

  public init(_ machine: any PartitionedMachine, seed: UInt64, parallel: Parallel = .all) {
    self.machine = machine
    self.seed = seed
    self.parallel = parallel
  }

  /// `reference`: the visible bias of the base-rate machine, `[visible]`.
  public convenience init(model: RBM, reference: [Float], seed: UInt64, parallel: Parallel = .all) {
    self.init(ReferencedRBM(model: model, reference: reference), seed: seed, parallel: parallel)
  }

  /// Recorded rounds of parallel tempering, and as many states of the model as there are annealing runs.
  ///
  /// They end when the chains count as mixing (10 round trips, R̂ < 1.01, 100 effective samples) and log Z has the
  /// wanted standard error, 0.1 nat unless asked for otherwise, or after `mostRounds`.
  /// Throws `SettingsError` where no ladder is good enough.
  public func tempered() throws -> TemperedSamples {
    let result = known ?? Result { try makeTempered() }
    known = result
    return try result.get()
  }

  private func makeTempered() throws -> TemperedSamples {
    var (tempering, state) = try machine.tempering(by: adaptation, seed: seed, parallel: parallel)
    return tempering.sample(&state, untilError: error ?? 0.1, mostRounds: mostRounds, states: chains)
  }
}

/// An RBM and the visible bias of the base-rate machine where its path begins, `[visible]`.
private struct ReferencedRBM: PartitionedMachine {
  let model: RBM
  let reference: [Float]

  func exactLogPartition(parallel: Parallel) throws -> Double {
    try model.exactLogPartition(parallel: parallel)
  }

  func independentSamples(count: Int, seed: UInt64, parallel: Parallel) throws -> Matrix? {
    guard model.exactBits <= Double(Enumeration.limit) else { return nil }
    return try model.exactSamples(count: count, seed: seed, parallel: parallel)
  }

  func annealing(_ schedule: AnnealingSchedule, seed: UInt64, parallel: Parallel) -> any Annealing {
    AnnealedImportanceSampling(
      model: model, reference: reference, schedule: schedule, seed: seed, parallel: parallel)
  }

  func tempering(
    by adaptation: LadderAdaptation, seed: UInt64, parallel: Parallel
  ) throws -> (tempering: any TemperedSampler, state: TemperingState) {
    try ParallelTempering.adapted(
      to: model, reference: reference, by: adaptation, seed: seed, parallel: parallel)
  }
}

extension BoltzmannMachine: PartitionedMachine {
  /// Chains it has always.
  public func independentSamples(count: Int, seed: UInt64, parallel: Parallel) -> Matrix? { nil }

  public func annealing(_ schedule: AnnealingSchedule, seed: UInt64, parallel: Parallel) -> any Annealing {
    BoltzmannMachineAnnealing(machine: self, schedule: schedule, seed: seed, parallel: parallel)
  }

  public func tempering(
    by adaptation: LadderAdaptation, seed: UInt64, parallel: Parallel
  ) throws -> (tempering: any TemperedSampler, state: TemperingState) {
    try BoltzmannMachineTempering.adapted(to: self, by: adaptation, seed: seed, parallel: parallel)
  }
}

/// The sum over all states of one side, or the closed form of two Gaussian ones.
public enum ExactPartition: PartitionEstimator {
  public static let name = "exact"

  public static func estimate(_ problem: PartitionProblem) throws -> PartitionEstimate {
    PartitionEstimate(exact: try problem.machine.exactLogPartition(parallel: problem.parallel))
  }
}

/// Bennett's ratio between the rungs of parallel tempering.
public enum TemperingPartition: PartitionEstimator {
  public static let name = "tempering"

  public static func estimate(_ problem: PartitionProblem) throws -> PartitionEstimate {
    try problem.tempered().bennett()
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
