internal import BoltzmannData

/// All findings of a run, as a table or as JSON.
struct Report {
  let seed: UInt64
  private(set) var findings: [Finding] = []
  private(set) var seconds = 0.0

  init(seed: UInt64) { self.seed = seed }

  mutating func add(_ findings: [Finding], seconds: Double) {
    self.findings += findings
    self.seconds += seconds
  }

  var passes: Bool { findings.allSatisfy(\.passes) }

  /// One row a finding, then the notes, then a summary.
  var table: String {
    let header = ["experiment", "published", "ours", "tolerance", "verdict", "seconds"]
    let rows = [header] + findings.map(\.cells)
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      row.indices.map { padded(row[$0], to: widths[$0], onTheLeft: numericColumns.contains($0)) }
        .joined(separator: "  ")
    }
    return (lines + notes + [summary]).joined(separator: "\n")
  }

  private var notes: [String] {
    findings.compactMap { finding in finding.note.map { "\(finding.experiment): \($0)" } }
  }

  private var summary: String {
    let misses = findings.filter { !$0.passes }.count
    let verdict = misses == 0 ? "all agree" : "\(misses) of \(findings.count) miss"
    return "\(verdict); seed \(seed), \(figure(seconds, digits: 0)) seconds"
  }

  var json: JSONValue {
    [
      "findings": .array(findings.map(\.json)), "passes": .bool(passes), "seconds": .number(seconds),
      "seed": .integer(Int(clamping: seed)),
    ]
  }
}

/// Published, ours and seconds.
private let numericColumns = [1, 2, 5]

extension Finding {
  /// The cells of its row.
  var cells: [String] {
    [
      experiment, published, figure(ours, digits: digits), tolerance.description, verdict,
      seconds.map { figure($0, digits: 1) } ?? "–",
    ]
  }
}

private func padded(_ text: String, to width: Int, onTheLeft: Bool) -> String {
  let spaces = String(repeating: " ", count: max(0, width - text.count))
  return onTheLeft ? spaces + text : text + spaces
}
