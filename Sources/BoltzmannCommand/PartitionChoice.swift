internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// How log Z is found: a method of `PartitionEstimators`, all of them, or none.
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

  var methods: [any PartitionEstimator.Type] {
    switch self {
    case .none: []
    case .all: PartitionEstimators.all
    case .method(let name): PartitionEstimators.all.filter { $0.name == name }
    }
  }
}

/// What was found of log Z.
struct Partitions {
  private(set) var estimates: [PartitionEstimate] = []
  /// Whether there was anything to find.
  let isWanted: Bool

  /// Nothing, where nothing can be had.
  init(isWanted: Bool) { self.isWanted = isWanted }

  /// With `all` a method that cannot be had is left out, with a note; one that was asked for must be had. Where none
  /// was asked for it is `fallback`.
  init(
    _ options: PartitionOptions, _ problem: PartitionProblem, fallback: any PartitionEstimator.Type,
    _ common: CommonOptions
  ) throws {
    isWanted = options.partition != PartitionChoice.none
    guard isWanted else { return }
    options.configure(problem)
    for method in options.partition?.methods ?? [fallback] {
      do {
        estimates.append(try method.estimate(problem))
      } catch  where options.partition == .all {
        common.note("note: no \(method.name) estimate: \(error)")
      }
    }
    let remedy = options.error == nil ? "more --temperatures help" : "a smaller --error helps"
    for estimate in estimates { warn(of: estimate, remedy: remedy, common) }
  }

  private func warn(of estimate: PartitionEstimate, remedy: String, _ common: CommonOptions) {
    if estimate.isUnreliable {
      common.note(
        "warning: the annealing weights spread widely (relative deviation "
          + "\(formatted(estimate.relativeDeviation, 2)) > 0.3); \(remedy)")
    }
    if let start = estimate.reverseStart, !start.isVerified {
      common.note(
        "note: \(estimate.method): nothing shows that the chains have been everywhere "
          + "(\(start.roundTrips ?? 0) round trips, R̂ \(formatted(start.splitRHat))): no bounds; more --rounds may help"
      )
    }
  }

  /// The exact value, else the narrowest sandwich, else what came first.
  var best: PartitionEstimate? {
    let sandwiches = estimates.filter { $0.kind == .sandwich }
    return estimates.first { $0.kind == .exact }
      ?? sandwiches.min { $0.upper - $0.lower < $1.upper - $1.lower } ?? estimates.first
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
