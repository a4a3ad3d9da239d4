internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// How `evaluate` finds log Z: a method of `PartitionEstimators`, all of them, or none.
enum PartitionChoice: Equatable {
  case none
  case all
  case method(String)

  static var names: String {
    PartitionEstimators.all.map { $0.name }.joined(separator: ", ") + ", all or none"
  }

  init(_ text: String) throws {
    switch text {
    case "none": self = .none
    case "all": self = .all
    default:
      guard PartitionEstimators.named(text) != nil else {
        throw ValidationError("expected \(PartitionChoice.names)")
      }
      self = .method(text)
    }
  }
}

/// What was found of log Z.
struct Partitions {
  private(set) var estimates: [PartitionEstimate] = []
  /// Whether there was anything to find.
  let isWanted: Bool

  init(_ options: Evaluate, _ machine: RBM, _ data: DataSet) throws {
    isWanted = options.partition != PartitionChoice.none
    guard isWanted else { return }
    guard machine.partitionExistence == .shown else {
      let problem = NoPartitionError(existence: machine.partitionExistence)
      if options.partition == .method(ExactPartition.name) { throw problem }
      options.common.note("note: \(problem)")
      return
    }
    let methods = Partitions.methods(options.partition, machine)
    if methods.contains(where: { $0 != ExactPartition.self }) {
      try MemoryLimit.requireChains(options.chains, of: machine)
      if machine.referenceVisibleBias == nil {
        options.common.note(
          "note: the model has no reference biases; annealing starts from the means of the data")
      }
    }
    try estimate(methods, Partitions.problem(options, machine, data), options)
  }

  private static func problem(_ options: Evaluate, _ machine: RBM, _ data: DataSet) -> PartitionProblem {
    let common = options.common
    let problem = PartitionProblem(
      model: machine, reference: reference(machine, data, common.parallel), seed: common.seed,
      parallel: common.parallel)
    problem.chains = options.chains
    problem.schedule = options.temperatures ?? .salakhutdinovMurray
    problem.error = options.error
    return problem
  }

  /// Exact up to 20 units on a side, else annealed, unless asked for otherwise.
  private static func methods(
    _ choice: PartitionChoice?, _ machine: RBM
  ) -> [any PartitionEstimator.Type] {
    switch choice {
    case .all: PartitionEstimators.all
    case .method(let name): PartitionEstimators.all.filter { $0.name == name }
    default: machine.exactBits <= 20 ? [ExactPartition.self] : [ForwardAnnealing.self]
    }
  }

  /// With `all` a method that cannot be had is left out, with a note; one that was asked for must be had.
  private mutating func estimate(
    _ methods: [any PartitionEstimator.Type], _ problem: PartitionProblem, _ options: Evaluate
  ) throws {
    for method in methods {
      do {
        estimates.append(try method.estimate(problem))
      } catch  where options.partition == .all {
        options.common.note("note: no \(method.name) estimate: \(error)")
      }
    }
    for estimate in estimates { warn(of: estimate, options.common) }
  }

  private func warn(of estimate: PartitionEstimate, _ common: CommonOptions) {
    if estimate.isUnreliable {
      common.note(
        "warning: the annealing weights spread widely (relative deviation "
          + "\(formatted(estimate.relativeDeviation, 2)) > 0.3); more --temperatures help")
    }
    if let start = estimate.reverseStart, !start.isVerified {
      common.note(
        "note: \(estimate.method): nothing shows that the chains have been everywhere "
          + "(\(start.roundTrips ?? 0) round trips, R̂ \(formatted(start.splitRHat))): no bounds")
    }
  }

  /// The exact value, else a sandwich, else what came first.
  var best: PartitionEstimate? {
    estimates.first { $0.kind == .exact } ?? estimates.first { $0.kind == .sandwich } ?? estimates.first
  }
}

extension PartitionEstimate {
  var json: JSONValue { .object(jsonObject) }

  var jsonObject: [String: JSONValue] {
    var object: [String: JSONValue] = [
      "method": .string(method), "estimate": .number(estimate), "standard_error": .number(standardError),
      "lower": .number(lower), "upper": .number(upper), "relative_deviation": .number(relativeDeviation),
      "kind": .string(kind.rawValue),
    ]
    if let effectiveSampleSize { object["effective_sample_size"] = .number(effectiveSampleSize) }
    if let reverseStart {
      object["reverse_start"] = .string(reverseStart.kind.rawValue)
      if let trips = reverseStart.roundTrips { object["round_trips"] = .integer(trips) }
      if let rHat = reverseStart.splitRHat { object["r_hat"] = .number(rHat) }
    }
    return object
  }
}
