/// A safetensors file: named tensors and a dictionary of strings (github.com/huggingface/safetensors).
///
/// ```
/// 8 bytes     length of the header, little-endian
/// header      {"__metadata__": {...}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
/// the rest    the numbers, little-endian, last index fastest; offsets count from here
/// ```
public struct SafetensorsFile: Sendable {
  /// The `__metadata__` of the header.
  public var metadata: [String: String]
  /// In the order of their numbers in the file.
  public var tensors: [(name: String, tensor: Tensor)]

  /// A file to be written; each tensor needs a name of its own.
  public init(metadata: [String: String] = [:], tensors: [(name: String, tensor: Tensor)] = []) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The tensor of this name, if there is one.
  public subscript(name: String) -> Tensor? {
    tensors.first { $0.name == name }?.tensor
  }
}

extension SafetensorsFile {
  static let metadataKey = "__metadata__"

  /// The types of number that are read and written.
  enum DataType: String {
    case float32 = "F32"
    case float64 = "F64"
    case int64 = "I64"
    case uint8 = "U8"

    var size: Int {
      switch self {
      case .float32: 4
      case .float64, .int64: 8
      case .uint8: 1
      }
    }
  }
}

extension Tensor.Values {
  var dataType: SafetensorsFile.DataType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .int64: .int64
    case .uint8: .uint8
    }
  }
}
