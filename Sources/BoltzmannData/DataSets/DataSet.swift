public import Boltzmann
internal import BoltzmannCompute

/// The data of a file as states of visibles.
public struct DataSet: Sendable {
  public let samples: any Samples
  /// What the visibles are: blocks of kinds, with the data's numbers of states.
  public let blocks: [UnitBlock]
  /// Whether P(v) is a law of these values: false for grey values that were left as they are.
  public let hasLikelihood: Bool
  /// The shape of one sample where it is more than a list.
  public let itemShape: [Int]?
  /// The names of the columns, where the file has them.
  public let names: [String]?
  /// How the values were read; a model that is trained on them keeps it.
  public let preprocessing: Preprocessing
  /// Where the values came from, for people.
  public let source: String
  /// `rows × columns` and a checksum of the values as read, and one of the weights: a run resumes only with the
  /// data it began with.
  public let fingerprint: String

  /// Reads a file, or the bundled `digits`.
  ///
  /// Throws `DataError` where the file cannot be read or a value is none of the visibles' kind.
  ///
  /// - Parameters:
  ///   - weights: a file of one positive number a sample, how much it counts.
  ///   - seed: decides the draws of random binarisations.
  public init(
    _ source: String, preprocessing: Preprocessing = Preprocessing(),
    visibles: VisibleColumns = VisibleColumns(), weights: String? = nil, seed: UInt64 = 0
  ) throws {
    try self.init(
      NumericTable.read(source), preprocessing: preprocessing, visibles: visibles,
      weights: weights.map(NumericTable.read), seed: seed)
  }

  public init(
    _ table: NumericTable, preprocessing: Preprocessing, visibles: VisibleColumns = VisibleColumns(),
    weights: NumericTable? = nil, seed: UInt64
  ) throws {
    let parts = try visibles.ranges(of: table).map { part, range in
      try ColumnBlock(
        PlacedValues(
          table: table.columns(range), first: range.lowerBound, isWhole: range.count == table.columns),
        part: part, preprocessing: preprocessing, seed: seed)
    }
    source = table.source
    itemShape = table.itemShape
    names = table.names
    fingerprint =
      "\(table.rows)x\(table.columns):crc32:\(table.values.checksum)"
      + (weights.map { ":weights:\($0.values.checksum)" } ?? "")
    hasLikelihood = parts.allSatisfy(\.hasLikelihood)
    var found = preprocessing
    for part in parts { found.scale = part.scale ?? found.scale }
    let columns = parts.count == 1 ? parts[0].samples : JoinedSamples(parts.map(\.samples))
    let joined = try weights.map { try DataSet.weighted(columns, by: $0) } ?? columns
    if let whitening = preprocessing.whitening {
      let whitening = try whitening.fitted(to: joined, blocks: parts.map(\.block), source: table.source)
      let whitened = whitening(joined)
      samples = try weights.map { try DataSet.weighted(whitened, by: $0) } ?? whitened
      blocks = [UnitBlock(kind: GaussianUnits.kind, count: samples.width)]
      found.whitening = .fitted(whitening)
    } else {
      samples = joined
      blocks = parts.map(\.block)
    }
    self.preprocessing = found
  }

  private static func weighted(_ samples: any Samples, by table: NumericTable) throws -> any Samples {
    guard table.columns == 1 else {
      throw DataError(path: table.source, message: "has \(table.columns) columns, expected one of weights")
    }
    do {
      return try WeightedSamples(samples, weights: (0..<table.rows).map { table[$0, 0] })
    } catch let error as SettingsError {
      throw DataError(path: table.source, message: "\(error)")
    }
  }

  /// What a log-density of the samples lacks in the units of the file, in nats: log |det| of the whitening.
  ///
  /// Zero too where components were left out: what is left has a density of its own only.
  public var logUnits: Double { preprocessing.fittedWhitening?.logDeterminant ?? 0 }

  /// The visibles of the data, all biases zero.
  public var units: any Units {
    guard let units = Boltzmann.units(of: blocks) else { preconditionFailure("blocks are of known kinds") }
    return units
  }
}

extension NumericTable.Values {
  /// CRC-32 of the values as they lie in memory, in hexadecimal digits.
  var checksum: String {
    switch self {
    case .bytes(let bytes): bytes.withUnsafeBytes(CRC32.digits)
    case .floats(let floats): floats.withUnsafeBytes(CRC32.digits)
    }
  }
}
