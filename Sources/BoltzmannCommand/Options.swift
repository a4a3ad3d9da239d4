public import ArgumentParser
public import Boltzmann
internal import BoltzmannCompute
internal import BoltzmannData

/// What every subcommand that computes takes.
struct CommonOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("Fixes every random number.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Threads; the bits of the result do not depend on it. (default: all cores)", valueName: "n"))
  var threads: Int?

  @Flag(help: "Results as JSON, keys sorted, non-finite numbers null.")
  var json = false

  @Flag(help: "No progress, no notes.")
  var quiet = false

  func validate() throws {
    if let threads, !(1...4096).contains(threads) {
      throw ValidationError("--threads must lie between 1 and 4096, not \(threads)")
    }
  }

  var parallel: Parallel { threads.map { Parallel(threads: $0) } ?? .all }

  func note(_ line: String) {
    if !quiet { Console.note(line) }
  }
}

/// How the values of a data file become binary states.
struct PreprocessingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How grey values become binary: threshold, sample (once at random), resample (afresh each epoch) or none. "
        + "(default: as the model was trained; threshold for a new one)", valueName: "how"))
  var binarize: Binarization?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("On where the value is at least this. (default: 0.5)", valueName: "value"))
  var threshold: Float?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Divide by this where a value is above 1. (default: 255 for unsigned bytes)", valueName: "divisor"))
  var scale: Double?

  func validate() throws {
    if let scale, !(scale > 0 && scale.isFinite) { throw ValidationError("--scale must be positive") }
    if let threshold, !threshold.isFinite { throw ValidationError("--threshold must be a number") }
    if case .threshold? = binarize { return }
    if threshold != nil && binarize != nil {
      throw ValidationError("--threshold goes with --binarize threshold, not with \(binarize!)")
    }
  }

  /// What was asked for, on top of what a model was trained with.
  func preprocessing(on trained: Preprocessing?) -> Preprocessing {
    var result = trained ?? Preprocessing()
    if let binarize { result.binarization = binarize }
    if let threshold { result.binarization = .threshold(threshold) }
    if let scale { result.scale = scale }
    return result
  }
}

/// How real values are whitened before they are learned from.
struct WhiteningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Whiten gaussian columns: pca, zca, or standardization of each; kept with the model.", valueName: "kind"
    ))
  var whiten: Whitening.Kind?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Added to every variance when whitening. (default: 0)", valueName: "variance"))
  var whiteningEpsilon: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Components that pca keeps. (default: all)", valueName: "n"))
  var whiteningComponents: Int?

  func validate() throws {
    if whiten == nil && (whiteningEpsilon != nil || whiteningComponents != nil) {
      throw ValidationError("--whitening-epsilon and --whitening-components go with --whiten")
    }
    if let whiteningEpsilon, !(whiteningEpsilon >= 0 && whiteningEpsilon.isFinite) {
      throw ValidationError("--whitening-epsilon must be at least 0, not \(whiteningEpsilon)")
    }
    if let whiteningComponents, whiteningComponents < 1 || whiten != .pca {
      throw ValidationError("--whitening-components is at least 1 and goes with --whiten pca")
    }
  }

  var settings: WhiteningSettings? {
    whiten.map {
      WhiteningSettings(kind: $0, epsilon: whiteningEpsilon ?? 0, components: whiteningComponents)
    }
  }
}

extension Whitening.Kind: ExpressibleByArgument {}

/// A model file and data that fit it.
struct ModelAndData {
  let model: StoredModel
  let data: DataSet

  init(model path: String, data: String, options: PreprocessingOptions, seed: UInt64) throws {
    model = try StoredModel.read(path)
    let preprocessing = options.preprocessing(on: model.preprocessing)
    self.data = try DataSet(
      data, preprocessing: preprocessing, visibles: model.columns(name: path), seed: seed)
  }
}

extension Binarization: ExpressibleByArgument {}
extension LearningRateSchedule: ExpressibleByArgument {}
extension WeightInitialization: ExpressibleByArgument {}
extension HiddenBiasInitialization: ExpressibleByArgument {}
extension StepSchedule: ExpressibleByArgument {}
extension AnnealingSchedule: ExpressibleByArgument {}
extension ClassificationMethod: ExpressibleByArgument {}
