internal import Boltzmann
internal import BoltzmannData

/// What `evaluate` prints.
struct Scores {
  let samples: Int
  /// Mean −F(v); nil where it takes too long and is of no use.
  let unnormalized: Double?
  let pseudo: Double?
  /// The log of the units that densities are in; nil where the data have no likelihood.
  let logUnits: Double?
  let partitions: Partitions

  /// log Z in the units of the data, of the best estimate.
  var logPartition: Double? { partitions.best.flatMap { inUnits($0.estimate) } }

  private func inUnits(_ logZ: Double) -> Double? { logUnits.map { logZ - $0 } }

  private func mean(_ logZ: Double) -> Double? {
    inUnits(logZ).flatMap { logZ in unnormalized.map { $0 - logZ } }
  }

  var json: [String: JSONValue] {
    var object: [String: JSONValue] = [
      "samples": .integer(samples), "pseudo_log_likelihood": pseudo.map { .number($0) } ?? .null,
    ]
    if let unnormalized { object["mean_unnormalized_log_likelihood"] = .number(unnormalized) }
    guard partitions.isWanted else { return object }
    let best = partitions.best
    object["mean_log_likelihood"] = best.flatMap { mean($0.estimate) }.map { .number($0) } ?? .null
    object["log_partition"] = best?.json ?? .null
    if let best, best.kind == .sandwich, let lower = mean(best.upper), let upper = mean(best.lower) {
      object["mean_log_likelihood_lower"] = .number(lower)
      object["mean_log_likelihood_upper"] = .number(upper)
    }
    if partitions.estimates.count > 1 { object["log_partitions"] = .array(partitions.estimates.map(entry)) }
    return object
  }

  private func entry(_ estimate: PartitionEstimate) -> JSONValue {
    var entry = estimate.jsonObject
    entry["mean_log_likelihood"] = mean(estimate.estimate).map { .number($0) } ?? .null
    return .object(entry)
  }

  var text: String { text(and: []) }

  /// With some rows more.
  func text(and others: [(String, String)]) -> String {
    var rows = [("samples", "\(samples)")]
    if let best = partitions.best { rows += self.rows(of: best) }
    if let unnormalized { rows.append(("mean −F(v)", "\(formatted(unnormalized)) nats")) }
    rows += others
    rows.append(("pseudo-log-likelihood", "\(formatted(pseudo)) nats"))
    let all = partitions.estimates
    return table(rows) + (all.count > 1 ? "\n\n" + comparison(all) : "")
  }

  private func rows(of estimate: PartitionEstimate) -> [(String, String)] {
    var rows = [
      ("mean log-likelihood", "\(formatted(mean(estimate.estimate))) nats"),
      ("log Z (\(estimate.method))", "\(formatted(estimate.estimate)) nats"),
    ]
    guard estimate.kind != .exact else { return rows }
    rows.append(("  standard error", formatted(estimate.standardError)))
    rows.append(
      (
        estimate.kind == .sandwich ? "  between the bounds" : "  three standard errors",
        "\(formatted(estimate.lower)) … \(formatted(estimate.upper))"
      ))
    if estimate.relativeDeviation > 0 {
      rows.append(("  relative deviation", formatted(estimate.relativeDeviation)))
    }
    if let size = estimate.effectiveSampleSize { rows.append(("  effective samples", formatted(size, 1))) }
    if let start = estimate.reverseStart { rows.append(("  chains", start.inWords)) }
    return rows
  }

  /// One line a method.
  private func comparison(_ estimates: [PartitionEstimate]) -> String {
    let header = ["method", "log Z", "error", "lower", "upper", "kind", "log-likelihood"]
    return aligned(
      [header]
        + estimates.map {
          [$0.method] + [$0.estimate, $0.standardError, $0.lower, $0.upper].map { formatted($0) }
            + [$0.kind.rawValue, formatted(mean($0.estimate))]
        })
  }
}

extension ReverseStart {
  fileprivate var inWords: String {
    let figures = "\(roundTrips ?? 0) round trips, R̂ \(formatted(splitRHat))"
    switch kind {
    case .exact: return "reverse runs from exact samples"
    case .tempering: return "tempered, \(figures)"
    case .unverified: return "unverified: \(figures)"
    }
  }
}
