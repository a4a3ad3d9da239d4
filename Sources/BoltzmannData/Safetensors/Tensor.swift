/// Numbers and their shape, last index fastest.
public struct Tensor: Equatable, Sendable {
  /// The numbers in one of the types that files hold.
  public enum Values: Equatable, Sendable {
    case float32([Float])
    case float64([Double])
    case int64([Int64])
    case uint8([UInt8])
  }

  /// The extents, slowest first; empty for a single number.
  public let shape: [Int]
  /// As many numbers as the shape multiplies up to.
  public let values: Values

  /// A tensor of any type; the shape must multiply up to the number of values.
  public init(shape: [Int], values: Values) {
    precondition(
      Checked.product(shape) == values.count, "the shape must multiply up to the number of values")
    self.shape = shape
    self.values = values
  }

  /// A tensor of `float32`; the shape must multiply up to the number of values.
  public init(shape: [Int], _ values: [Float]) {
    self.init(shape: shape, values: .float32(values))
  }

  /// The numbers if the type is `float32`, else nil.
  public var floats: [Float]? {
    if case .float32(let floats) = values { floats } else { nil }
  }
}

extension Tensor.Values {
  /// How many numbers there are.
  public var count: Int {
    switch self {
    case .float32(let numbers): numbers.count
    case .float64(let numbers): numbers.count
    case .int64(let numbers): numbers.count
    case .uint8(let numbers): numbers.count
    }
  }

  /// The first NaN or infinity and its place, counted from 0.
  var firstNonFinite: (index: Int, value: String)? {
    switch self {
    case .float32(let numbers): numbers.firstNonFinite.map { ($0, numbers[$0].description) }
    case .float64(let numbers): numbers.firstNonFinite.map { ($0, numbers[$0].description) }
    case .int64, .uint8: nil
    }
  }
}

extension Array where Element: BinaryFloatingPoint {
  /// The place of the first NaN or infinity.
  var firstNonFinite: Int? {
    firstIndex { !$0.isFinite }
  }
}
