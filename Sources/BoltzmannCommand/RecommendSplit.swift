internal import ArgumentParser
internal import BoltzmannData
internal import BoltzmannRecommendation

struct RecommendSplit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Part ratings into files to learn from and files to predict.",
    discussion: """
      Examples:

        boltzmann recommend split --ratings u.data --hold-out 0.2 --output parts
        boltzmann recommend split --ratings u.data --folds 5 --output folds
        boltzmann recommend split --ratings u.data --leave-out 3 --latest \\
            --output parts

      Writes train.tsv and test.tsv, or for folds train-1.tsv, test-1.tsv and so on: user, item, rating and, where \
      there is one, time, separated by tabs, in the order of the file.
      """)

  @Option(help: ArgumentHelp("The ratings.", valueName: "file"))
  var ratings: String

  @Option(help: ArgumentHelp("The folder for the parts.", valueName: "folder"))
  var output: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Share of the ratings to predict. (default: 0.2)", valueName: "share"))
  var holdOut: Double?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Parts, each predicted from the others.", valueName: "k"))
  var folds: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Ratings of every user to predict.", valueName: "n"))
  var leaveOut: Int?

  @Flag(help: "Predict the latest ratings, not random ones.")
  var latest = false

  @Flag(help: "Replace files that are there.")
  var overwrite = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if [holdOut != nil, folds != nil, leaveOut != nil].count(where: { $0 }) > 1 {
      throw ValidationError("one of --hold-out, --folds and --leave-out")
    }
    if latest && folds != nil { throw ValidationError("--latest goes with --hold-out or --leave-out") }
  }

  private var split: RatingSplit {
    if let folds { return .folds(folds) }
    if let leaveOut { return .leaveOut(leaveOut, latest: latest) }
    return latest ? .latest(holdOut ?? 0.2) : .holdOut(holdOut ?? 0.2)
  }

  func run() throws {
    let table = try RatingTable.read(ratings)
    for note in table.notes { common.note("note: \(note)") }
    let parts = try split.parts(of: table, seed: common.seed)
    let tests = folds == nil ? [1] : Array(0..<split.parts)
    let names = tests.map { test in
      ["train", "test"].map { folds == nil ? "\($0).tsv" : "\($0)-\(test + 1).tsv" }
    }
    try OutputFolder.require(output, free: names.flatMap { $0 }, overwrite: overwrite)
    for (test, files) in zip(tests, names) {
      for (file, isTest) in zip(files, [false, true]) {
        let places = parts.indices.filter { (parts[$0] == test) == isTest }
        try AtomicFile.write(table.selecting(places).text, to: "\(output)/\(file)")
        try Console.result("\(output)/\(file)\t\(places.count)")
      }
    }
  }
}
