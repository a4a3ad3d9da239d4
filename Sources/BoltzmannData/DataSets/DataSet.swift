public import Boltzmann
internal import BoltzmannCompute
internal import CBoltzmannZlib

/// The data of a file as states of binary visibles.
public struct DataSet: Sendable {
  public let samples: any Samples
  /// Whether P(v) is a law of these values: false for grey values that were left as they are.
  public let isBinary: Bool
  /// The shape of one sample where it is more than a list.
  public let itemShape: [Int]?
  /// How the values were read; a model that is trained on them keeps it.
  public let preprocessing: Preprocessing
  /// Where the values came from, for people.
  public let source: String
  /// `rows × columns` and a checksum of the values as read: a run resumes only with the data it began with.
  public let fingerprint: String

  /// Reads a file, or the bundled `digits`.
  ///
  /// Throws `DataError` where the file cannot be read or a value lies outside [0, 1] after scaling.
  ///
  /// - Parameter seed: decides the draws of random binarisations.
  public init(_ source: String, preprocessing: Preprocessing = Preprocessing(), seed: UInt64 = 0) throws {
    try self.init(NumericTable.read(source), preprocessing: preprocessing, seed: seed)
  }

  public init(_ table: NumericTable, preprocessing: Preprocessing, seed: UInt64) throws {
    source = table.source
    itemShape = table.itemShape
    fingerprint = "\(table.rows)x\(table.columns):crc32:\(String(table.values.checksum, radix: 16))"
    let values = try UnitIntervalValues(table, scale: preprocessing.scale)
    if let bits = values.binary {
      samples = bits
      isBinary = true
      self.preprocessing = preprocessing
    } else {
      samples = preprocessing.binarization(values.grey, seed: seed)
      isBinary = preprocessing.binarization != .none
      self.preprocessing = Preprocessing(
        scale: values.scale, binarization: preprocessing.binarization)
    }
  }

  /// The same data where they have `width` columns; else the error that says so.
  public func requiring(width: Int, of model: String) throws -> DataSet {
    guard samples.width == width else {
      throw DataError(
        path: source,
        message: "has \(samples.width) columns, but \(model) has \(width) visible units")
    }
    return self
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
