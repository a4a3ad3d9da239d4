internal import ArgumentParser
internal import Boltzmann
internal import BoltzmannData
internal import Foundation

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a machine, or go on with a run that was stopped.",
    discussion: """
      Examples:

        boltzmann train --data digits --hidden 64 --epochs 50 --output runs/digits
        boltzmann train --data train-images-idx3-ubyte.gz \\
            --validation t10k-images-idx3-ubyte.gz --hidden 500 --method pcd \\
            --epochs 30 --log-likelihood-every 10 --output runs/mnist
        boltzmann train --resume runs/mnist --epochs 60

      DATA is NPY, IDX, CSV or TSV, also gzipped, one sample a row; or the bundled `digits`. Each epoch prints \
      one line. Ctrl-C stops after the current minibatch with a checkpoint.
      """)

  @OptionGroup(title: "Run") var place: RunOptions
  @OptionGroup(title: "Machine") var machine: MachineOptions
  @OptionGroup(title: "Learning") var learning: LearningOptions
  @OptionGroup(title: "Data") var preprocessing: PreprocessingOptions
  @OptionGroup(title: "Data") var whitening: WhiteningOptions
  @OptionGroup(title: "Reporting") var reporting: ReportingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if reporting.patienceIfAny != nil && place.validation == nil {
      throw ValidationError("--stop-when-overfit and --patience go with --validation")
    }
  }

  func run() throws {
    Interruption.watch()
    var run =
      try place.resume.map { try TrainingRun(resuming: $0, epochs: learning.epochs, common: common) }
      ?? begin()
    try run.finish()
  }

  private func begin() throws -> TrainingRun {
    let output = place.output ?? ""
    try RunFolder.requireFree(output, overwrite: place.overwrite)
    let source = place.data ?? Digits.name
    var settings = RunSettings(
      training: learning.settings(seed: common.seed), data: absolute(source), hidden: machine.hidden)
    settings.scale = preprocessing.scale
    settings.binarization = preprocessing.preprocessing(on: nil).binarization
    settings.whitening = whitening.settings
    settings.validation = place.validation.map(absolute)
    settings.sampleWeights = place.sampleWeights.map(absolute)
    machine.apply(to: &settings)
    reporting.apply(to: &settings)
    let dataSet = try DataSet(
      source, preprocessing: settings.preprocessing, visibles: settings.visibles,
      weights: settings.sampleWeights, seed: common.seed)
    settings.dataFingerprint = dataSet.fingerprint
    settings.training.learningRate = try learning.learningRate ?? settings.defaultLearningRate
    return try TrainingRun(
      beginning: settings, data: RunData(dataSet, validation: settings.validation, seed: common.seed),
      output: output, overwrite: place.overwrite, common: common)
  }
}

/// The path from the root, so that a run can be resumed from anywhere; `digits` is no path.
func absolute(_ source: String) -> String {
  source == Digits.name ? source : URL(fileURLWithPath: source).standardizedFileURL.path
}
