/// Which class each of many samples belongs to: class numbers as a file has them, nil where one is missing.
public struct Labels: Equatable, Sendable {
  /// Whole numbers from 0 on, `[sample]`.
  public let numbers: [Int?]
  /// The file's path, or `digits`.
  public let source: String

  public init(numbers: [Int?], source: String) {
    self.numbers = numbers
    self.source = source
  }

  /// Reads one label a sample from IDX, NPY, CSV or TSV of one column, also gzipped; or the bundled `digits`.
  ///
  /// −1, NaN and an empty field of text mean that a label is missing.
  ///
  /// Throws `DataError`: `missingInput` if the file cannot be read; `content`, with the row, if a label is no whole
  /// number.
  public static func read(_ source: String) throws -> Labels {
    if source == Digits.name {
      return Labels(numbers: try Digits.load().labels.map { Int($0) }, source: source)
    }
    return try decode(FileBytes.readUncompressed(source), path: source)
  }

  /// Decodes the uncompressed content of a file; `path` is named in errors.
  public static func decode(_ bytes: [UInt8], path: String) throws -> Labels {
    if bytes.isEmpty { throw DataError(path: path, message: "the file is empty") }
    if NPY.isRecognised(bytes) {
      return try Labels(array: bytes, NPY.layout(bytes, path: path, dimensions: 1...2), path: path)
    }
    if IDX.isRecognised(bytes) {
      return try Labels(array: bytes, IDX.layout(bytes, path: path), path: path)
    }
    guard !bytes.prefix(4096).contains(0) else {
      throw DataError(path: path, message: "binary data, not NPY, IDX, CSV or TSV")
    }
    return try Labels(text: bytes, path: path)
  }

  /// The distinct class numbers, ascending.
  public var classes: [Int] { Set(numbers.compactMap { $0 }).sorted() }

  /// The same labels where there are as many as samples; else the error that says so.
  public func requiring(count: Int, of data: String) throws -> Labels {
    guard numbers.count == count else {
      throw DataError(
        path: source, message: "holds \(numbers.count) labels, but \(data) has \(count) samples")
    }
    return self
  }

  /// The place of each label among `classes`, nil where it is missing.
  ///
  /// Throws `DataError` with the first row whose label is none of them.
  public func places(in classes: [Int]) throws -> [Int?] {
    let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    return try numbers.enumerated().map { row, number in
      guard let number else { return nil }
      guard let place = places[number] else {
        throw problem("\(number) is none of the model's classes: \(listed(classes))", row)
      }
      return place
    }
  }

  /// The place of each label among `classes`.
  ///
  /// Throws `DataError` with the first row whose label is none of them, or missing.
  public func knownPlaces(in classes: [Int]) throws -> [Int] {
    try places(in: classes).enumerated().map { row, place in
      guard let place else { throw problem("the label is missing", row) }
      return place
    }
  }

  private func problem(_ message: String, _ row: Int) -> DataError {
    Labels.problem(message, row: row, path: source)
  }

  static func problem(_ message: String, row: Int, path: String) -> DataError {
    DataError(path: path, location: .entry(row: row + 1, column: 1), message: message)
  }
}

/// The first few of many numbers.
private func listed(_ numbers: [Int]) -> String {
  numbers.prefix(12).map(String.init).joined(separator: ", ") + (numbers.count > 12 ? ", …" : "")
}
