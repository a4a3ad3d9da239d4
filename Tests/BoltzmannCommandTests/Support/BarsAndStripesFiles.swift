import BoltzmannReference

/// Bars and stripes, 4 × 4, as files: `data.csv`, and in `labels.csv` 3 for whole rows and 7 for whole columns.
enum BarsAndStripesFiles {
  /// The empty and the full pattern, which are both, are left out.
  private static let patterns = barsAndStripes(side: 4).enumerated()
    .filter { (1..<16).contains($0.element.reduce(0, +)) }

  static let count = patterns.count
  static let labels = patterns.map { $0.offset < 16 ? 3 : 7 }

  static func write(to scratch: Scratch) throws {
    let rows = patterns.map { $0.element.map { "\(Int($0))" }.joined(separator: ",") + "\n" }
    try scratch.write("data.csv", rows.joined())
    try scratch.write("labels.csv", labels.map { "\($0)\n" }.joined())
  }
}
