public import BoltzmannCompute

/// A layer of several kinds side by side, as the columns of a table are.
///
/// Each verb is that of its parts on their columns. Every part draws by random numbers of its own: the units of a
/// part are numbered from the first multiple of 4 that is free.
public struct MixedUnits: Units {
  public static let kind = "mixed"

  private var parts: [any Units]
  /// The columns of every part.
  private let ranges: [Range<Int>]

  public init(_ parts: [any Units]) {
    self.parts = parts
    var begin = 0
    ranges = parts.map { part in
      defer { begin += part.count }
      return begin..<(begin + part.count)
    }
  }

  /// There is no layer of several kinds without saying which.
  public init(_ parameters: UnitParameters) { preconditionFailure("a mixed layer is made of its parts") }

  public var parameters: UnitParameters {
    get {
      let hasPrecision = !realColumns.isEmpty
      return UnitParameters(
        bias: parts.flatMap(\.bias),
        precision: hasPrecision
          ? parts.flatMap { $0.precision.isEmpty ? [Float](repeating: 1, count: $0.count) : $0.precision }
          : [],
        states: parts.flatMap(\.parameters.states))
    }
    set {
      for (index, range) in ranges.enumerated() {
        parts[index].bias = Array(newValue.bias[range])
        if !parts[index].precision.isEmpty { parts[index].precision = Array(newValue.precision[range]) }
      }
    }
  }

  public var count: Int { ranges.last?.upperBound ?? 0 }

  public var statesAreBits: Bool { parts.allSatisfy(\.statesAreBits) }

  public var blocks: [UnitBlock] { parts.flatMap(\.blocks) }

  public var sites: [Site]? {
    var all: [Site] = []
    for (part, range) in zip(parts, ranges) {
      guard let sites = part.sites else { return nil }
      all += sites.map { $0.moved(by: range.lowerBound) }
    }
    return all
  }

  public var realColumns: [Range<Int>] {
    zip(parts, ranges).flatMap { part, range in
      part.realColumns.map { ($0.lowerBound + range.lowerBound)..<($0.upperBound + range.lowerBound) }
    }
  }

  public func addEnergies(of states: MatrixView, to energies: inout [Double]) {
    for (part, range) in zip(parts, ranges) { part.addEnergies(of: states.columns(range), to: &energies) }
  }

  public func addLogNormalizers(inputs: MatrixView, inverseTemperature: Float, to sums: inout [Double]) {
    for (part, range) in zip(parts, ranges) {
      part.addLogNormalizers(
        inputs: inputs.columns(range), inverseTemperature: inverseTemperature, to: &sums)
    }
  }

  public func means(inputs: MatrixView, inverseTemperature: Float, into means: MutableMatrixView) {
    for (part, range) in zip(parts, ranges) {
      part.means(
        inputs: inputs.columns(range), inverseTemperature: inverseTemperature, into: means.columns(range))
    }
  }

  public func variances(inputs: MatrixView, inverseTemperature: Float, into variances: MutableMatrixView) {
    for (part, range) in zip(parts, ranges) {
      part.variances(
        inputs: inputs.columns(range), inverseTemperature: inverseTemperature, into: variances.columns(range))
    }
  }

  public func modes(inputs: MatrixView, into modes: MutableMatrixView) {
    for (part, range) in zip(parts, ranges) {
      part.modes(inputs: inputs.columns(range), into: modes.columns(range))
    }
  }

  public func sample(
    inputs: MatrixView, inverseTemperature: Float, random: RandomRows, means: MutableMatrixView?,
    into states: MutableMatrixView
  ) {
    var firstUnit = random.firstUnit
    for (part, range) in zip(parts, ranges) {
      part.sample(
        inputs: inputs.columns(range), inverseTemperature: inverseTemperature,
        random: random.beginning(at: firstUnit), means: means?.columns(range), into: states.columns(range))
      firstUnit += (range.count + 3) / 4 * 4
    }
  }

  public func bias(ofMeans means: [Float]) -> [Float] {
    zip(parts, ranges).flatMap { part, range in part.bias(ofMeans: Array(means[range])) }
  }

  public func fitted(to data: ColumnStatistics) -> MixedUnits {
    MixedUnits(zip(parts, ranges).map { part, range in part.fitted(to: data[range]) })
  }

  /// Never cut.
  public func pieces(width: Int) -> [Range<Int>] { [0..<count] }

  public func window(_ columns: Range<Int>) -> MixedUnits {
    precondition(columns == 0..<count, "a mixed layer is not cut")
    return self
  }
}
