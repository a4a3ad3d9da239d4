internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score data under a machine: log-likelihood, log Z, pseudo-likelihood, in nats.",
    discussion: """
      Examples:

        boltzmann evaluate runs/digits/model.safetensors --data digits
        boltzmann evaluate model.safetensors --data test.npy --partition ais \\
            --chains 500 --temperatures 1000 --per-sample scores.npy --json
        boltzmann evaluate model.safetensors --data test.npy \\
            --partition sandwich --error 0.1
        boltzmann evaluate model.safetensors --data test.npy --partition all

      log Z is exact where a side has at most 20 units, else estimated by annealed importance sampling (ais), which \
      underestimates it on average: the log-likelihood is then rather too good. sandwich anneals in reverse too, from \
      exact samples or from tempered chains: an upper bound, where these were seen to mix. tempering and integration \
      follow log Z along the chains of parallel tempering, whose rounds are doubled until they mix. all prints every \
      one of them side by side.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @OptionGroup var partition: PartitionOptions

  @Option(
    help: ArgumentHelp(
      "Write log P(v) of every sample as NPY, float64; −F(v) where there is no log Z or the data are grey.",
      valueName: "file"))
  var perSample: String?

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let input = try ModelAndData(model: model, data: data, options: preprocessing, seed: common.seed)
    let machine = input.model.machine, samples = input.data.samples
    if !input.data.hasLikelihood { common.note(greyNote) }
    let energies = machine.freeEnergies(of: samples, parallel: common.parallel)
    let unnormalized = -energies.reduce(0, +) / Double(energies.count)
    let pseudo =
      input.data.hasLikelihood
      ? try? PseudoLikelihood(of: machine).mean(of: samples, parallel: common.parallel) : nil
    let scores = Scores(
      samples: samples.count, unnormalized: unnormalized, pseudo: pseudo,
      logUnits: input.data.hasLikelihood ? input.data.logUnits : nil,
      partitions: try partitions(machine, input.data))
    if let perSample {
      let logZ = scores.logPartition ?? 0
      try NPY.write(energies.map { -$0 - logZ }, shape: [energies.count], to: perSample)
    }
    if common.json {
      try Console.result(.object(scores.json))
    } else {
      try Console.result(scores.text)
    }
  }
}

extension Evaluate {
  /// Exact up to 20 units on a side, else annealed, unless asked for otherwise.
  private func partitions(_ machine: RBM, _ data: DataSet) throws -> Partitions {
    let choice = partition.partition
    guard choice == PartitionChoice.none || machine.partitionExistence == .shown else {
      let problem = NoPartitionError(existence: machine.partitionExistence)
      if choice == .method(ExactPartition.name) { throw problem }
      common.note("note: \(problem)")
      return Partitions(isWanted: true)
    }
    let fallback: any PartitionEstimator.Type =
      machine.exactBits <= 20 ? ExactPartition.self : ForwardAnnealing.self
    if (choice?.methods ?? [fallback]).contains(where: { $0 != ExactPartition.self }) {
      try MemoryLimit.requireChains(partition.chains, of: machine)
      if machine.referenceVisibleBias == nil {
        common.note("note: the model has no reference biases; annealing starts from the means of the data")
      }
    }
    let problem = PartitionProblem(
      model: machine, reference: reference(machine, data, common.parallel), seed: common.seed,
      parallel: common.parallel)
    return try Partitions(partition, problem, fallback: fallback, common)
  }
}
