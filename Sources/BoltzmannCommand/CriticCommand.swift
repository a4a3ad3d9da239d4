internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannAdversarial
internal import BoltzmannCompute
internal import BoltzmannData

struct CriticCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "critic",
    abstract: "Judge a machine by its samples: how well can they be told from data?",
    discussion: """
      Examples:

        boltzmann critic model.safetensors --data test.npy
        boltzmann critic model.safetensors --data digits --pictures judged.png \\
            --reweighted samples.npy

      Draws samples from the machine, trains networks that tell them from data, and judges rows that they have not \
      seen. No partition function is needed. Divergences in nats, with 95 % intervals; what networks miss that \
      learn from so many rows is estimated by others that learn from half, and by repetitions. The p-value is that \
      of the hypothesis that data and samples have the same law. A machine that was trained on the same data looks \
      better than it is.
      """)

  @Argument(help: ArgumentHelp("The file of an RBM or a GAN.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Samples to draw. (default: as many as data, at most 10000)", valueName: "n"))
  var samples: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Gibbs steps of each sample's chain.", valueName: "k"))
  var steps = 1000

  @OptionGroup(title: "Critic") var critic: CriticOptions
  @OptionGroup(title: "Output") var output: CriticOutputOptions
  @OptionGroup(title: "Data") var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let samples, samples < 1 { throw ValidationError("--samples must be at least 1, not \(samples)") }
    if steps < 1 { throw ValidationError("--steps must be at least 1, not \(steps)") }
  }

  func run() throws {
    let judged = try JudgedModel(model, data: data, options: preprocessing, seed: common.seed)
    let real = judged.data.samples, count = samples ?? min(real.count, 10_000)
    // Each of two trainings at a time has its rows, chosen, scaled and in minibatches.
    try MemoryLimit.require(
      floats: 8 * (Double(real.count) + Double(count)) * Double(real.width), for: "so many rows")
    let rows = real.matrix(0..<real.count)
    let fakes = try judged.samples(count, steps: steps, seed: common.seed, parallel: common.parallel)
    let settings = critic.settings(seed: common.seed)
    let scores = try RepeatedScores(
      crossFitting: rows.view, model: fakes.view, settings: settings, parallel: common.parallel)
    let verdict = try Verdict(
      divergences: Divergences(
        of: scores, resamples: critic.resamples, seed: common.seed, parallel: common.parallel),
      test: TwoSampleTest(data: rows.view, model: fakes.view, settings: settings, parallel: common.parallel),
      data: rows.rows, samples: count)
    try output.write(fakes, ratios: scores.mean.model, of: judged, seed: common.seed)
    try Console.result(common.json ? "\(verdict.json)" : verdict.table)
  }
}

/// How the critic learns.
struct CriticOptions: ParsableArguments {
  private static let defaults = CriticSettings()

  @Option(help: ArgumentHelp("Widths of the critic's hidden layers.", valueName: "n,n"))
  var widths = Widths(defaults.widths)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Parts, each judged by a critic trained on the others.", valueName: "n"))
  var folds = defaults.folds

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Repetitions, each with other parts and other networks.", valueName: "n"))
  var repetitions = defaults.repetitions

  @Option(parsing: .unconditional, help: ArgumentHelp("Passes over the rows, at most.", valueName: "n"))
  var epochs = defaults.epochs

  @Option(parsing: .unconditional, help: ArgumentHelp("Learning rate, for Adam.", valueName: "rate"))
  var learningRate = defaults.rule.rate

  @Option(parsing: .unconditional, help: ArgumentHelp("Resamples for the intervals.", valueName: "n"))
  var resamples = 1_000

  func validate() throws {
    if !(20...1_000_000).contains(resamples) {
      throw ValidationError("--resamples must be at least 20 and at most a million, not \(resamples)")
    }
  }

  func settings(seed: UInt64) -> CriticSettings {
    var settings = CriticSettings()
    settings.widths = widths.widths
    settings.folds = folds
    settings.repetitions = repetitions
    settings.epochs = epochs
    settings.rule = .adam(rate: learningRate)
    settings.seed = seed
    return settings
  }
}

/// What else is written of the samples that were judged.
struct CriticOutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Pictures of the least real samples (upper half) and the most real ones (lower half).",
      valueName: "file.png"))
  var pictures: String?

  @Option(
    help: ArgumentHelp(
      "As many samples again, drawn in proportion to their density ratio: .npy or .csv.", valueName: "file"))
  var reweighted: String?

  private static let perRow = 10

  func write(_ samples: Matrix, ratios: [Double], of judged: JudgedModel, seed: UInt64) throws {
    if let pictures {
      let order = ratios.indices.sorted { (ratios[$0], $0) < (ratios[$1], $1) }
      let half = min(2 * Self.perRow, order.count)
      let shown = rows(Array(order.prefix(half)) + order.suffix(half), of: samples)
      let grid = ImageGrid(
        tileHeight: judged.tileShape.height, tileWidth: judged.tileShape.width, columns: Self.perRow)
      try PNG.write(grid.image(of: shown.values), to: pictures)
    }
    if let reweighted {
      let drawn = importanceResample(logWeights: ratios, count: samples.rows, seed: seed)
      try judged.write(rows(drawn, of: samples), to: reweighted)
    }
  }

  private func rows(_ numbers: [Int], of samples: Matrix) -> Matrix {
    let values = samples.values, width = samples.columns
    return Matrix(
      rows: numbers.count, columns: width,
      values: numbers.flatMap { values[($0 * width)..<(($0 + 1) * width)] })
  }
}
