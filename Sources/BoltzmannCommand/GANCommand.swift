internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannAdversarial
internal import BoltzmannCompute
internal import BoltzmannData

struct GANCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gan",
    abstract: "Generative adversarial networks: train, sample.",
    discussion: """
      A generator makes samples from noise, a discriminator tells them from data; each learns from the other.

        boltzmann gan train --data images.npy --output gan.safetensors
        boltzmann gan sample gan.safetensors --count 100 --output samples.png

      `--data ring` is a trial without a file: eight normal distributions around a circle, with a report of how many \
      of them the generator covers.
      """,
    subcommands: [GANTrain.self, GANSample.self])
}

/// What a generative adversarial network learns from.
struct GANData {
  let samples: any Samples
  let itemShape: [Int]?
  let preprocessing: Preprocessing?
  /// Where the data are draws from it.
  let ring: GaussianRing?

  static let ringName = "ring"
  private static let ringSamples = 10_000

  /// `visibleKind`: bernoulli for values between 0 and 1, gaussian for any numbers.
  init(_ source: String, visibleKind: String, options: PreprocessingOptions, seed: UInt64) throws {
    guard source != GANData.ringName else {
      let ring = try GaussianRing()
      self.ring = ring
      samples = ring.samples(GANData.ringSamples, seed: seed)
      (itemShape, preprocessing) = (nil, nil)
      return
    }
    guard let columns = LayerSpecification(visibleKind) else {
      throw SettingsError(message: "visible kind \"\(visibleKind)\" is unknown")
    }
    let set = try DataSet(
      source, preprocessing: options.preprocessing(on: Preprocessing(binarization: .none)),
      visibles: VisibleColumns(columns), seed: seed)
    samples = set.samples
    itemShape = set.itemShape
    preprocessing = set.preprocessing
    ring = nil
  }
}

extension MemoryLimit {
  /// Parameters, their moments and directions; and what the layers give for a minibatch, with its slopes.
  static func requireGAN(visible: Int, settings: GANSettings) throws {
    let generator = [settings.noise.width] + settings.generatorWidths + [visible]
    let discriminator = [visible] + settings.discriminatorWidths + [1]
    // Outputs and deltas: the discriminator judges data and fakes, of wasserstein points between, too.
    let rows = 2 * Double(settings.objective == .wasserstein ? 3 : 2) * Double(settings.batchSize)
    for widths in [generator, discriminator].map({ $0.map { Double($0) } }) {
      let parameters = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
      try require(floats: 4 * parameters, for: "networks with so many units")
      try require(floats: rows * widths.reduce(0, +), for: "a minibatch of so many samples")
    }
  }
}
