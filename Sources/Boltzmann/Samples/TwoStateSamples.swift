public import BoltzmannCompute

/// Samples of zeros and ones as the values of a kind of units: spins are 2x − 1.
public struct TwoStateSamples: Samples {
  private let bits: any Samples
  private let kind: TwoStateKind

  public init(_ bits: any Samples, as kind: TwoStateKind) {
    self.bits = bits
    self.kind = kind
  }

  public var count: Int { bits.count }
  public var width: Int { bits.width }

  public func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    bits.load(indices, epoch: epoch, into: target)
    if kind != .bernoulli { target.scale(by: kind.step, adding: kind.low) }
  }
}
