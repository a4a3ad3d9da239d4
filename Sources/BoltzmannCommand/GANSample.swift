internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannAdversarial
internal import BoltzmannCompute
internal import BoltzmannData

struct GANSample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw samples from a generator.",
    discussion: """
      Examples:

        boltzmann gan sample gan.safetensors --count 100 --output samples.png
        boltzmann gan sample gan.safetensors --count 10000 --output samples.npy

      A name ending in .png gives a grid of pictures, .csv a table, anything else float32 NPY.
      """)

  @Argument(help: ArgumentHelp("The file of the networks.", valueName: "model"))
  var model: String

  @Option(parsing: .unconditional, help: ArgumentHelp("Samples.", valueName: "n"))
  var count: Int

  @Option(help: ArgumentHelp("Where the samples go: .npy, .csv or .png.", valueName: "file"))
  var output: String

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if count < 1 { throw ValidationError("--count must be at least 1, not \(count)") }
  }

  func run() throws {
    let stored = try StoredGAN.read(model), gan = stored.gan
    let widths = gan.generator.widths.map { Double($0) }.reduce(0, +)
    try MemoryLimit.require(floats: 2 * Double(count) * widths, for: "\(count) samples")
    let samples = try gan.samples(count, seed: common.seed, parallel: common.parallel)
    try write(samples, stored)
    if common.json {
      try Console.result(["count": .integer(count), "output": .string(output)])
    } else {
      common.note("\(count) samples: \(output)")
    }
  }

  private func write(_ samples: Matrix, _ stored: StoredGAN) throws {
    if output.hasSuffix(".png") {
      let grid = ImageGrid(tileHeight: stored.tileShape.height, tileWidth: stored.tileShape.width)
      try PNG.write(grid.image(of: samples.values), to: output)
    } else if output.hasSuffix(".csv") {
      try CSV.write(.floats(samples.values), columns: samples.columns, names: nil, to: output)
    } else {
      try NPY.write(samples.values, shape: [count] + (stored.visibleShape ?? [samples.columns]), to: output)
    }
  }
}
