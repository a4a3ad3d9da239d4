/// What the header of a safetensors file says, checked against the size of the file.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let type: SafetensorsFile.DataType
    let shape: [Int]
    /// Offsets from the end of the header.
    let extent: Range<Int>
  }

  let metadata: [String: String]
  /// In the order of their numbers; together they cover the file without gap or overlap.
  let entries: [Entry]
  /// Where the numbers start in the file.
  let dataStart: Int

  private static let longest = 100_000_000

  /// - Throws: `DataError` with the tensor's name where one is at fault.
  init(parsing bytes: [UInt8], path: String) throws {
    dataStart = try Self.dataStart(bytes, path: path)
    let members = try Self.members(bytes[8..<dataStart], path: path)
    metadata = try Self.metadata(members[SafetensorsFile.metadataKey], path: path)
    entries = try members.keys.filter { $0 != SafetensorsFile.metadataKey }.sortedByBytes()
      .map { try Entry(name: $0, members[$0] ?? .null, path: path) }
      .sorted { ($0.extent.lowerBound, $0.extent.upperBound) < ($1.extent.lowerBound, $1.extent.upperBound) }
    try Self.requireCoverage(of: bytes.count - dataStart, by: entries, path: path)
  }

  private static func dataStart(_ bytes: [UInt8], path: String) throws -> Int {
    guard bytes.count >= 8 else {
      throw DataError(path: path, message: "not a safetensors file: shorter than 8 bytes")
    }
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    guard length <= longest else {
      throw DataError(path: path, message: "not a safetensors file: a header of \(length) bytes")
    }
    guard length <= bytes.count - 8 else {
      throw DataError(
        path: path, message: "truncated: the header has \(length) bytes, the file \(bytes.count)")
    }
    return 8 + Int(length)
  }

  private static func members(_ text: ArraySlice<UInt8>, path: String) throws -> [String: JSONValue] {
    do {
      guard text.first == UInt8(ascii: "{"), let members = try JSONParser.parse(text).object else {
        throw DataError(path: path, message: "not a safetensors file: the header is no JSON object")
      }
      return members
    } catch let problem as JSONParser.Problem {
      throw DataError(path: path, location: .byte(8 + problem.offset), message: "header: \(problem.message)")
    }
  }

  private static func metadata(_ value: JSONValue?, path: String) throws -> [String: String] {
    guard let value else { return [:] }
    guard let strings = value.object?.compactMapValues(\.string), strings.count == value.object?.count else {
      throw DataError(path: path, message: "\(SafetensorsFile.metadataKey): all values must be strings")
    }
    return strings
  }

  private static func requireCoverage(of size: Int, by entries: [Entry], path: String) throws {
    var end = 0
    for entry in entries {
      let start = entry.extent.lowerBound
      guard start == end else {
        let fault = start < end ? "overlaps the tensor before it" : "leaves a gap of \(start - end) bytes"
        throw entry.problem("at offset \(start): \(fault)", path: path)
      }
      end = entry.extent.upperBound
      guard end <= size else {
        throw entry.problem("ends at offset \(end), the file at \(size): truncated", path: path)
      }
    }
    guard end == size else {
      throw DataError(path: path, message: "\(size - end) bytes after the last tensor")
    }
  }
}

extension SafetensorsHeader.Entry {
  private static let keys: Set = ["dtype", "shape", "data_offsets"]

  /// Checks that the extent is that of the shape.
  fileprivate init(name: String, _ value: JSONValue, path: String) throws {
    func problem(_ message: String) -> DataError { Self.problem(name, message, path: path) }
    guard let members = value.object, Set(members.keys) == Self.keys else {
      throw problem("must have dtype, shape and data_offsets")
    }
    guard let type = members["dtype"]?.string.flatMap(SafetensorsFile.DataType.init) else {
      throw problem("type \(members["dtype"] ?? .null); F32, F64, I64 and U8 can be read")
    }
    guard let shape = Self.sizes(members["shape"]) else { throw problem("the shape must be a list of sizes") }
    guard let ends = Self.sizes(members["data_offsets"]), ends.count == 2, ends[0] <= ends[1] else {
      throw problem("data_offsets must be a start and an end")
    }
    guard Checked.product(shape + [type.size]) == ends[1] - ends[0] else {
      throw problem("\(ends[1] - ends[0]) bytes do not fit \(type.rawValue) of shape \(shape)")
    }
    self.init(name: name, type: type, shape: shape, extent: ends[0]..<ends[1])
  }

  private static func sizes(_ value: JSONValue?) -> [Int]? {
    guard let elements = value?.array else { return nil }
    let sizes = elements.compactMap(\.integer).filter { $0 >= 0 }
    return sizes.count == elements.count ? sizes : nil
  }

  func problem(_ message: String, path: String) -> DataError {
    Self.problem(name, message, path: path)
  }

  private static func problem(_ name: String, _ message: String, path: String) -> DataError {
    DataError(path: path, location: .tensor(name), message: message)
  }
}
