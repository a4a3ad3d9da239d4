internal import ArgumentParser

struct Recommend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn from ratings, predict them, and recommend: rating RBMs.",
    discussion: """
      Examples:

        boltzmann recommend split --ratings u.data --output parts
        boltzmann recommend train --ratings parts/train.tsv --output runs/films
        boltzmann recommend evaluate runs/films/model.safetensors \\
            --train parts/train.tsv --ratings parts/test.tsv
        boltzmann recommend top runs/films/model.safetensors \\
            --train parts/train.tsv --user 196 --count 10

      Ratings are text, also gzipped: user, item, rating and perhaps time, one rating a line, separated by tabs, \
      "::", commas, semicolons or spaces, with or without a header. Users and items are any text.
      """,
    subcommands: [
      RecommendTrain.self, RecommendEvaluate.self, RecommendPredict.self, RecommendTop.self,
      RecommendSplit.self,
    ])
}
