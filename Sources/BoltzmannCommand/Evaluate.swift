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
      follow log Z along the chains of parallel tempering. all prints every one of them side by side.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(
    help: ArgumentHelp(
      "How log Z is found. (default: exact up to 20 units on a side, else ais)", valueName: "method"))
  var partition: PartitionChoice?

  @Option(parsing: .unconditional, help: ArgumentHelp("Annealing runs, each way.", valueName: "n"))
  var chains = 100

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Annealing steps, equal ones; sm2008 (or 14500) is Salakhutdinov & Murray's schedule. (default: sm2008)",
      valueName: "n"),
    transform: schedule)
  var temperatures: AnnealingSchedule?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The standard error of log Z that is wanted, in nats: as many temperatures, or rounds of tempering, as it takes.",
      valueName: "x"))
  var error: Double?

  @Option(
    help: ArgumentHelp(
      "Write log P(v) of every sample as NPY, float64; −F(v) where there is no log Z or the data are grey.",
      valueName: "file"))
  var perSample: String?

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if chains < 1 { throw ValidationError("--chains must be at least 1, not \(chains)") }
    guard let error else { return }
    if !(error > 0 && error.isFinite) { throw ValidationError("--error must be positive, not \(error)") }
    if temperatures != nil {
      throw ValidationError("--error chooses the temperatures: leave out --temperatures")
    }
    if chains < 2 { throw ValidationError("--error needs at least 2 --chains, or nothing is known of it") }
  }

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
      partitions: try Partitions(self, machine, input.data))
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

/// At most a million equal steps, so that a slip of the finger does not run for years or out of memory.
private func schedule(_ text: String) throws -> AnnealingSchedule {
  guard (Int(text) ?? 0) <= 1_000_000, let schedule = AnnealingSchedule(text) else {
    throw ValidationError("expected sm2008 or a number of steps from 1 to 1000000")
  }
  return schedule
}
