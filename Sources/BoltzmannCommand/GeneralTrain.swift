internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData
internal import Foundation

struct GeneralTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a general Boltzmann machine.",
    discussion: """
      Examples:

        boltzmann general train --data digits --hidden 20 --epochs 30 \\
            --output general.safetensors
        boltzmann general train --data spins.csv --visible-kind spin \\
            --method pseudo-likelihood --learning-rate 0.1 --output ising.safetensors

      Without hidden units, pseudo-likelihood needs no sampling. Ctrl-C stops after the current minibatch and \
      writes the machine as it is.
      """)

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data = Digits.name

  @Option(help: ArgumentHelp("Where the machine goes, a safetensors file.", valueName: "file"))
  var output: String

  @Flag(help: "Replace a file that is there.")
  var overwrite = false

  @OptionGroup(title: "Machine") var machine: GeneralMachineOptions
  @OptionGroup(title: "Learning") var learning: GeneralLearningOptions
  @OptionGroup(title: "Data") var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    Interruption.watch()
    try OutputFile.requireFree(output, overwrite: overwrite)
    let data = try TwoStateData(
      data, as: machine.visibleKind, preprocessing: preprocessing.preprocessing(on: nil), seed: common.seed)
    let settings = learning.settings(lateral: machine.lateral.couplings, seed: common.seed)
    try MemoryLimit.requireGeneral(
      visible: data.samples.width, hidden: machine.hidden, chains: settings.chains)
    let model = BoltzmannMachine.initialized(
      dataMeans: data.samples.means(parallel: common.parallel), hidden: machine.hidden,
      visibleKind: machine.visibleKind, hiddenKind: machine.hiddenKind ?? machine.visibleKind,
      lateral: settings.lateral, seed: common.seed)
    var trainer = try BoltzmannMachineTrainer(model: model, samples: data.samples, settings: settings)
    let interrupted = try train(&trainer, data.samples)
    let stored = StoredBoltzmannMachine(
      trainer.model, visibleShape: data.set.itemShape, preprocessing: data.set.preprocessing,
      provenance: "boltzmann general train: \(settings.method.rawValue), seed \(common.seed)")
    try stored.write(to: output)
    if let interrupted {
      common.note("stopped; the machine as it is: \(output)")
      throw interrupted
    }
  }

  /// To the end, or until a signal asks to stop.
  private func train(_ trainer: inout BoltzmannMachineTrainer, _ samples: any Samples) throws -> Interrupted?
  {
    if !common.json { try Console.result(GeneralEpoch.header) }
    var start = Date()
    while !trainer.isFinished {
      let info = try trainer.step(samples: samples, parallel: common.parallel)
      if info.endsEpoch {
        let epoch = GeneralEpoch(
          trainer, info, seconds: Date().timeIntervalSince(start), samples: samples)
        try Console.result(common.json ? "\(epoch.json)" : epoch.line)
        start = Date()
      }
      if let interrupted = Interruption.current { return interrupted }
    }
    return nil
  }
}

/// What kind of machine is made.
struct GeneralMachineOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("Hidden units; 0: fully visible.", valueName: "n"))
  var hidden = 0

  @Option(help: ArgumentHelp("Values of the visible units: 0 and 1, or -1 and 1.", valueName: "kind"))
  var visibleKind = TwoStateKind.bernoulli

  @Option(
    help: ArgumentHelp("Values of the hidden units. (default: as the visible ones)", valueName: "kind"))
  var hiddenKind: TwoStateKind?

  @Option(help: ArgumentHelp("Layers with couplings of their own.", valueName: "layers"))
  var lateral = Lateral.both

  enum Lateral: String, ExpressibleByArgument, CaseIterable {
    case both, visible, hidden, none

    var couplings: LateralCouplings {
      switch self {
      case .both: [.visible, .hidden]
      case .visible: .visible
      case .hidden: .hidden
      case .none: []
      }
    }
  }

  func validate() throws {
    if hidden < 0 { throw ValidationError("--hidden must not be negative, not \(hidden)") }
  }
}

