public import BoltzmannCompute

/// Hidden units that tell nothing of the data: E[h | v] is the same whatever v.
///
/// A discrete unit is *dead* where its mean activity lies below 0.001 and *saturated* above 0.999: of binary units
/// E[h], of spins (1 + E[h])/2, of categorical sites every state's. A real unit is dead where E[h | v] varies by less
/// than 0.001 of its conditional standard deviation, 1/√γ.
public struct HiddenActivity: Sendable, Equatable {
  /// The columns of dead units, counted from 0.
  public let dead: [Int]
  public let saturated: [Int]

  static let bound = 0.001

  /// Of the data's first pass through the machine, at most 10,000 samples.
  public init(of model: RBM, given samples: any Samples, parallel: Parallel = .all) {
    let some = SelectedSamples(samples, numbers: samples.evenlySpread(10_000))
    let ranges = parallel.mapBlocks(of: some.count, size: 2 * rowsPerBlock) { range in
      let means = MutableMatrixView(rows: range.count, columns: model.hiddenCount)
      model.hiddenMeans(given: some.matrix(range).view, into: means)
      return MeanRanges(means.view)
    }
    self.init(ranges.reduce(MeanRanges(columns: model.hiddenCount), +), units: model.hidden)
  }

  init(_ ranges: MeanRanges, units: any Units) {
    let kinds = units.columnKinds, means = ranges.means
    let activities = means.indices.map { column -> Double? in
      switch kinds[column] {
      case SpinUnits.kind: 0.5 + 0.5 * means[column]
      case GaussianUnits.kind, RectifiedUnits.kind: nil
      default: means[column]
      }
    }
    dead = activities.indices.filter { column in
      activities[column].map { $0 < HiddenActivity.bound }
        ?? (ranges.width(column) * Double(units.precision[column].squareRoot()) < HiddenActivity.bound)
    }
    saturated = activities.indices.filter { (activities[$0] ?? 0.5) > 1 - HiddenActivity.bound }
  }
}

/// The mean, the least and the greatest E[h | v] of every column over some samples.
struct MeanRanges: Sendable {
  private var sums: [Double]
  private var least: [Float]
  private var greatest: [Float]
  private var count: Int

  /// Of no samples yet.
  init(columns: Int) {
    sums = [Double](repeating: 0, count: columns)
    least = [Float](repeating: .infinity, count: columns)
    greatest = [Float](repeating: -.infinity, count: columns)
    count = 0
  }

  init(_ rows: MatrixView) {
    self.init(columns: rows.columns)
    count = rows.rows
    let values = rows.values
    for row in 0..<rows.rows {
      for column in 0..<rows.columns { add(values[row * rows.columns + column], to: column) }
    }
  }

  private mutating func add(_ value: Float, to column: Int) {
    sums[column] += Double(value)
    least[column] = min(least[column], value)
    greatest[column] = max(greatest[column], value)
  }

  static func + (a: MeanRanges, b: MeanRanges) -> MeanRanges {
    var result = a
    for column in a.sums.indices {
      result.sums[column] += b.sums[column]
      result.least[column] = min(a.least[column], b.least[column])
      result.greatest[column] = max(a.greatest[column], b.greatest[column])
    }
    result.count += b.count
    return result
  }

  var means: [Double] { sums.map { $0 / Double(count) } }

  func width(_ column: Int) -> Double { Double(greatest[column]) - Double(least[column]) }
}

extension Units {
  /// The kind of every column.
  var columnKinds: [String] {
    blocks.flatMap { [String](repeating: $0.kind, count: $0.columns) }
  }
}
