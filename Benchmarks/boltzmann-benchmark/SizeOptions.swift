public import ArgumentParser
public import Boltzmann
internal import BoltzmannData

/// The machine and its data: their kinds and sizes, or the files that hold them.
struct SizeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A trained machine, .safetensors, from which all tasks start (exact log Z: where it has at most 20 hidden "
        + "units).", valueName: "file"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Samples to use instead of synthetic ones: NPY, IDX or CSV, also gzipped.", valueName: "file"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Kind of the visible units: bernoulli, spin, gaussian, relu, categorical:21; bernoulli*12,gaussian for several."
        + " (default: bernoulli)", valueName: "kind"))
  var visibleKind: LayerSpecification?

  @Option(help: ArgumentHelp("Kind of the hidden units, likewise. (default: bernoulli)", valueName: "kind"))
  var hiddenKind: LayerSpecification?

  @Option(help: "Visible units, categorical ones counted by sites, where no file says. (default: 784)")
  var visible: Int?

  @Option(help: "Hidden units, likewise. (default: 500)")
  var hidden: Int?

  @Option(help: "Samples of a minibatch; also the chains of PCD, annealing and sampling.")
  var batchSize = 100

  @Option(help: "Samples of an epoch, rounded down to whole minibatches.")
  var samples = 10_000

  @Option(help: "Gibbs steps of sampling.")
  var steps = 1000

  @Option(help: "Temperatures of annealing: N in equal steps, or sm2008, which 14500 means too.")
  var temperatures = "1000"

  @Option(help: "The part of the synthetic bits that is ones. (default: 0.13)")
  var density: Double?

  var visibleUnits: Int { visible ?? 784 }
  var hiddenUnits: Int { hidden ?? 500 }
  var visibleKinds: LayerSpecification { visibleKind ?? bernoulli }
  var hiddenKinds: LayerSpecification { hiddenKind ?? bernoulli }
  var schedule: AnnealingSchedule { AnnealingSchedule(temperatures) ?? .linear(1) }
  var wantedDensity: Double { density ?? 0.13 }

  func validate() throws {
    try checkConflicts()
    try checkSizes()
    try checkChains()
  }

  private func checkSizes() throws {
    for (name, value) in [("visible", visibleUnits), ("hidden", hiddenUnits), ("batch-size", batchSize)] {
      guard (1...65_536).contains(value) else {
        throw ValidationError("--\(name) must lie between 1 and 65536, not \(value)")
      }
    }
    guard (1...1_000_000).contains(samples) else {
      throw ValidationError("--samples must lie between 1 and 1000000, not \(samples)")
    }
    try checkWeights(
      visible: visibleKinds.mostColumns(units: visibleUnits),
      hidden: hiddenKinds.mostColumns(units: hiddenUnits))
    guard wantedDensity > 0 && wantedDensity < 1 else {
      throw ValidationError("--density must lie between 0 and 1, not \(wantedDensity)")
    }
  }

  private func checkChains() throws {
    guard (1...1_000_000).contains(steps) else {
      throw ValidationError("--steps must lie between 1 and 1000000, not \(steps)")
    }
    guard (Int(temperatures) ?? 1) <= 1_000_000, AnnealingSchedule(temperatures) != nil else {
      throw ValidationError("--temperatures must be sm2008 or lie between 1 and 1000000, not \(temperatures)")
    }
  }

  /// What a file says cannot be said again.
  private func checkConflicts() throws {
    if model != nil && (visible != nil || hidden != nil || visibleKind != nil || hiddenKind != nil) {
      throw ValidationError("--model has units of its own: it excludes --visible, --hidden and their kinds")
    }
    if data != nil && (visible != nil || density != nil) {
      throw ValidationError("--data excludes --visible and --density")
    }
  }

  /// The samples of a file, read as the machine's own were.
  func samples(_ file: String, for trained: StoredModel?) throws -> DataSet {
    try DataSet(
      file, preprocessing: trained?.preprocessing ?? Preprocessing(),
      visibles: trained?.columns(name: "the machine") ?? VisibleColumns(visibleKinds), seed: Workload.seed)
  }

  /// Throws where a file has fewer samples than one minibatch.
  func check(_ samples: any Samples, holds batchSize: Int) throws {
    guard samples.count < batchSize else { return }
    throw DataError(
      path: data ?? "", message: "has \(samples.count) samples, fewer than a minibatch of \(batchSize)")
  }
}

/// Throws where a machine of so many columns is too large.
func checkWeights(visible: Double, hidden: Double) throws {
  guard visible * hidden > 0x1p27 else { return }
  throw ValidationError("\(Int(visible)) × \(Int(hidden)) are more than 2^27 weights")
}

private let bernoulli = LayerSpecification(BernoulliUnits.kind)!

extension LayerSpecification: ExpressibleByArgument {}
