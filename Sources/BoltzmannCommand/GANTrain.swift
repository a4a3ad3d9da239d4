public import ArgumentParser
internal import Boltzmann
public import BoltzmannAdversarial
internal import BoltzmannCompute
internal import BoltzmannData
internal import Foundation

struct GANTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a generator and its discriminator.",
    discussion: """
      Examples:

        boltzmann gan train --data digits --epochs 200 --output gan.safetensors
        boltzmann gan train --data ring --noise normal:2 --epochs 60 \\
            --learning-rate 0.001 --output ring.safetensors

      Each epoch prints the discriminator's cost (log 4 = 1.386 nats where it cannot tell), the generator's, and the \
      mean of D over data and over fakes; with --objective wasserstein D is any number, and the cost minus a distance. Ctrl-C stops after the current step and writes the networks as they are.
      """)

  @Option(help: ArgumentHelp("The data: a file, `digits` or `ring`.", valueName: "file"))
  var data = Digits.name

  @Option(help: ArgumentHelp("Where the networks go, a safetensors file.", valueName: "file"))
  var output: String

  @Flag(help: "Replace a file that is there.")
  var overwrite = false

  @OptionGroup(title: "Networks") var networks: GANNetworkOptions
  @OptionGroup(title: "Learning") var learning: GANLearningOptions
  @OptionGroup(title: "Data") var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    Interruption.watch()
    try OutputFile.requireFree(output, overwrite: overwrite)
    let data = try GANData(
      data, visibleKind: networks.visibleKind.rawValue, options: preprocessing, seed: common.seed)
    let isUnit = data.ring == nil && networks.visibleKind == .bernoulli
    var settings = learning.settings(seed: common.seed)
    networks.apply(to: &settings, isUnit: isUnit)
    try settings.validate()
    try MemoryLimit.requireGAN(visible: data.samples.width, settings: settings)
    var trainer = try GANTrainer(samples: data.samples, settings: settings)
    let interrupted = try train(&trainer, data)
    try StoredGAN(
      trainer.gan, visibleShape: data.itemShape, preprocessing: data.preprocessing,
      provenance: "boltzmann gan train: seed \(common.seed), epoch \(trainer.epoch)"
    ).write(to: output)
    if let interrupted {
      common.note("stopped; the networks as they are: \(output)")
      throw interrupted
    }
    common.note("\(output): the networks after epoch \(trainer.epoch)")
  }

  /// To the end, or until a signal asks to stop.
  private func train(_ trainer: inout GANTrainer, _ data: GANData) throws -> Interrupted? {
    if !common.json { try Console.result(GANEpoch.header(isRing: data.ring != nil)) }
    var (start, mean) = (Date(), GANEpoch.Mean())
    while !trainer.isFinished {
      let info = try trainer.step(samples: data.samples, parallel: common.parallel)
      mean.add(info)
      if info.endsEpoch {
        let coverage = try data.ring.map {
          try ModeCoverage(of: trainer.gan.samples(2_000, seed: common.seed), on: $0)
        }
        let epoch = GANEpoch(
          epoch: trainer.epoch, seconds: Date().timeIntervalSince(start), mean: mean, coverage: coverage)
        try Console.result(common.json ? "\(epoch.json)" : epoch.line)
        (start, mean) = (Date(), GANEpoch.Mean())
      }
      if let interrupted = Interruption.current { return interrupted }
    }
    return nil
  }
}

/// What the networks are.
struct GANNetworkOptions: ParsableArguments {
  private static let defaults = GANSettings()

  enum VisibleKind: String, ExpressibleByArgument, CaseIterable {
    case bernoulli, gaussian
  }

  @Option(
    help: ArgumentHelp(
      "Samples are numbers between 0 and 1 (bernoulli), or any (gaussian).", valueName: "kind"))
  var visibleKind = VisibleKind.bernoulli

  @Option(help: ArgumentHelp("Noise: normal or uniform, and how many numbers.", valueName: "noise"))
  var noise = defaults.noise

  @Option(help: ArgumentHelp("Widths of the generator's hidden layers.", valueName: "n,n"))
  var generator = Widths(defaults.generatorWidths)

  @Option(help: ArgumentHelp("Widths of the discriminator's hidden layers.", valueName: "n,n"))
  var discriminator = Widths(defaults.discriminatorWidths)

  @Option(
    help: ArgumentHelp(
      "Of the generator's hidden layers: relu, leaky-relu:slope, tanh, logistic, linear.",
      valueName: "activation"))
  var generatorActivation = ActivationName(defaults.generatorActivation)

  @Option(help: ArgumentHelp("Of the discriminator's hidden layers.", valueName: "activation"))
  var discriminatorActivation = ActivationName(defaults.discriminatorActivation)

  /// `isUnit`: whether samples lie between 0 and 1.
  func apply(to settings: inout GANSettings, isUnit: Bool) {
    settings.noise = noise
    settings.generatorWidths = generator.widths
    settings.discriminatorWidths = discriminator.widths
    settings.generatorActivation = generatorActivation.activation
    settings.discriminatorActivation = discriminatorActivation.activation
    settings.output = isUnit ? .logistic : .linear
  }
}

/// How they learn.
struct GANLearningOptions: ParsableArguments {
  private static let defaults = GANSettings()

  @Option(help: ArgumentHelp("What the generator makes small.", valueName: "objective"))
  var objective = defaults.objective

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Weight of the critic's gradient penalty, of wasserstein. (default: \(defaults.penaltyWeight))",
      valueName: "λ"))
  var penaltyWeight: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Discriminator steps for each of the generator.", valueName: "k"))
  var discriminatorSteps = defaults.discriminatorSteps

  @Option(parsing: .unconditional, help: ArgumentHelp("Passes over the data.", valueName: "n"))
  var epochs = defaults.epochs

  @Option(parsing: .unconditional, help: ArgumentHelp("Data, and fakes, in a minibatch.", valueName: "m"))
  var batchSize = defaults.batchSize

  @Option(parsing: .unconditional, help: ArgumentHelp("Learning rate of both, for Adam.", valueName: "rate"))
  var learningRate = defaults.generatorRule.rate

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How slowly Adam forgets gradients, β₁; β₂ is 0.999.", valueName: "decay"))
  var firstDecay = 0.5

  func validate() throws {
    if penaltyWeight != nil && objective != .wasserstein {
      throw ValidationError("--penalty-weight goes with --objective wasserstein")
    }
  }

  func settings(seed: UInt64) -> GANSettings {
    var settings = GANSettings()
    settings.objective = objective
    settings.penaltyWeight = penaltyWeight ?? settings.penaltyWeight
    settings.discriminatorSteps = discriminatorSteps
    settings.epochs = epochs
    settings.batchSize = batchSize
    settings.generatorRule = .adam(rate: learningRate, firstDecay: firstDecay)
    settings.discriminatorRule = .adam(rate: learningRate, firstDecay: firstDecay)
    settings.seed = seed
    return settings
  }
}

/// Widths of layers, separated by commas.
struct Widths: ExpressibleByArgument {
  let widths: [Int]

  init(_ widths: [Int]) { self.widths = widths }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard parts.allSatisfy({ (1...1_000_000).contains($0) }) else { return nil }
    widths = parts
  }

  var defaultValueDescription: String { widths.map(String.init).joined(separator: ",") }
}

extension NoisePrior: ExpressibleByArgument {}
extension ActivationName: ExpressibleByArgument {}
extension GANObjective: ExpressibleByArgument {}
