internal import Boltzmann
internal import BoltzmannCompute
internal import Foundation

extension BitSamples {
  /// Independent bits with one probability a column, as different as those of the pixels of centred images.
  /// ```
  /// P(v_i = 1) = u_i^(1/density − 1)      u_i uniform in [0, 1)      E over i = density
  /// ```
  static func synthetic(count: Int, width: Int, density: Double) -> BitSamples {
    let stream = RandomStream(seed: Workload.seed, purpose: .test)
    let bounds = stream.uniforms(row: 0, count: width).map { pow($0, 1 / density - 1) * 0x1p32 }
    let draws = stream.at(step: 1)
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

/// The first of other samples.
struct FirstSamples: Samples {
  let all: any Samples
  let count: Int

  var width: Int { all.width }

  func load(_ indices: ArraySlice<Int>, epoch: Int, into target: MutableMatrixView) {
    all.load(indices, epoch: epoch, into: target)
  }
}
