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

      log Z is exact where a side has at most 20 units, else estimated by annealed importance sampling, which \
      underestimates it on average: the log-likelihood is then rather too good. Watch the relative deviation.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(
    help: ArgumentHelp(
      "How log Z is found. (default: exact up to 20 units on a side, else ais)", valueName: "method"))
  var partition: PartitionMethod?

  @Option(parsing: .unconditional, help: ArgumentHelp("Annealing runs.", valueName: "n"))
  var chains = 100

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Annealing steps, equal ones; sm2008 (or 14500) is Salakhutdinov & Murray's schedule. (default: sm2008)",
      valueName: "n"),
    transform: schedule)
  var temperatures = AnnealingSchedule.salakhutdinovMurray

  @Option(
    help: ArgumentHelp(
      "Write log P(v) of every sample as NPY, float64; −F(v) where there is no log Z or the data are grey.",
      valueName: "file"))
  var perSample: String?

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if chains < 1 { throw ValidationError("--chains must be at least 1, not \(chains)") }
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
    let estimate = try logPartition(machine, input.data)
    let logZ = input.data.hasLikelihood ? estimate.map { $0.estimate - input.data.logUnits } : nil
    if let perSample {
      try NPY.write(energies.map { -$0 - (logZ ?? 0) }, shape: [energies.count], to: perSample)
    }
    let meanLogLikelihood = logZ.map { unnormalized - $0 }
    if common.json {
      try printJSON(samples.count, unnormalized, pseudo, meanLogLikelihood, estimate)
    } else {
      try printTable(samples.count, unnormalized, pseudo, meanLogLikelihood, estimate)
    }
  }

  private func logPartition(_ machine: RBM, _ data: DataSet) throws -> PartitionEstimate? {
    let method = partition ?? .automatic
    if method == .none { return nil }
    guard machine.partitionExistence == .shown else {
      let problem = NoPartitionError(existence: machine.partitionExistence)
      if method == .exact { throw problem }
      common.note("note: \(problem)")
      return nil
    }
    if let exact = try method.exactly(machine, parallel: common.parallel) { return exact }
    try MemoryLimit.requireChains(chains, of: machine)
    if machine.referenceVisibleBias == nil {
      common.note("note: the model has no reference biases; annealing starts from the means of the data")
    }
    let estimate = PartitionMethod.anneal(
      machine, reference: reference(machine, data, common.parallel), schedule: temperatures, chains: chains,
      seed: common.seed, parallel: common.parallel)
    if estimate.isUnreliable {
      common.note(
        "warning: the annealing weights spread widely (relative deviation "
          + "\(formatted(estimate.relativeDeviation, 2)) > 0.3); more --temperatures help")
    }
    return estimate
  }

  private func printJSON(
    _ count: Int, _ unnormalized: Double, _ pseudo: Double?, _ mean: Double?, _ estimate: PartitionEstimate?
  ) throws {
    var object: [String: JSONValue] = [
      "samples": .integer(count), "mean_unnormalized_log_likelihood": .number(unnormalized),
      "pseudo_log_likelihood": pseudo.map { .number($0) } ?? .null,
    ]
    if (partition ?? .automatic) != .none {
      object["mean_log_likelihood"] = mean.map { .number($0) } ?? .null
      object["log_partition"] = estimate?.json ?? .null
    }
    try Console.result(.object(object))
  }

  private func printTable(
    _ count: Int, _ unnormalized: Double, _ pseudo: Double?, _ mean: Double?, _ estimate: PartitionEstimate?
  ) throws {
    var rows = [("samples", "\(count)")]
    if let estimate {
      rows.append(("mean log-likelihood", "\(formatted(mean)) nats"))
      rows.append(("log Z (\(estimate.method))", "\(formatted(estimate.estimate)) nats"))
      if estimate.kind != .exact {
        rows.append(("  standard error", formatted(estimate.standardError)))
        rows.append(
          ("  three standard errors", "\(formatted(estimate.lower)) … \(formatted(estimate.upper))"))
        rows.append(("  relative deviation", formatted(estimate.relativeDeviation)))
      }
    }
    rows.append(("mean −F(v)", "\(formatted(unnormalized)) nats"))
    rows.append(("pseudo-log-likelihood", "\(formatted(pseudo)) nats"))
    try Console.result(table(rows))
  }
}

/// At most a million equal steps, so that a slip of the finger does not run for years or out of memory.
private func schedule(_ text: String) throws -> AnnealingSchedule {
  guard (Int(text) ?? 0) <= 1_000_000, let schedule = AnnealingSchedule(text) else {
    throw ValidationError("expected sm2008 or a number of steps from 1 to 1000000")
  }
  return schedule
}

extension PartitionMethod: ExpressibleByArgument {
  static var allValueStrings: [String] { allCases.filter { $0 != .automatic }.map(\.rawValue) }

  init?(argument: String) {
    guard argument != PartitionMethod.automatic.rawValue else { return nil }
    self.init(rawValue: argument)
  }
}
