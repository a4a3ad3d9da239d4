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

      log P(v) is exact where at most 20 coupled units have to be enumerated, with --partition exact 25. \
      The pseudo-likelihood is that of machines without hidden units. Mean-field bounds log Z from below.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The data, a file or `digits`.", valueName: "file"))
  var data: String

  @Option(help: ArgumentHelp("How log Z is found. (default: exact up to 20 units)", valueName: "method"))
  var partition: Partition?

  @Option(
    help: ArgumentHelp(
      "Write log P(v) of every sample as NPY, float64, where it is exact.", valueName: "file"))
  var perSample: String?

  @OptionGroup var preprocessing: PreprocessingOptions
  @OptionGroup var common: CommonOptions

  enum Partition: String, ExpressibleByArgument, CaseIterable { case exact, none }

  func run() throws {
    let stored = try StoredBoltzmannMachine.read(model)
    let data = try TwoStateData(data, of: stored, model, options: preprocessing, seed: common.seed)
    let machine = stored.machine
    let pseudo = (try? BoltzmannMachinePseudoLikelihood(of: machine)).map {
      $0.mean(of: data.samples, parallel: common.parallel)
    }
    let exact = partition == Partition.none ? nil : try exactly(machine, data.samples)
    if exact == nil && partition == nil {
      common.note("note: too many coupled units for an exact log Z; mean-field's bound is all there is of it")
    }
    if let perSample {
      guard let exact else { throw SettingsError(message: "--per-sample needs an exact log Z") }
      let values = exact.energies.map { -$0 - exact.logPartition }
      try NPY.write(values, shape: [values.count], to: perSample)
    }
    let bound = machine.meanField().lowerBound
    if common.json {
      try printJSON(data.samples.count, pseudo, exact, bound)
    } else {
      try printTable(data.samples.count, pseudo, exact, bound)
    }
  }

  /// Free energies and log Z; nil where too many units would have to be enumerated, unless that was asked for.
  private func exactly(_ machine: BoltzmannMachine, _ samples: any Samples) throws -> Exact? {
    do {
      let enumeration = try BoltzmannMachineEnumeration(of: machine)
      guard partition == .exact || enumeration.enumeratedCount <= 20 else { return nil }
      return Exact(
        energies: try machine.freeEnergies(of: samples, parallel: common.parallel),
        logPartition: enumeration.logPartition(parallel: common.parallel))
    } catch let error as SettingsError {
      if partition == .exact { throw error }
      return nil
    }
  }

  private func printJSON(_ count: Int, _ pseudo: Double?, _ exact: Exact?, _ bound: Double) throws {
    var object: [String: JSONValue] = [
      "samples": .integer(count), "pseudo_log_likelihood": pseudo.map { .number($0) } ?? .null,
      "log_partition_lower_bound": .number(bound), "mean_log_likelihood": .null,
    ]
    if let exact {
      object["mean_log_likelihood"] = .number(exact.meanLogLikelihood)
      object["mean_unnormalized_log_likelihood"] = .number(exact.unnormalized)
      object["log_partition"] = PartitionEstimate(exact: exact.logPartition).json
    }
    try Console.result(.object(object))
  }

  private func printTable(_ count: Int, _ pseudo: Double?, _ exact: Exact?, _ bound: Double) throws {
    var rows = [("samples", "\(count)")]
    if let exact {
      rows.append(("mean log-likelihood", "\(formatted(exact.meanLogLikelihood)) nats"))
      rows.append(("log Z (exact)", "\(formatted(exact.logPartition)) nats"))
      rows.append(("mean −F(v)", "\(formatted(exact.unnormalized)) nats"))
    }
    rows.append(("log Z, lower bound", "\(formatted(bound)) nats"))
    rows.append(("pseudo-log-likelihood", "\(formatted(pseudo)) nats"))
    try Console.result(table(rows))
  }
}

/// What enumeration gives.
private struct Exact {
  /// F(v) of every sample.
  let energies: [Double]
  let logPartition: Double

  var unnormalized: Double { -energies.reduce(0, +) / Double(energies.count) }
  var meanLogLikelihood: Double { unnormalized - logPartition }
}
