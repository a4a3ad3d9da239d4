internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannReference
internal import Foundation

/// The sizes of the work, and the data and the machine that all tasks share.
struct Workload: Sendable {
  let visible: Int
  let hidden: Int
  let batchSize: Int
  let parallel: Parallel
  let isQuick: Bool
  /// Binary samples in whole minibatches.
  let samples: BitSamples
  /// A machine at the start of its training.
  let model: RBM

  static let seed: UInt64 = 1

  init(_ size: SizeOptions, parallel: Parallel, isQuick: Bool) {
    visible = size.visible
    hidden = size.hidden
    batchSize = size.batchSize
    self.parallel = parallel
    self.isQuick = isQuick
    let minibatches = max(1, (isQuick ? 500 : 10_000) / batchSize)
    samples = syntheticSamples(count: minibatches * batchSize, width: visible, density: size.density)
    model = RBM.initialized(
      dataMeans: samples.means(parallel: parallel), hidden: hidden, seed: Workload.seed)
  }

  var minibatches: Int { samples.count / batchSize }

  /// Gibbs or annealing steps of a chain.
  var chainSteps: Int { isQuick ? 50 : 1000 }

  /// How many rows plain loops do before their time is scaled to the whole.
  var naiveRows: Int { isQuick ? min(10, batchSize) : batchSize }

  /// The operations of one product of some rows with the weights.
  func productFlops(rows: Int) -> Double { 2 * Double(rows) * Double(visible) * Double(hidden) }

  /// The part of the samples that is ones.
  var density: Double {
    samples.means(parallel: parallel).reduce(0) { $0 + Double($1) } / Double(visible)
  }
}

/// Independent bits with one probability a column, as different as those of the pixels of centred images.
/// ```
/// P(v_i = 1) = u_i^(1/density − 1)      u_i uniform in [0, 1)      E over i = density
/// ```
private func syntheticSamples(count: Int, width: Int, density: Double) -> BitSamples {
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

extension ReferenceRBM {
  /// The same machine for the plain loops.
  init(_ model: RBM) {
    self.init(
      weights: (0..<model.visibleCount).map { row in
        model.weights.view.rows(row..<(row + 1)).values.map(Double.init)
      },
      visibleBias: model.visible.bias.map(Double.init), hiddenBias: model.hidden.bias.map(Double.init))
  }
}
