internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct GeneralEvaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score data under a general Boltzmann machine, in nats.",
    discussion: """
      Examples:

        boltzmann general evaluate ising.safetensors --data spins.csv
        boltzmann general evaluate general.safetensors --data digits --json
        boltzmann general evaluate ising.safetensors --data spins.csv \\
            --partition sandwich --error 0.1

      log P(v) is exact where at most 20 coupled units have to be enumerated, with --partition exact 25; ais anneals \
      from mean-field's independent units instead, and underestimates log Z on average; sandwich anneals in reverse, \
      too, from tempered chains: an upper bound, where these were seen to mix. \
      The pseudo-likelihood is that of machines without hidden units. Mean-field bounds log Z from below.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @OptionGroup var partition: PartitionOptions

  @Option(
    help: ArgumentHelp(
      "Write log P(v) of every sample as NPY, float64, where log Z is known.", valueName: "file"))
  var perSample: String?

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let stored = try StoredBoltzmannMachine.read(model)
    let data = try TwoStateData(data, of: stored, model, options: preprocessing, seed: common.seed)
    let machine = stored.machine
    // Free energies first: whether they can be had is known at once, log Z may take long.
    let isScored = isScored(machine)
    let energies = isScored ? try machine.freeEnergies(of: data.samples, parallel: common.parallel) : nil
    let partitions = isScored ? try partitions(machine) : Partitions(isWanted: false)
    let pseudo = (try? BoltzmannMachinePseudoLikelihood(of: machine)).map {
      $0.mean(of: data.samples, parallel: common.parallel)
    }
    let scores = Scores(
      samples: data.samples.count, unnormalized: energies.map { -$0.reduce(0, +) / Double($0.count) },
      pseudo: pseudo, logUnits: 0, partitions: partitions)
    if let perSample {
      guard let energies, let logZ = scores.logPartition else {
        throw SettingsError(message: "--per-sample needs a log Z")
      }
      try NPY.write(energies.map { -$0 - logZ }, shape: [energies.count], to: perSample)
    }
    try show(scores, lowerBound: machine.meanField().lowerBound)
  }

  /// Whether there is a log Z: with up to 20 units to enumerate, or by the way that was asked for.
  private func isScored(_ machine: BoltzmannMachine) -> Bool {
    if let choice = partition.partition { return choice != PartitionChoice.none }
    if ((try? BoltzmannMachineEnumeration(of: machine))?.enumeratedCount ?? .max) <= 20 { return true }
    common.note("note: too many coupled units for an exact log Z; mean-field's bound is all there is of it")
    return false
  }

  private func partitions(_ machine: BoltzmannMachine) throws -> Partitions {
    try MemoryLimit.requireGeneral(
      visible: machine.visibleCount, hidden: machine.hiddenCount, chains: partition.chains)
    let problem = PartitionProblem(machine, seed: common.seed, parallel: common.parallel)
    return try Partitions(partition, problem, fallback: ExactPartition.self, common)
  }

  private func show(_ scores: Scores, lowerBound: Double) throws {
    guard common.json else {
      return try Console.result(scores.text(and: [("log Z, lower bound", "\(formatted(lowerBound)) nats")]))
    }
    var object = scores.json
    object["log_partition_lower_bound"] = .number(lowerBound)
    if object["mean_log_likelihood"] == nil { object["mean_log_likelihood"] = .null }
    try Console.result(.object(object))
  }
}
