public import BoltzmannCompute

/// Binary samples at one bit a value: 60,000 × 784 take 5.9 MB.
public struct BitSamples: Samples {
  public let count: Int
  public let width: Int
  private let bytesPerSample: Int
  private var bits: [UInt8]

  /// All values 0.
  public init(count: Int, width: Int) {
    self.count = count
    self.width = width
    bytesPerSample = (width + 7) / 8
    bits = [UInt8](repeating: 0, count: count * bytesPerSample)
  }

  /// The value of each visible of each sample from `isOn(sample, visible)`.
  public init(count: Int, width: Int, isOn: (_ sample: Int, _ visible: Int) -> Bool) {
    self.init(count: count, width: width)
    for sample in 0..<count {
      for visible in 0..<width where isOn(sample, visible) { setOn(sample, visible) }
    }
  }

  /// Values of a matrix; on where ≥ ½.
  public init(_ matrix: Matrix) {
    self.init(count: matrix.rows, width: matrix.columns) { matrix[$0, $1] >= 0.5 }
  }

  public mutating func setOn(_ sample: Int, _ visible: Int) {
    precondition(visible >= 0 && visible < width, "no such visible")
    bits[sample * bytesPerSample + visible / 8] |= 1 << UInt8(visible % 8)
  }

  public func isOn(_ sample: Int, _ visible: Int) -> Bool {
    bits[sample * bytesPerSample + visible / 8] >> UInt8(visible % 8) & 1 == 1
  }

  public func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    for (row, index) in indices.enumerated() {
      target.expandBits(bits, from: index * bytesPerSample, row: row)
    }
  }
}
