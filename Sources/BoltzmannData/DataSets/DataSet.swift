public import Boltzmann
internal import BoltzmannCompute
internal import CBoltzmannZlib

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
  /// `rows × columns` and a checksum of the values as read: a run resumes only with the data it began with.
  public let fingerprint: String

  /// Reads a file, or the bundled `digits`.
  ///
  /// Throws `DataError` where the file cannot be read or a value is none of the visibles' kind.
  ///
  /// - Parameter seed: decides the draws of random binarisations.
  public init(
    _ source: String, preprocessing: Preprocessing = Preprocessing(),
    visibles: LayerSpecification = LayerSpecification(BernoulliUnits.kind)!, seed: UInt64 = 0
  ) throws {
    try self.init(NumericTable.read(source), preprocessing: preprocessing, visibles: visibles, seed: seed)
  }

  public init(
    _ table: NumericTable, preprocessing: Preprocessing,
    visibles: LayerSpecification = LayerSpecification(BernoulliUnits.kind)!, seed: UInt64
  ) throws {
    let parts = try DataSet.ranges(visibles, of: table).map { part, range in
      try ColumnBlock(
        table.columns(range), first: range.lowerBound, part: part, preprocessing: preprocessing, seed: seed)
    }
    source = table.source
    itemShape = table.itemShape
    names = table.names
    fingerprint = "\(table.rows)x\(table.columns):crc32:\(String(table.values.checksum, radix: 16))"
    samples = parts.count == 1 ? parts[0].samples : JoinedSamples(parts.map(\.samples))
    blocks = parts.map(\.block)
    hasLikelihood = parts.allSatisfy(\.hasLikelihood)
    var found = preprocessing
    for part in parts { found.scale = part.scale ?? found.scale }
    self.preprocessing = found
  }

  private static func ranges(
    _ visibles: LayerSpecification, of table: NumericTable
  ) throws -> [(part: LayerSpecification.Part, range: Range<Int>)] {
    do {
      return try visibles.ranges(over: table.columns)
    } catch let error as SettingsError {
      throw DataError(path: table.source, message: "has \(table.columns) columns; \(error)")
    }
  }

  /// The visibles of the data, all biases zero.
  public var units: any Units {
    guard let units = Boltzmann.units(of: blocks) else { preconditionFailure("blocks are of known kinds") }
    return units
  }
}

extension NumericTable.Values {
  /// CRC-32 of the values as they lie in memory.
  var checksum: UInt {
    switch self {
    case .bytes(let bytes): bytes.withUnsafeBytes(crc)
    case .floats(let floats): floats.withUnsafeBytes(crc)
    }
  }
}

private func crc(_ bytes: UnsafeRawBufferPointer) -> UInt {
  let chunk = 1 << 30
  return stride(from: 0, to: bytes.count, by: chunk).reduce(UInt(crc32(0, nil, 0))) { sum, begin in
    let part = UnsafeRawBufferPointer(rebasing: bytes[begin..<min(begin + chunk, bytes.count)])
    return UInt(crc32(uLong(sum), part.bindMemory(to: UInt8.self).baseAddress, uInt(part.count)))
  }
}
