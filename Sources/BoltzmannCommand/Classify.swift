internal import ArgumentParser

struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn classes from labelled data, and tell them: classification RBMs.",
    discussion: """
      A first classifier, from the bundled handwritten digits:

        boltzmann classify train --data digits --labels digits --hidden 100 \\
            --output digits.safetensors
        boltzmann classify evaluate digits.safetensors --data digits \\
            --labels digits

      Labels are whole numbers from 0 on, one a sample, as IDX, NPY or one column of text, also gzipped; −1, NaN \
      or an empty field where one is missing.
      """,
    subcommands: [ClassifyTrain.self, ClassifyPredict.self, ClassifyEvaluate.self])
}
