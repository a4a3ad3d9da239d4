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
            --partition ais --temperatures 5000

      log P(v) is exact where at most 20 coupled units have to be enumerated, with --partition exact 25; ais anneals \
      from mean-field's independent units instead, and underestimates log Z on average. \
      The pseudo-likelihood is that of machines without hidden units. Mean-field bounds log Z from below.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(help: ArgumentHelp("How log Z is found. (default: exact up to 20 units)", valueName: "method"))
  var partition: Partition?

  @Option(parsing: .unconditional, help: ArgumentHelp("Annealing runs.", valueName: "n"))
  var chains = 100

  @Option(parsing: .unconditional, help: ArgumentHelp("Annealing steps, equal ones.", valueName: "n"))
  var temperatures = 1000

  @Option(
    help: ArgumentHelp(
      "Write log P(v) of every sample as NPY, float64, where log Z is known.", valueName: "file"))
  var perSample: String?

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  enum Partition: String, ExpressibleByArgument, CaseIterable { case exact, ais, none }

  func validate() throws {
    if chains < 1 { throw ValidationError("--chains must be at least 1, not \(chains)") }
    if !(1...1_000_000).contains(temperatures) {
      throw ValidationError("--temperatures must be 1 to 1000000, not \(temperatures)")
    }
  }

  func run() throws {
    let stored = try StoredBoltzmannMachine.read(model)
    let data = try TwoStateData(data, of: stored, model, options: preprocessing, seed: common.seed)
    let machine = stored.machine
    let pseudo = (try? BoltzmannMachinePseudoLikelihood(of: machine)).map {
      $0.mean(of: data.samples, parallel: common.parallel)
    }
    let found = try likelihood(machine, data.samples)
    if found == nil && partition == nil {
      common.note("note: too many coupled units for an exact log Z; mean-field's bound is all there is of it")
    }
    if let perSample {
      guard let found else { throw SettingsError(message: "--per-sample needs a log Z") }
      let values = found.energies.map { -$0 - found.partition.estimate }
      try NPY.write(values, shape: [values.count], to: perSample)
    }
    let bound = machine.meanField().lowerBound
    if common.json {
      try printJSON(data.samples.count, pseudo, found, bound)
    } else {
      try printTable(data.samples.count, pseudo, found, bound)
    }
  }

  private func likelihood(_ machine: BoltzmannMachine, _ samples: any Samples) throws -> Likelihood? {
    switch partition {
    case .some(.none): return nil
    case .some(.ais):
      let energies = try machine.freeEnergies(of: samples, parallel: common.parallel)
      let annealing = BoltzmannMachineAnnealing(
        machine: machine, schedule: .linear(temperatures), seed: common.seed, parallel: common.parallel)
      let estimate = annealing.estimate(chains: chains)
      if estimate.isUnreliable {
        common.note(
          "warning: the annealing weights spread widely (relative deviation "
            + "\(formatted(estimate.relativeDeviation, 2)) > 0.3); more --temperatures help")
      }
      return Likelihood(energies: energies, partition: estimate)
    default: return try exactly(machine, samples)
    }
  }

  /// Free energies and log Z; nil where too many units would have to be enumerated, unless that was asked for.
  private func exactly(_ machine: BoltzmannMachine, _ samples: any Samples) throws -> Likelihood? {
    do {
      let enumeration = try BoltzmannMachineEnumeration(of: machine)
      guard partition == .exact || enumeration.enumeratedCount <= 20 else { return nil }
      return Likelihood(
        energies: try machine.freeEnergies(of: samples, parallel: common.parallel),
        partition: PartitionEstimate(exact: enumeration.logPartition(parallel: common.parallel)))
    } catch let error as SettingsError {
      if partition == .exact { throw error }
      return nil
    }
  }

  private func printJSON(_ count: Int, _ pseudo: Double?, _ found: Likelihood?, _ bound: Double) throws {
    var object: [String: JSONValue] = [
      "samples": .integer(count), "pseudo_log_likelihood": pseudo.map { .number($0) } ?? .null,
      "log_partition_lower_bound": .number(bound), "mean_log_likelihood": .null,
    ]
    if let found {
      object["mean_log_likelihood"] = .number(found.meanLogLikelihood)
      object["mean_unnormalized_log_likelihood"] = .number(found.unnormalized)
      object["log_partition"] = found.partition.json
    }
    try Console.result(.object(object))
  }

  private func printTable(_ count: Int, _ pseudo: Double?, _ found: Likelihood?, _ bound: Double) throws {
    var rows = [("samples", "\(count)")]
    if let found {
      let partition = found.partition
      rows.append(("mean log-likelihood", "\(formatted(found.meanLogLikelihood)) nats"))
      rows.append(("log Z (\(partition.method))", "\(formatted(partition.estimate)) nats"))
      if partition.kind != .exact {
        rows.append(("  standard error", formatted(partition.standardError)))
        rows.append(
          ("  three standard errors", "\(formatted(partition.lower)) … \(formatted(partition.upper))"))
        rows.append(("  relative deviation", formatted(partition.relativeDeviation)))
      }
      rows.append(("mean −F(v)", "\(formatted(found.unnormalized)) nats"))
    }
    rows.append(("log Z, lower bound", "\(formatted(bound)) nats"))
    rows.append(("pseudo-log-likelihood", "\(formatted(pseudo)) nats"))
    try Console.result(table(rows))
  }
}

/// Free energies and a log Z.
private struct Likelihood {
  /// F(v) of every sample.
  let energies: [Double]
  let partition: PartitionEstimate

  var unnormalized: Double { -energies.reduce(0, +) / Double(energies.count) }
  var meanLogLikelihood: Double { unnormalized - partition.estimate }
}
