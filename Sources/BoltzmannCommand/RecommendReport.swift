internal import BoltzmannData
internal import BoltzmannRecommendation

/// What an epoch of training took and found.
struct RatingMeasure {
  private(set) var seconds = 0.0
  private(set) var ratings = 0
  private(set) var changes = 0
  private(set) var learningRate = 0.0

  mutating func add(_ info: RatingTrainer.Info, seconds: Double) {
    self.seconds += seconds
    ratings += info.ratings
    changes += info.changes
    learningRate = info.learningRate
  }

  var ratingsPerSecond: Double { Double(ratings) / max(seconds, 1e-9) }
  /// The share of ratings that the last Gibbs step drew anew otherwise.
  var changed: Double { Double(changes) / Double(max(ratings, 1)) }
}

/// What an epoch is reported as: a line of the table, or an object.
struct RatingReport {
  let orientation: RecommendOrientation
  let epoch: Int
  let measure: RatingMeasure
  let validation: RecommendationScore?

  var json: JSONValue {
    var object: [String: JSONValue] = [
      "machine": .string(orientation.rawValue), "epoch": .integer(epoch), "seconds": .number(measure.seconds),
      "ratings_per_second": .number(measure.ratingsPerSecond), "learning_rate": .number(measure.learningRate),
      "changed": .number(measure.changed),
    ]
    if let validation {
      object["validation_rmse"] = .number(validation.rmse)
      object["validation_log_likelihood"] = .number(validation.logLikelihood)
    }
    return .object(object)
  }

  var line: String {
    var cells = [
      orientation.rawValue, "\(epoch)", formatted(measure.seconds, 2), "\(Int(measure.ratingsPerSecond))",
      "\(formatted(100 * measure.changed, 1)) %",
    ]
    if let validation { cells += [formatted(validation.rmse, 4), formatted(validation.logLikelihood, 4)] }
    return RatingReport.join(cells)
  }

  static func header(isValidated: Bool) -> String {
    join(columns.prefix(isValidated ? columns.count : 5).map(\.title))
  }

  private static let columns: [(title: String, width: Int)] = [
    ("machine", 7), ("epoch", 5), ("seconds", 8), ("ratings/s", 10), ("changed", 8), ("validation RMSE", 15),
    ("log P", 8),
  ]

  private static func join(_ cells: [String]) -> String {
    zip(columns, cells).map { column, cell in
      String(repeating: " ", count: max(0, column.width - cell.count)) + cell
    }.joined(separator: " ")
  }
}
