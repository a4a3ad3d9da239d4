internal import Boltzmann
internal import BoltzmannCompute
internal import Foundation

extension [UnitBlock] {
  /// Samples for visibles of these kinds, side by side.
  func syntheticSamples(count: Int, density: Double) -> any Samples {
    let parts = enumerated().map { $1.syntheticSamples(count: count, density: density, number: $0) }
    return parts.count == 1 ? parts[0] : JoinedSamples(parts)
  }

  /// What they are drawn from, for people.
  var syntheticLaw: String {
    var laws: [String] = []
    for law in map(\.syntheticLaw) where !laws.contains(law) { laws.append(law) }
    return "synthetic: \(laws.joined(separator: "; "))"
  }
}

extension UnitBlock {
  /// The random numbers are those of the block's number.
  fileprivate func syntheticSamples(count: Int, density: Double, number: Int) -> any Samples {
    let first = RandomStream(seed: Workload.seed, purpose: .test, step: 2 * UInt64(number))
    let second = first.at(step: first.step + 1)
    func bits() -> BitSamples {
      .synthetic(count: count, width: self.count, density: density, bounds: first, draws: second)
    }
    func normals() -> [Float] {
      correlatedNormals(count: count, width: columns, noise: first, factors: second)
    }
    return switch kind {
    case SpinUnits.kind: AffineSamples(bits(), scale: 2, shift: -1)
    case CategoricalUnits.kind: CategoricalSamples.synthetic(count: count, states: states, draws: first)
    case GaussianUnits.kind: FloatSamples(width: columns, values: normals())
    case RectifiedUnits.kind: FloatSamples(width: columns, values: normals().map(abs))
    default: bits()
    }
  }

  fileprivate var syntheticLaw: String {
    switch kind {
    case CategoricalUnits.kind: "independent states, low numbers likelier"
    case GaussianUnits.kind: "standard normal, correlated by common factors"
    case RectifiedUnits.kind: "magnitudes of standard normals that common factors correlate"
    default: "independent bits, one probability a column"
    }
  }
}

extension BitSamples {
  /// Independent bits with one probability a column, as different as those of the pixels of centred images.
  /// ```
  /// P(v_i = 1) = u_i^(1/density − 1)      u_i uniform in [0, 1)      E over i = density
  /// ```
  fileprivate static func synthetic(
    count: Int, width: Int, density: Double, bounds: RandomStream, draws: RandomStream
  ) -> BitSamples {
    let bounds = bounds.uniforms(row: 0, count: width).map { pow($0, 1 / density - 1) * 0x1p32 }
    var samples = BitSamples(count: count, width: width)
    for sample in 0..<count {
      let words = draws.words(row: UInt64(sample), count: width)
      for visible in 0..<width where Double(words[visible]) < bounds[visible] {
        samples.setOn(sample, visible)
      }
    }
    return samples
  }
}

extension CategoricalSamples {
  /// Independent states ⌊q·u²⌋ of q, u uniform in [0, 1).
  fileprivate static func synthetic(count: Int, states: [Int], draws: RandomStream) -> CategoricalSamples {
    let numbers = (0..<UInt64(count)).flatMap { sample -> [Int] in
      let uniforms = draws.uniforms(row: sample, count: states.count)
      return zip(states, uniforms).map { states, uniform in Int(Double(states) * uniform * uniform) }
    }
    return CategoricalSamples(states: states, numbers: numbers)
  }
}

/// x_i = (z_i + f_{i mod 8})/√2 of standard normal z and f: every eighth column has a factor in common.
private func correlatedNormals(
  count: Int, width: Int, noise: RandomStream, factors: RandomStream
) -> [Float] {
  let scale = 0.5.squareRoot()
  return (0..<UInt64(count)).flatMap { sample in
    let factors = factors.normals(row: sample, count: 8)
    return noise.normals(row: sample, count: width).enumerated().map {
      Float(scale * ($0.element + factors[$0.offset % 8]))
    }
  }
}

/// The first of other samples.
struct FirstSamples: Samples {
  let all: any Samples
  let count: Int

  var width: Int { all.width }

  func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    all.load(indices, epoch: epoch, into: target)
  }
}
