public import BoltzmannCompute

/// How values in [0, 1] become states of binary visibles.
public enum Binarization: Spelled {
  /// On where value ≥ the threshold.
  case threshold(Float)
  /// On with probability value, drawn once.
  case sample
  /// On with probability value, drawn afresh each epoch.
  case resample
  /// Left as they are. P(v) is then no density of these values (DesignNotes), only training may use them.
  case none

  /// `threshold` (0.5), `threshold:0.3`, `sample`, `resample`, `none`.
  public init?(_ text: String) {
    switch nameAndNumber(text) {
    case ("threshold", let value)?: self = .threshold(Float(value ?? 0.5))
    case ("sample", nil)?: self = .sample
    case ("resample", nil)?: self = .resample
    case ("none", nil)?: self = .none
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .threshold(let value): "threshold:\(value)"
    case .sample: "sample"
    case .resample: "resample"
    case .none: "none"
    }
  }

  /// The samples with this binarisation; random ones draw from `seed`.
  public func callAsFunction(_ samples: any Samples, seed: UInt64) -> any Samples {
    let stream = RandomStream(seed: seed, purpose: .binarization)
    return switch self {
    case .threshold(let threshold): bits(of: samples) { $0 >= threshold }
    case .sample: bits(of: ResampledSamples(grey: samples, stream: stream)) { $0 == 1 }
    case .resample: ResampledSamples(grey: samples, stream: stream)
    case .none: samples
    }
  }
}

private func bits(of samples: any Samples, _ isOn: (_ value: Float) -> Bool) -> BitSamples {
  var result = BitSamples(count: samples.count, width: samples.width)
  for sample in 0..<samples.count {
    let row = samples.matrix(CollectionOfOne(sample)).values
    for visible in 0..<row.count where isOn(row[visible]) { result.setOn(sample, visible) }
  }
  return result
}

/// Grey samples whose binary states are drawn afresh each epoch.
public struct ResampledSamples: Samples {
  let grey: any Samples
  let stream: RandomStream

  public var count: Int { grey.count }
  public var width: Int { grey.width }

  public func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    grey.load(indices, epoch: epoch, into: target)
    let numbers = ArraySlice(indices.map(UInt64.init))
    let random = RandomRows(stream.at(step: UInt64(epoch)), rows: numbers)
    target.drawBernoulli(means: target.view, random: random)
  }
}
