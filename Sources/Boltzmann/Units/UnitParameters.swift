/// What a layer of one kind is made from.
public struct UnitParameters: Sendable, Equatable {
  /// The linear coefficient of every column.
  public var bias: [Float]
  /// The precision γ > 0 of every column; empty for kinds without one.
  public var precision: [Float]
  /// The numbers of states of categorical sites; empty for other kinds.
  public var states: [Int]

  public init(bias: [Float], precision: [Float] = [], states: [Int] = []) {
    self.bias = bias
    self.precision = precision
    self.states = states
  }

  /// The parameters of some columns; sites are for their kind to cut.
  func window(_ columns: Range<Int>) -> UnitParameters {
    UnitParameters(
      bias: Array(bias[columns]), precision: precision.isEmpty ? [] : Array(precision[columns]),
      states: states)
  }
}

/// A discrete unit: the columns it takes, and their values in each of its states.
public struct Site: Sendable {
  public let columns: Range<Int>
  /// `[state][column]`
  public let states: [[Float]]

  public init(columns: Range<Int>, states: [[Float]]) {
    self.columns = columns
    self.states = states
  }

  /// A site for each column, all with the same values.
  static func each(of count: Int, values: [Float]) -> [Site] {
    (0..<count).map { Site(columns: $0..<($0 + 1), states: values.map { [$0] }) }
  }

  func moved(by columns: Int) -> Site {
    Site(
      columns: (self.columns.lowerBound + columns)..<(self.columns.upperBound + columns), states: states)
  }
}

/// Some units of one kind, side by side: what a layer is before it has parameters.
public struct UnitBlock: Sendable, Hashable {
  public let kind: String
  /// Units; of categorical ones, sites.
  public let count: Int
  /// The number of states of every site where the kind is categorical; else empty.
  public let states: [Int]

  public init(kind: String, count: Int) {
    self.kind = kind
    self.count = count
    states = []
  }

  public init(kind: String, states: [Int]) {
    self.kind = kind
    self.count = states.count
    self.states = states
  }

  /// The columns of the layer that the block takes.
  public var columns: Int { states.isEmpty ? count : states.reduce(0, +) }
}

extension UnitBlock {
  /// The block as a layer with all biases zero; nil where no kind has that name.
  public var units: (any Units)? {
    UnitKinds.named(kind)?.init(
      UnitParameters(bias: [Float](repeating: 0, count: columns), states: states))
  }
}

/// Units of these blocks with all biases zero; nil where a kind is unknown.
public func units(of blocks: [UnitBlock]) -> (any Units)? {
  let parts = blocks.compactMap(\.units)
  guard parts.count == blocks.count, let first = parts.first else { return nil }
  return parts.count == 1 ? first : MixedUnits(parts)
}

/// The mean and the variance of every column of some data.
public struct ColumnStatistics: Sendable {
  public let means: [Float]
  public let variances: [Float]

  public init(means: [Float], variances: [Float]) {
    precondition(means.count == variances.count, "a variance for every mean")
    self.means = means
    self.variances = variances
  }

  subscript(columns: Range<Int>) -> ColumnStatistics {
    ColumnStatistics(means: Array(means[columns]), variances: Array(variances[columns]))
  }

  /// The variances, none below a hundredth of the mean one: a column that hardly varies would otherwise be a
  /// density without bound. Of columns that are all constant, 1.
  var flooredVariances: [Float] {
    let mean = variances.reduce(0) { $0 + Double($1) } / Double(max(variances.count, 1))
    return variances.map { mean > 0 ? max($0, Float(0.01 * mean)) : 1 }
  }
}
