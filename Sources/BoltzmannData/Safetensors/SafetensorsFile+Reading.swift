extension SafetensorsFile {
  /// Reads a file strictly.
  ///
  /// - Parameter allowsNonFinite: accepts NaN and infinity.
  /// - Throws: `DataError`: `missingInput` if the file cannot be read; `content`, with the tensor's name where one
  ///   is at fault, if the header is not valid, names or bytes are used twice or not at all, a type is unknown, a
  ///   shape does not fit, the file is truncated, or a number is not finite.
  public static func read(_ path: String, allowsNonFinite: Bool = false) throws -> SafetensorsFile {
    try decode(FileBytes.read(path), path: path, allowsNonFinite: allowsNonFinite)
  }

  /// Decodes the content of a file; `path` is named in errors.
  ///
  /// - Throws: `DataError` like `read`.
  public static func decode(
    _ bytes: [UInt8], path: String, allowsNonFinite: Bool = false
  ) throws -> SafetensorsFile {
    let header = try SafetensorsHeader(parsing: bytes, path: path)
    let tensors = header.entries.map { entry in
      let start = header.dataStart + entry.extent.lowerBound
      let values = Tensor.Values(entry.type, copying: bytes[start..<start + entry.extent.count])
      return (name: entry.name, tensor: Tensor(shape: entry.shape, values: values))
    }
    if !allowsNonFinite { try requireFinite(tensors, path: path) }
    return SafetensorsFile(metadata: header.metadata, tensors: tensors)
  }

  static func requireFinite(_ tensors: [(name: String, tensor: Tensor)], path: String) throws {
    for (name, tensor) in tensors {
      guard let (index, value) = tensor.values.firstNonFinite else { continue }
      throw DataError(
        path: path, location: .tensor(name),
        message: "the number at \(index) (from 0) is \(value), not finite")
    }
  }
}

extension Tensor.Values {
  fileprivate init(_ type: SafetensorsFile.DataType, copying bytes: ArraySlice<UInt8>) {
    switch type {
    case .float32: self = .float32(numbers(bytes, filler: 0))
    case .float64: self = .float64(numbers(bytes, filler: 0))
    case .int64: self = .int64(numbers(bytes, filler: 0))
    case .uint8: self = .uint8(Array(bytes))
    }
  }
}

#if !_endian(little)
  #error("Numbers are copied as they are; this machine must be little-endian.")
#endif

/// Copies the bytes at once: they may start anywhere, so they cannot be viewed as numbers in place.
private func numbers<Number: BitwiseCopyable>(_ bytes: ArraySlice<UInt8>, filler: Number) -> [Number] {
  var numbers = [Number](repeating: filler, count: bytes.count / MemoryLayout<Number>.size)
  numbers.withUnsafeMutableBytes { target in
    bytes.withUnsafeBytes { target.copyMemory(from: $0) }
  }
  return numbers
}
