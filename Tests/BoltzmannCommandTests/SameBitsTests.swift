import BoltzmannTestSupport
import Testing

/// One seed, one machine: whatever the number of threads, and whatever is measured along the way.
@Suite struct SameBitsTests {
  /// Two blocks of rows and a short third one a minibatch, and a short last minibatch.
  private static let shape = ["--hidden", "9", "--batch-size", "110", "--epochs", "2"]

  private static let cases: [[String]] = [
    ["--method", "cd", "--steps", "2"],
    ["--method", "cd", "--no-center"],
    ["--method", "cd", "--binarize", "sample"],
    ["--method", "cd", "--binarize", "resample", "--l1", "0.001", "--sparsity-target", "0.1"],
    ["--method", "pcd", "--chains", "70", "--steps", "3"],
    ["--method", "pcd", "--no-center", "--schedule", "linear"],
    ["--method", "pcd", "--binarize", "none"],
    ["--method", "exact"],
  ]

  private static func write(to scratch: Scratch) throws {
    try scratch.write("data.csv", TinyData.grey(rows: 130, columns: 12))
    try scratch.write("other.csv", TinyData.grey(rows: 60, columns: 12, seed: 3))
  }

  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try Self.write(to: scratch)
    return scratch
  }

  @Test(arguments: Build.isOptimized ? cases : [cases[3], cases[4]])
  func threadsAndValidation(options: [String]) throws {
    let scratch = try scratch()
    let common = ["--data", "data.csv", "--seed", "5"] + Self.shape + options
    for threads in 1...3 {
      try scratch.train(common + ["--threads", "\(threads)", "--output", "t\(threads)"])
    }
    try scratch.train(
      common + ["--validation", "other.csv", "--log-likelihood-every", "1", "--output", "validated"])
    let expected = try scratch.model("t1")
    for run in ["t2", "t3", "validated"] { #expect(try scratch.model(run) == expected, "\(run)") }
  }

  @Test(arguments: [["--method", "cd"], ["--method", "pcd", "--chains", "70", "--steps", "2"]])
  func onAnotherInstructionSet(options: [String]) throws {
    let scratch = try scratch()
    for threads in 1...3 {
      try scratch.train(
        ["--data", "data.csv", "--threads", "\(threads)", "--output", "t\(threads)"] + Self.shape + options,
        environment: ["OPENBLAS_CORETYPE": "Haswell"])
    }
    #expect(try scratch.model("t2") == scratch.model("t1"))
    #expect(try scratch.model("t3") == scratch.model("t1"))
  }

  /// The run in `plain` is what every option is compared with.
  private static let plain = Scratch.prepared { scratch in
    try write(to: scratch)
    try scratch.train(["--data", "data.csv", "--output", "plain"] + shape)
  }

  /// The same bits would mean nothing if the file did not depend on what decides it.
  @Test(arguments: [
    ["--seed", "1"], ["--no-center"], ["--method", "pcd"], ["--steps", "2"], ["--momentum", "0.4"],
    ["--binarize", "sample"], ["--l2", "0.1"], ["--epochs", "3"], ["--batch-size", "65"],
  ])
  func whatDecidesTheBits(option: [String]) throws {
    let scratch = try Self.plain.get().copy()
    let names = Set(option.filter { $0.hasPrefix("--") })
    let shape = stride(from: 0, to: Self.shape.count, by: 2).filter { !names.contains(Self.shape[$0]) }
      .flatMap { Self.shape[$0...$0 + 1] }
    try scratch.train(["--data", "data.csv", "--output", "other"] + shape + option)
    #expect(try scratch.model("plain") != scratch.model("other"))
  }

  /// Wide enough for several tiles of columns, and sparse enough for sums of selected rows.
  @Test(
    .enabled(if: Build.isOptimized),
    arguments: [["--method", "cd"], ["--method", "pcd", "--chains", "130", "--steps", "2"]],
    [nil, "Haswell", "Sandybridge"])
  func wideMachines(options: [String], core: String?) throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 410, columns: 290, density: 0.13))
    let environment = core.map { ["OPENBLAS_CORETYPE": $0] } ?? [:]
    let common = ["--data", "data.csv", "--hidden", "300", "--epochs", "3"] + options
    for threads in 1...3 {
      try scratch.train(
        common + ["--threads", "\(threads)", "--output", "t\(threads)"], environment: environment)
    }
    #expect(try scratch.model("t2") == scratch.model("t1"))
    #expect(try scratch.model("t3") == scratch.model("t1"))
  }
}
