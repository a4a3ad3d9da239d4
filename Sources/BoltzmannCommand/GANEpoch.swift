internal import BoltzmannAdversarial
internal import BoltzmannData

/// What an epoch of a generative adversarial network is reported as: a line of the table, or an object.
struct GANEpoch {
  let epoch: Int
  let seconds: Double
  let mean: Mean
  /// Of 2,000 samples, where the data are a ring.
  let coverage: ModeCoverage?

  /// The means of an epoch's steps.
  struct Mean {
    private var sums = [0.0, 0, 0, 0]
    private var steps = 0.0

    mutating func add(_ info: GANTrainer.Info) {
      let values = [info.discriminatorCost, info.generatorCost, info.meanOfData, info.meanOfFakes]
      for index in sums.indices { sums[index] += values[index] }
      steps += 1
    }

    var values: [Double] { sums.map { $0 / max(steps, 1) } }
  }

  var json: JSONValue {
    let values = mean.values
    var object: [String: JSONValue] = [
      "epoch": .integer(epoch), "seconds": .number(seconds), "discriminator_cost": .number(values[0]),
      "generator_cost": .number(values[1]), "d_of_data": .number(values[2]), "d_of_fakes": .number(values[3]),
    ]
    if let coverage {
      object["modes_covered"] = .integer(coverage.covered)
      object["share_near_modes"] = .number(coverage.shareNear)
    }
    return .object(object)
  }

  var line: String {
    let cells = ["\(epoch)", formatted(seconds, 2)] + mean.values.map { formatted($0, 4) }
    let covered = coverage.map { ["\($0.covered)", "\(formatted(100 * $0.shareNear, 1)) %"] } ?? []
    return GANEpoch.join(cells + covered)
  }

  static func header(isRing: Bool) -> String { join(columns.prefix(isRing ? columns.count : 6).map(\.title)) }

  private static let columns: [(title: String, width: Int)] = [
    ("epoch", 5), ("seconds", 8), ("D's cost", 9), ("G's cost", 9), ("D(data)", 8), ("D(fakes)", 8),
    ("modes", 5), ("near them", 9),
  ]

  private static func join(_ cells: [String]) -> String {
    zip(columns, cells).map { column, cell in
      String(repeating: " ", count: max(0, column.width - cell.count)) + cell
    }.joined(separator: " ")
  }
}
