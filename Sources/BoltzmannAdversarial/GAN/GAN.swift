internal import Boltzmann
public import BoltzmannCompute

/// A generative adversarial network (Goodfellow et al. 2014): a generator and the discriminator that judges it.
/// ```
/// x = G(z),  z ~ p_z             a sample
/// D(x) = σ(discriminator(x))     the probability that x is data and not a sample
/// ```
public struct GAN: Sendable, Equatable {
  public let noise: NoisePrior
  /// `[batch, noise]` to `[batch, visible]`.
  public let generator: DenseNetwork
  /// `[batch, visible]` to logits, `[batch, 1]`.
  public let discriminator: DenseNetwork

  /// - Throws: `SettingsError` where noise, generator and discriminator do not fit.
  public init(noise: NoisePrior, generator: DenseNetwork, discriminator: DenseNetwork) throws {
    guard generator.inputs == noise.width else {
      throw SettingsError(
        message: "a generator with \(generator.inputs) inputs does not take noise \(noise)")
    }
    guard discriminator.inputs == generator.outputs else {
      throw SettingsError(
        message: "a discriminator with \(discriminator.inputs) inputs does not judge samples of "
          + "\(generator.outputs) numbers")
    }
    guard discriminator.outputs == 1 else {
      throw SettingsError(message: "a discriminator gives one logit, not \(discriminator.outputs)")
    }
    self.noise = noise
    self.generator = generator
    self.discriminator = discriminator
  }

  public var visibleCount: Int { generator.outputs }

  /// `count` samples, `[count, visible]`; sample r is the same, bit for bit, whatever the count.
  ///
  /// A product's rounding depends on how many rows it has: blocks are always whole, and what is too much is dropped.
  public func samples(_ count: Int, seed: UInt64, parallel: Parallel = .all) throws -> Matrix {
    let stream = RandomStream(seed: seed, purpose: .noise, step: GAN.sampling)
    var result = Matrix(rows: count, columns: visibleCount)
    try result.withMutableView { result in
      let blocks = Blocks(count: count, size: DenseNetwork.rowsPerBlock)
      _ = try parallel.map(blocks.count) { block, _ in
        let first = UInt64(block * blocks.size), range = blocks[block]
        let z = MutableMatrixView(rows: blocks.size, columns: noise.width)
        noise.draw(RandomRows(stream, rows: ArraySlice(first..<(first + UInt64(blocks.size)))), into: z)
        let whole = try generator.outputs(of: z.view, parallel: Parallel(threads: 1))
        result.rows(range).copy(whole.view.rows(0..<range.count))
      }
    }
    return result
  }

  /// The step of the noise that samples are made from; trainings count theirs from 0.
  private static let sampling: UInt64 = 1 << 47

  /// log D/(1 − D) of rows, `[rows]`, in nats.
  public func logits(of rows: MatrixView, parallel: Parallel = .all) throws -> [Float] {
    try discriminator.outputs(of: rows, parallel: parallel).values
  }
}
