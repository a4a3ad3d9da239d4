internal import ArgumentParser

struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn classes from labelled data, and tell them: classification RBMs.",
    discussion: """
      Examples:

        boltzmann classify train --data train.npy --labels train-labels.npy \\
            --output model.safetensors
        boltzmann classify evaluate model.safetensors --data test.npy \\
            --labels test-labels.npy
        boltzmann classify predict model.safetensors --data new.npy \\
            --output labels.npy

      Labels are whole numbers from 0 on, one a sample, as IDX, NPY or one column of text, also gzipped; −1, NaN \
      or an empty field where one is missing.
      """,
    subcommands: [ClassifyTrain.self, ClassifyPredict.self, ClassifyEvaluate.self])
}