/// How it learns.
struct GeneralLearningOptions: ParsableArguments {
  private static let defaults = BoltzmannMachineSettings()

  @Option(help: ArgumentHelp("Where the gradient comes from.", valueName: "method"))
  var method = defaults.method

  @Option(help: ArgumentHelp("How pcd infers the hidden units of the data.", valueName: "phase"))
  var positivePhase = defaults.positivePhase

  @Option(parsing: .unconditional, help: ArgumentHelp("Gibbs sweeps per update.", valueName: "k"))
  var steps = defaults.steps

  @Option(parsing: .unconditional, help: ArgumentHelp("Persistent chains.", valueName: "n"))
  var chains = defaults.chains

  @Option(parsing: .unconditional, help: ArgumentHelp("Passes over the data.", valueName: "n"))
  var epochs = defaults.epochs

  @Option(parsing: .unconditional, help: ArgumentHelp("Samples in a minibatch.", valueName: "n"))
  var batchSize = defaults.batchSize

  @Option(parsing: .unconditional, help: ArgumentHelp("Learning rate.", valueName: "rate"))
  var learningRate = defaults.learningRate

  @Option(
    help: ArgumentHelp(
      "Rate over the epochs: constant, linear (to zero), exponential:factor or inverse:half-life.",
      valueName: "schedule"))
  var schedule = defaults.schedule

  @Option(parsing: .unconditional, help: ArgumentHelp("Momentum.", valueName: "momentum"))
  var momentum = defaults.momentum

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Weight of half the sum of squared couplings.", valueName: "weight"))
  var l2 = defaults.l2

  func settings(lateral: LateralCouplings, seed: UInt64) -> BoltzmannMachineSettings {
    var settings = BoltzmannMachineSettings()
    settings.method = method
    settings.positivePhase = positivePhase
    settings.steps = steps
    settings.chains = chains
    settings.lateral = lateral
    settings.epochs = epochs
    settings.batchSize = batchSize
    settings.learningRate = learningRate
    settings.schedule = schedule
    settings.momentum = momentum
    settings.l2 = l2
    settings.seed = seed
    return settings
  }
}

/// What an epoch is reported as.
private struct GeneralEpoch {
  private let info: BoltzmannMachineTrainer.Info
  private let seconds: Double
  private let couplingNorm: Double
  /// Of fully visible machines, on up to 1,000 samples.
  private let pseudoLogLikelihood: Double?

  init(
    _ trainer: BoltzmannMachineTrainer, _ info: BoltzmannMachineTrainer.Info, seconds: Double,
    samples: any Samples
  ) {
    self.info = info
    self.seconds = seconds
    couplingNorm = trainer.model.couplings.view.squaredNorm.squareRoot()
    let rows = samples.matrix(samples.evenlySpread(1000), epoch: info.epoch)
    pseudoLogLikelihood = (try? BoltzmannMachinePseudoLikelihood(of: trainer.model)).map {
      $0.values(of: rows.view).reduce(0, +) / Double(rows.rows)
    }
  }

  var json: JSONValue {
    [
      "epoch": .integer(info.epoch + 1), "seconds": .number(seconds),
      "learning_rate": .number(info.learningRate),
      "coupling_norm": .number(couplingNorm), "step_norm": .number(info.stepNorm),
      "pseudo_log_likelihood": pseudoLogLikelihood.map { .number($0) } ?? .null,
      "mean_field_converged": info.meanField.map { .bool($0.hasConverged) } ?? .null,
    ]
  }

  static let header = row(["epoch", "seconds", "‖J‖", "‖ΔJ‖", "pseudo-log-P"])

  var line: String {
    GeneralEpoch.row([
      "\(info.epoch + 1)", formatted(seconds, 2), formatted(couplingNorm, 3), formatted(info.stepNorm, 5),
      formatted(pseudoLogLikelihood, 3),
    ])
  }

  private static func row(_ cells: [String]) -> String {
    zip([5, 8, 9, 9, 12], cells).map { String(repeating: " ", count: max(0, $0 - $1.count)) + $1 }
      .joined(separator: " ")
  }
}
