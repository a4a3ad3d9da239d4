internal import Boltzmann
internal import BoltzmannCompute

extension LayerSpecification {
  /// A layer of so many units, sites counted once, all biases zero.
  ///
  /// Throws `SettingsError` where its parts do not add up, or numbers of states are missing.
  func layer(units count: Int) throws -> any Units {
    guard let layer = units(of: try blocks(units: count)) else { preconditionFailure("kinds are known") }
    return layer
  }
}

extension Units {
  /// `784 bernoulli`, `50 categorical (1050 columns)`
  var summary: String {
    blocks.map { block in
      let columns = block.columns == block.count ? "" : " (\(block.columns) columns)"
      return "\(block.count) \(block.kind)\(columns)"
    }.joined(separator: " + ")
  }
}

extension RBM {
  /// A machine at the start of its training with these samples.
  static func untrained(
    visible: any Units, hidden: any Units, for samples: any Samples, parallel: Parallel
  ) -> RBM {
    .initialized(
      visible: visible, hidden: hidden, data: samples.statistics(parallel: parallel), seed: Workload.seed)
  }

  /// Whether both sides are what the plain loops know.
  var isBinary: Bool { visible is BernoulliUnits && hidden is BernoulliUnits }

  /// Whether a product has a factor of zeros and ones, of which row sums could be formed.
  var hasBits: Bool { visible.statesAreBits || hidden.statesAreBits }
}
