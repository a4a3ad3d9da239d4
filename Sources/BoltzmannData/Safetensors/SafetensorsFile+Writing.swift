extension SafetensorsFile {
  /// Writes the file in one step; the bytes depend on nothing but the content.
  ///
  /// Keys are sorted; the header is padded with spaces to a multiple of 8 bytes. The numbers follow by falling size
  /// of their type, so that all are aligned, then by name.
  ///
  /// - Throws: `DataError`: `content` if a number is not finite, since such a file would not be read again, or as
  ///   `AtomicFile.write` does.
  public func write(to path: String, allowsNonFinite: Bool = false) throws {
    if !allowsNonFinite { try Self.requireFinite(tensors, path: path) }
    try AtomicFile.write(to: path) { file in
      try file.write(header)
      for (_, tensor) in ordered { try tensor.values.write(to: file) }
    }
  }

  /// The bytes that `write` puts into the file.
  public func encode() -> [UInt8] {
    ordered.reduce(into: header) { $1.tensor.values.append(to: &$0) }
  }

  private var ordered: [(name: String, tensor: Tensor)] {
    let bySizeAndName = tensors.map { (size: $0.tensor.values.dataType.size, name: Array($0.name.utf8), $0) }
    return bySizeAndName.sorted { first, second in
      first.size == second.size
        ? first.name.lexicographicallyPrecedes(second.name) : first.size > second.size
    }.map { $0.2 }
  }

  private var header: [UInt8] {
    var members: [String: JSONValue] = [:]
    if !metadata.isEmpty { members[Self.metadataKey] = .object(metadata.mapValues(JSONValue.string)) }
    var offset = 0
    for (name, tensor) in ordered {
      precondition(members[name] == nil, "each tensor must have a name of its own")
      members[name] = tensor.headerEntry(at: &offset)
    }
    let text = Array(JSONValue.object(members).description.utf8)
    let length = (text.count + 7) / 8 * 8
    let prefix = withUnsafeBytes(of: UInt64(length).littleEndian, Array.init)
    return prefix + text + [UInt8](repeating: UInt8(ascii: " "), count: length - text.count)
  }
}

extension Tensor {
  fileprivate func headerEntry(at offset: inout Int) -> JSONValue {
    let start = offset
    offset += values.count * values.dataType.size
    return [
      "dtype": .string(values.dataType.rawValue),
      "shape": .array(shape.map(JSONValue.integer)),
      "data_offsets": [.integer(start), .integer(offset)],
    ]
  }
}

extension Tensor.Values {
  fileprivate func write(to file: borrowing FileWriter) throws {
    switch self {
    case .float32(let numbers): try file.write(numbers)
    case .float64(let numbers): try file.write(numbers)
    case .int64(let numbers): try file.write(numbers)
    case .uint8(let numbers): try file.write(numbers)
    }
  }

  fileprivate func append(to bytes: inout [UInt8]) {
    switch self {
    case .float32(let numbers): numbers.withUnsafeBytes { bytes += $0 }
    case .float64(let numbers): numbers.withUnsafeBytes { bytes += $0 }
    case .int64(let numbers): numbers.withUnsafeBytes { bytes += $0 }
    case .uint8(let numbers): bytes += numbers
    }
  }
}
