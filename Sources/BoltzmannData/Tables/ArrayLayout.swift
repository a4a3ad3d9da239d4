/// How the numbers of a binary array lie in a file: what an NPY or IDX header says.
struct ArrayLayout {
  enum ElementType: String {
    case uint8 = "u1"
    case bool = "b1"
    case int8 = "i1"
    case int16 = "i2"
    case int32 = "i4"
    case int64 = "i8"
    case float32 = "f4"
    case float64 = "f8"

    var size: Int {
      switch self {
      case .uint8, .bool, .int8: 1
      case .int16: 2
      case .int32, .float32: 4
      case .int64, .float64: 8
      }
    }
  }

  var format: String
  var type: ElementType
  var isBigEndian: Bool
  /// First index fastest, as in Fortran.
  var isFortranOrder = false
  /// Rows first; one, two or three extents.
  var shape: [Int]
  /// Where the numbers start.
  var offset: Int

  var rows: Int { shape[0] }
  var columns: Int { shape.dropFirst().reduce(1, *) }
  var itemShape: [Int]? { shape.count > 2 ? Array(shape.dropFirst()) : nil }

  var description: String {
    "\(format) \(type.rawValue) (\(shape.map(String.init).joined(separator: ", ")))"
  }

  /// Makes sure that the shape is that of a table and fits the file to the byte.
  ///
  /// - Throws: `DataError` otherwise, and if the size overflows.
  func validate(fileSize: Int, path: String) throws {
    if shape.contains(where: { $0 < 0 }) { throw problem("has a negative extent", path) }
    if shape.contains(0) { throw problem("holds no numbers", path) }
    guard let needed = Checked.product(shape + [type.size]) else { throw problem("overflows", path) }
    let present = fileSize - offset
    guard present == needed else {
      let what = present < needed ? "truncated" : "other bytes follow the numbers"
      throw problem("needs \(needed) bytes, the file has \(present): \(what)", path)
    }
  }

  private func problem(_ message: String, _ path: String) -> DataError {
    DataError(path: path, message: "\(description): \(message)")
  }
}

/// Arithmetic on sizes that come from files.
enum Checked {
  /// Nil if the product of non-negative factors exceeds `Int`.
  static func product(_ factors: [Int]) -> Int? {
    var result = 1
    for factor in factors {
      let (product, overflow) = result.multipliedReportingOverflow(by: factor)
      if overflow { return nil }
      result = product
    }
    return result
  }
}
