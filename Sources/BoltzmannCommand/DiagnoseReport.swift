internal import Boltzmann
internal import BoltzmannData

/// What `diagnose` prints: a verdict in words, and the figures behind it.
struct DiagnoseReport {
  let mixing: MixingReport
  let tempered: TemperedReport?
  let comparison: DataComparison
  let activity: HiddenActivity
  let hiddenCount: Int
  /// Singular values of the weights, descending.
  let spectrum: [Double]
  let training: TrainingSpectra

  var text: String {
    let verdict = [mixingWords, temperedWords, comparisonWords, activityWords].compactMap { $0 }
    let tables = [observables(mixing, "chains"), tempered.map { observables($0.mixing, "tempered chains") }]
    return ([verdict.joined(separator: "\n")] + tables.compactMap { $0 } + [moments, singularValues])
      .joined(separator: "\n\n")
  }
}

// MARK: - Words

extension DiagnoseReport {
  private var mixingWords: String {
    let rHat = "R̂ \(formatted(mixing.rankRHat)) at most", slowest = mixing.slowest
    let time = slowest.statistics.autocorrelationTime
    let pace = "a sample every \(formatted(time, 1)) steps, by \(slowest.name)"
    switch mixing.verdict {
    case .mixes: return "The chains mix: \(rHat); \(pace)."
    case .tooShort where mixing.chains == 1:
      return "One chain is too little to say whether it mixes: \(rHat) between its halves."
    case .tooShort:
      return "The chains are too short to say whether they mix: \(rHat), not below 1.01; \(pace)."
    case .doesNotMix: return "The chains do not mix in \(mixing.steps) steps: \(obstacle)."
    }
  }

  private var temperedWords: String? {
    guard let tempered else { return nil }
    let words = tempered.words, rHat = "R̂ \(formatted(tempered.mixing.rankRHat)) at most"
    switch tempered.mixing.verdict {
    case .mixes where tempered.isTrusted: return "Tempered chains mix: \(rHat); \(words)."
    case .doesNotMix: return "Tempered chains do not mix: \(rHat); \(words)."
    default: return "Tempered chains are too short to say: \(rHat); \(words)."
    }
  }

  private var obstacle: String {
    if mixing.frozenChains > 0 { return "\(mixing.frozenChains) of \(mixing.chains) stand still" }
    if let still = mixing.observables.first(where: { $0.statistics.autocorrelationTime == nil }) {
      return "\(still.name) never changes"
    }
    return "they disagree, R̂ \(formatted(mixing.rankRHat)) at most"
  }

  private var comparisonWords: String {
    let accuracy = comparison.accuracy.map {
      "a nearest neighbour tells them apart in \(formatted(100 * $0.value, 0)) % of the cases"
    }
    let figures = accuracy ?? "too few to tell them apart"
    let start =
      mixing.verdict == .mixes || tempered?.isTrusted == true
      ? "The samples" : "What the chains give, which need not be the machine's law,"
    switch comparison.verdict {
    case .matches: return "\(start) cannot be told from the data: \(figures)."
    case .resembles: return "\(start) resemble the data: \(figures)."
    case .differs: return "\(start) differ from the data: \(figures)."
    }
  }

  private var activityWords: String {
    let parts = [(activity.dead, "dead"), (activity.saturated, "saturated")]
      .filter { !$0.0.isEmpty }
      .map { "\($0.0.count) \($0.1) (\(DiagnoseReport.list($0.0)))" }
    return parts.isEmpty
      ? "All \(hiddenCount) hidden units are alive."
      : "Of \(hiddenCount) hidden units, \(parts.joined(separator: ", "))."
  }

  private static func list(_ columns: [Int]) -> String {
    columns.prefix(8).map { "\($0 + 1)" }.joined(separator: ", ") + (columns.count > 8 ? ", …" : "")
  }
}

// MARK: - Tables

extension DiagnoseReport {
  private func observables(_ mixing: MixingReport, _ chains: String) -> String {
    let rows = mixing.observables.map { observed -> [String] in
      let s = observed.statistics
      return [
        observed.name, formatted(s.mean), formatted(s.standardError), formatted(s.standardDeviation),
        formatted(s.autocorrelationTime, 1), formatted(s.effectiveSampleSize, 0), formatted(s.splitRHat),
        formatted(s.rankRHat), "\(s.frozenChains)",
      ]
    }
    let header = [
      "\(mixing.chains) \(chains), \(mixing.steps) steps", "mean", "±", "sd", "τ", "ESS", "R̂", "rank R̂",
      "frozen",
    ]
    return columns([header] + rows)
  }

