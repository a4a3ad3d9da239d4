internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score data under a machine: log-likelihood, log Z, pseudo-likelihood, in nats.",
    discussion: """
      Example:

        boltzmann evaluate runs/mnist/model.safetensors --data t10k-images-idx3-ubyte.gz --json

      log Z is exact where a side has at most 20 units, else estimated by annealed importance sampling, which \
      underestimates it on average: the log-likelihood is then rather too good. Watch the relative deviation.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(help: "How log Z is found: exact, ais or none. (default: exact up to 20 units on a side, else ais)")
  var partition: PartitionMethod = .automatic

  @Option(help: ArgumentHelp("Annealing runs.", valueName: "n"))
  var chains = 100

  @Option(
    help: ArgumentHelp(
      "Annealing steps, equal ones; sm2008 (or 14500) is Salakhutdinov & Murray's schedule.", valueName: "n"))
  var temperatures = AnnealingSchedule.salakhutdinovMurray

  @Option(
    help: ArgumentHelp("Write log P(v) of every sample (−F(v) without log Z) as NPY.", valueName: "file"))
  var perSample: String?

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if chains < 1 { throw ValidationError("--chains must be at least 1, not \(chains)") }
  }

  func run() throws {
    let input = try ModelAndData(model: model, data: data, options: preprocessing, seed: common.seed)
    let machine = input.model.machine, samples = input.data.samples
    if !input.data.isBinary { common.note(greyNote) }
    let energies = machine.freeEnergies(of: samples, parallel: common.parallel)
    let unnormalized = -energies.reduce(0, +) / Double(energies.count)
    let pseudo =
      input.data.isBinary
      ? try PseudoLikelihood(of: machine).mean(of: samples, parallel: common.parallel) : nil
    let estimate = try logPartition(machine, input.data)
    if let perSample {
      let logZ = estimate?.estimate ?? 0
      try NPY.write(energies.map { -$0 - logZ }, shape: [energies.count], to: perSample)
    }
    let meanLogLikelihood = estimate.flatMap { input.data.isBinary ? unnormalized - $0.estimate : nil }
    if common.json {
      printJSON(samples.count, unnormalized, pseudo, meanLogLikelihood, estimate)
    } else {
      printTable(samples.count, unnormalized, pseudo, meanLogLikelihood, estimate)
    }
  }

  private func logPartition(_ machine: RBM, _ data: DataSet) throws -> PartitionEstimate? {
    if partition == .none { return nil }
    if let exact = try partition.exactly(machine, parallel: common.parallel) { return exact }
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
  ) {
    var object: [String: JSONValue] = [
      "samples": .integer(count), "mean_unnormalized_log_likelihood": .number(unnormalized),
      "pseudo_log_likelihood": pseudo.map { .number($0) } ?? .null,
    ]
    if let estimate {
      object["mean_log_likelihood"] = mean.map { .number($0) } ?? .null
      object["log_partition"] = estimate.json
    }
    Console.result(.object(object))
  }

  private func printTable(
    _ count: Int, _ unnormalized: Double, _ pseudo: Double?, _ mean: Double?, _ estimate: PartitionEstimate?
  ) {
    var rows = [("samples", "\(count)")]
    if let estimate {
      rows.append(("mean log-likelihood", "\(formatted(mean)) nats"))
      rows.append(("log Z (\(estimate.method))", "\(formatted(estimate.estimate)) nats"))
      if estimate.kind != .exact {
        rows.append(("  standard error", formatted(estimate.standardError)))
        rows.append(("  three standard errors", "\(formatted(estimate.lower)) … \(formatted(estimate.upper))"))
        rows.append(("  relative deviation", formatted(estimate.relativeDeviation)))
      }
    }
    rows.append(("mean −F(v)", "\(formatted(unnormalized)) nats"))
    rows.append(("pseudo-log-likelihood", "\(formatted(pseudo)) nats"))
    Console.result(table(rows))
  }
}

extension PartitionMethod: ExpressibleByArgument {
  init?(argument: String) {
    guard argument != PartitionMethod.automatic.rawValue else { return nil }
    self.init(rawValue: argument)
  }
}
