/// A table of finite numbers, one sample a row, held as compactly as its source allows.
public struct NumericTable: Equatable, Sendable {
  /// The numbers, row by row: `[rows × columns]`.
  public enum Values: Equatable, Sendable {
    /// Unsigned bytes, booleans, and whole numbers from 0 to 255 in text.
    case bytes([UInt8])
    /// Everything else, rounded to 32 bits.
    case floats([Float])

    /// How many numbers there are: rows × columns.
    public var count: Int {
      switch self {
      case .bytes(let bytes): bytes.count
      case .floats(let floats): floats.count
      }
    }

    /// A number as `Float`; unsigned bytes are not scaled.
    public subscript(index: Int) -> Float {
      switch self {
      case .bytes(let bytes): Float(bytes[index])
      case .floats(let floats): floats[index]
      }
    }
  }

  /// How many samples there are; at least one.
  public let rows: Int
  /// How many numbers a sample has; at least one.
  public let columns: Int
  /// The shape of one sample if it is more than a list, for example `[28, 28]`; multiplies up to `columns`.
  public let itemShape: [Int]?
  /// All numbers, row by row.
  public let values: Values
  /// The column names of a CSV header.
  public let names: [String]?
  /// The file's path, or `digits`.
  public let source: String
  /// What the source holds, for people: `NPY u1 (60000, 28, 28)`.
  public let format: String

  /// A table of `values.count / columns` rows.
  public init(
    columns: Int, values: Values, itemShape: [Int]? = nil, names: [String]? = nil, source: String,
    format: String
  ) {
    precondition(columns > 0 && values.count % columns == 0, "the values must fill whole rows")
    self.rows = values.count / columns
    self.columns = columns
    self.itemShape = itemShape
    self.values = values
    self.names = names
    self.source = source
    self.format = format
  }

  /// A number as `Float`, by row and column counted from 0.
  public subscript(row: Int, column: Int) -> Float {
    values[row * columns + column]
  }
}

extension NumericTable {
  /// Some of the columns; all of them without a copy.
  func columns(_ range: Range<Int>) -> NumericTable {
    guard range != 0..<columns else { return self }
    func cut<Value>(_ all: [Value]) -> [Value] {
      (0..<rows).flatMap { row in
        all[(row * columns + range.lowerBound)..<(row * columns + range.upperBound)]
      }
    }
    let values: Values =
      switch values {
      case .bytes(let bytes): .bytes(cut(bytes))
      case .floats(let floats): .floats(cut(floats))
      }
    return NumericTable(
      columns: range.count, values: values, names: names.map { Array($0[range]) }, source: source,
      format: format)
  }
}

extension NumericTable.Values {
  /// Zeros and ones mean the same in every type, so they are kept as bytes: a quarter of the memory.
  init(compacting floats: [Float]) {
    let isBinary = floats.allSatisfy { $0 == 0 || $0 == 1 }
    self = isBinary ? .bytes(floats.map { UInt8($0) }) : .floats(floats)
  }
}