  private var moments: String {
    let moments = comparison.moments
    let rows = [("means", moments.means), ("pairs", moments.pairs), ("triples", moments.triples)].map {
      [$0.0, "\($0.1.count)", formatted($0.1.correlation), formatted($0.1.deviation, 2)]
    }
    let header = ["\(comparison.samples) samples and the data", "count", "correlation", "rms/error"]
    var facts = [
      ("mean F of the data", "\(formatted(comparison.dataFreeEnergy)) nats"),
      ("mean F of the samples", "\(formatted(comparison.sampleFreeEnergy)) nats"),
    ]
    if let accuracy = comparison.accuracy {
      facts.append(
        (
          "adversarial accuracy",
          "\(formatted(accuracy.value)) ± \(formatted(accuracy.standardError)), ½ is best"
        ))
      facts.append(
        ("  of data, of samples", "\(formatted(accuracy.truth)), \(formatted(accuracy.synthetic))"))
    }
    return columns([header] + rows) + "\n\n" + table(facts)
  }

  private var singularValues: String {
    let own = ("singular values of W", DiagnoseReport.leading(spectrum))
    return table([own] + training.kept.map { ("  epoch \($0.epoch)", DiagnoseReport.leading($0.values)) })
  }

  private static func leading(_ values: [Double]) -> String {
    values.prefix(6).map { formatted($0, 2) }.joined(separator: "  ") + (values.count > 6 ? "  …" : "")
  }
}

// MARK: - JSON

extension DiagnoseReport {
  var json: JSONValue {
    var object: [String: JSONValue] = [
      "chains": .integer(mixing.chains), "steps": .integer(mixing.steps),
      "mixing": .string(mixing.verdict.rawValue), "rank_r_hat": number(mixing.rankRHat),
      "frozen_chains": .integer(mixing.frozenChains), "slowest": .string(mixing.slowest.name),
      "observables": .array(mixing.observables.map(\.json)), "tempered": tempered?.json ?? .null,
    ]
    object.merge(comparison.json) { _, new in new }
    object["hidden_units"] = [
      "count": .integer(hiddenCount), "dead": .array(activity.dead.map { .integer($0) }),
      "saturated": .array(activity.saturated.map { .integer($0) }),
    ]
    object["singular_values"] = .array(spectrum.map { .number($0) })
    object["training"] = training.json
    return .object(object)
  }
}

extension DataComparison {
  fileprivate var json: [String: JSONValue] {
    [
      "agreement_with_data": .string(verdict.rawValue), "samples": .integer(samples), "moments": moments.json,
      "adversarial_accuracy": accuracy?.json ?? .null,
      "free_energy": ["data": .number(dataFreeEnergy), "samples": .number(sampleFreeEnergy)],
    ]
  }
}

private func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }

extension TemperedReport {
  fileprivate var json: JSONValue {
    [
      "mixing": .string(mixing.verdict.rawValue), "rank_r_hat": number(mixing.rankRHat),
      "chains": .integer(mixing.chains), "temperatures": .integer(acceptances.count + 1),
      "swap_acceptances": .array(acceptances.map { .number($0) }), "round_trips": .integer(roundTrips),
      "observables": .array(mixing.observables.map(\.json)),
    ]
  }
}

extension MixingReport.Observed {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "mean": .number(statistics.mean),
      "standard_deviation": .number(statistics.standardDeviation),
      "standard_error": number(statistics.standardError),
      "autocorrelation_time": number(statistics.autocorrelationTime),
      "effective_sample_size": number(statistics.effectiveSampleSize),
      "split_r_hat": number(statistics.splitRHat), "rank_r_hat": number(statistics.rankRHat),
      "frozen_chains": .integer(statistics.frozenChains),
    ]
  }
}

extension MomentComparison {
  fileprivate var json: JSONValue { ["means": means.json, "pairs": pairs.json, "triples": triples.json] }
}

extension MomentAgreement {
  fileprivate var json: JSONValue {
    ["count": .integer(count), "correlation": number(correlation), "deviation": number(deviation)]
  }
}

extension AdversarialAccuracy {
  fileprivate var json: JSONValue {
    [
      "value": .number(value), "standard_error": .number(standardError), "truth": .number(truth),
      "synthetic": .number(synthetic), "samples": .integer(samples),
    ]
  }
}

/// Columns of one width each, the first to the left and the others to the right.
func columns(_ rows: [[String]]) -> String {
  let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    zip(row, widths).enumerated().map { column, cell in
      let space = String(repeating: " ", count: cell.1 - cell.0.count)
      return column == 0 ? cell.0 + space : space + cell.0
    }.joined(separator: "  ")
  }.joined(separator: "\n")
}
