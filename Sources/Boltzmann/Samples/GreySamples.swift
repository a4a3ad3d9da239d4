public import BoltzmannCompute

/// Values in [0, 1] held as bytes: value = scale·byte.
public struct GreySamples: Samples {
  public let count: Int
  public let width: Int
  public let scale: Float
  private let bytes: [UInt8]

  public init(width: Int, bytes: [UInt8], scale: Float) {
    precondition(width > 0 && bytes.count % width == 0, "\(bytes.count) bytes are no rows of \(width)")
    self.width = width
    self.count = bytes.count / width
    self.bytes = bytes
    self.scale = scale
  }

  public func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    for (row, index) in indices.enumerated() {
      target.expandBytes(bytes, from: index * width, scale: scale, row: row)
    }
  }
}

/// Values held as Float.
public struct FloatSamples: Samples {
  public let count: Int
  public let width: Int
  private let values: [Float]

  public init(width: Int, values: [Float]) {
    precondition(width > 0 && values.count % width == 0, "\(values.count) values are no rows of \(width)")
    self.width = width
    self.count = values.count / width
    self.values = values
  }

  public init(_ matrix: Matrix) { self.init(width: matrix.columns, values: matrix.values) }

  public func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    for (row, index) in indices.enumerated() {
      target.copyRow(values, from: index * width, row: row)
    }
  }
}
