import Testing

/// Options that cannot work: status 64, a first line that says what is wrong, and nothing written.
@Suite struct BadOptionTests {
  private static func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 30, columns: 6))
    try scratch.write("m.safetensors", TinyMachine().bytes)
    return scratch
  }

  @Test(arguments: [
    (["--hidden", "0"], "--hidden must be at least 1, not 0"),
    (["--hidden", "-3"], "--hidden must be at least 1, not -3"),
    (["--hidden", "1.5"], "'1.5' is invalid for '--hidden"),
    (["--hidden", "999999999999999"], "GB of memory"),
    (["--hidden", "9223372036854775807"], "GB of memory"),
    (["--hidden", "9223372036854775808"], "is invalid for '--hidden"),
    (["--batch-size", "0"], "the minibatch must hold at least 1 sample, not 0"),
    (["--batch-size", "31"], "a minibatch of 31 is larger than the 30 samples"),
    (["--steps", "0"], "Gibbs steps must be at least 1, not 0"),
    (["--steps", "1,0@3"], "Gibbs steps must be at least 1"),
    (["--steps", "1@5"], "'1@5' is invalid for '--steps"),
    (["--epochs", "0"], "--epochs must be at least 1, not 0"),
    (["--chains", "0", "--method", "pcd"], "chains must be at least 1, not 0"),
    (["--chains", "9223372036854775807", "--method", "pcd"], "GB of memory"),
    (["--learning-rate", "0"], "the learning rate must be positive and finite"),
    (["--learning-rate", "-1"], "the learning rate must be positive and finite"),
    (["--learning-rate", "nan"], "the learning rate must be positive and finite"),
    (["--learning-rate", "inf"], "the learning rate must be positive and finite"),
    (["--learning-rate", "fast"], "'fast' is invalid for '--learning-rate"),
    (["--learning-rate"], "Missing value for '--learning-rate"),
    (["--momentum", "1"], "momentum must lie in [0, 1)"),
    (["--momentum", "nan"], "momentum must lie in [0, 1)"),
    (["--l1", "-1"], "weight decay must not be negative"),
    (["--l2", "inf"], "weight decay must not be negative"),
    (["--sparsity-target", "1"], "the sparsity target must lie between 0 and 1"),
    (["--schedule", "quadratic"], "'quadratic' is invalid for '--schedule"),
    (["--schedule", "exponential:2"], "'exponential:2' is invalid for '--schedule"),
    (["--method", "magic"], "no training method is called \"magic\""),
    (["--visible-kind", "magic"], "--visible-kind \"magic\" is unknown, expected one of: bernoulli"),
    (["--hidden-kind", "magic"], "--hidden-kind \"magic\" is unknown"),
    (["--weight-initialization", "normal:-1"], "'normal:-1' is invalid"),
    (["--weight-initialization", "normal:1e39"], "weights of normal:1e+39 are no finite numbers"),
    (["--weight-initialization", "uniform:nan"], "'uniform:nan' is invalid"),
    (["--binarize", "half"], "'half' is invalid for '--binarize"),
    (["--binarize", "none", "--threshold", "0.3"], "--threshold goes with --binarize threshold"),
    (["--threshold", "nan"], "--threshold must be a number"),
    (["--scale", "0"], "--scale must be positive"),
    (["--scale", "-1"], "--scale must be positive"),
    (["--checkpoint-minutes", "0"], "--checkpoint-minutes must be positive"),
    (["--checkpoint-minutes", "inf"], "--checkpoint-minutes must be positive"),
    (["--keep-every", "0"], "--keep-every must be at least 1, not 0"),
    (["--log-likelihood-every", "-1"], "--log-likelihood-every must be at least 1, not -1"),
    (["--threads", "0"], "--threads must lie between 1 and 4096, not 0"),
    (["--threads", "9223372036854775807"], "--threads must lie between 1 and 4096"),
    (["--seed", "-1"], "'-1' is invalid for '--seed"),
    (["--hiden", "3"], "Unknown option '--hiden'. Did you mean '--hidden'?"),
    (["stray"], "Unexpected argument 'stray'"),
  ])
  func train(options: [String], message: String) throws {
    let scratch = try Self.scratch()
    let before = try scratch.names()
    let common = ["train", "--data", "data.csv", "--output", "run", "--batch-size", "10"]
    let arguments = options.contains("--batch-size") ? Array(common.dropLast(2)) : common
    let outcome = try Tool.run(arguments + options, folder: scratch.root)
    outcome.expectUsageError(message)
    #expect(outcome.output.isEmpty)
    #expect(try scratch.names() == before)
  }

  @Test func exactGradientOfLargeMachines() throws {
    let scratch = try Scratch()
    let outcome = try Tool.run(
      ["train", "--method", "exact", "--hidden", "26", "--output", "run"], folder: scratch.root)
    outcome.expectFailure(64, ["a side of at most 2^25 states, not 2^26"])
    #expect(try scratch.names().isEmpty)
  }

  @Test func trainWithoutOutput() throws {
    try Tool.run(["train", "--data", "digits"]).expectUsageError("--output says where the run goes")
  }

  @Test(arguments: [
    (["evaluate"], "Missing expected argument '<model>'"),
    (["evaluate", "m.safetensors"], "Missing expected argument '--data"),
    (["evaluate", "m.safetensors", "--data", "data.csv", "--chains", "0"], "--chains must be at least 1"),
    (
      ["evaluate", "m.safetensors", "--data", "data.csv", "--partition", "automatic"],
      "expected exact, ais, sandwich, tempering, integration, all or none"
    ),
    (["evaluate", "m.safetensors", "--data", "data.csv", "--error", "0"], "--error must be positive"),
    (
      ["evaluate", "m.safetensors", "--data", "data.csv", "--error", "0.1", "--temperatures", "9"],
      "--error chooses the temperatures"
    ),
    (
      ["evaluate", "m.safetensors", "--data", "data.csv", "--error", "0.1", "--chains", "1"],
      "--error needs at least 50 --chains"
    ),
    (
      ["sample", "m.safetensors", "--count", "1", "--output", "s.npy", "--hold", "0"],
      "--hold needs --initial"
    ),
    (
      [
        "sample", "m.safetensors", "--count", "1", "--output", "s.npy", "--initial", "d.csv", "--hold", "2-1",
      ],
      "expected columns as 0-31,40"
    ),
    (
      ["sample", "m.safetensors", "--count", "1", "--output", "s.npy", "--initial", "d.csv", "--tempering"],
      "--tempering forgets where chains start"
    ),
    (["evaluate", "m.safetensors", "--data", "data.csv", "--temperatures", "0"], "from 1 to 1000000"),
    (["evaluate", "m.safetensors", "--data", "data.csv", "--temperatures", "1000000000000"], "sm2008"),
    (["evaluate", "m.safetensors", "--data", "data.csv", "--temperatures", "two"], "sm2008"),
    (["sample", "m.safetensors", "--output", "s.npy"], "Missing expected argument '--count"),
    (["sample", "m.safetensors", "--count", "5"], "Missing expected argument '--output"),
    (["sample", "m.safetensors", "--output", "s.npy", "--count", "0"], "--count must be at least 1, not 0"),
    (["sample", "m.safetensors", "--output", "s.npy", "--count", "9", "--steps", "0"], "--steps must be at"),
    (["sample", "m.safetensors", "--output", "s.npy", "--count", "9223372036854775807"], "GB of memory"),
    (["transform", "m.safetensors", "--data", "data.csv"], "Missing expected argument '--output"),
    (["info"], "Missing expected argument '<model>'"),
    (["info", "m.safetensors", "--threads", "2"], "Unknown option '--threads'"),
    (["study"], "Unexpected argument 'study'"),
  ])
  func otherSubcommands(arguments: [String], message: String) throws {
    let scratch = try Self.scratch()
    let before = try scratch.names()
    let outcome = try Tool.run(arguments, folder: scratch.root)
    outcome.expectUsageError(message)
    #expect(outcome.output.isEmpty)
    #expect(try scratch.names() == before)
  }

  @Test func annealingOfTooManyChains() throws {
    let scratch = try Self.scratch()
    try scratch.write("three.csv", TinyMachine.stateText)
    try Tool.run(
      [
        "evaluate", "m.safetensors", "--data", "three.csv", "--partition", "ais", "--quiet", "--chains",
        "9223372036854775807",
      ], folder: scratch.root
    ).expectFailure(64, ["9223372036854775807 chains", "GB of memory"])
  }

  @Test func exactPartitionOfLargeMachines() throws {
    let scratch = try Scratch()
    try scratch.write("m.safetensors", TinyMachine.copying(units: 26).bytes)
    try scratch.write("data.csv", TinyData.binary(rows: 3, columns: 26))
    try Tool.run(
      ["evaluate", "m.safetensors", "--data", "data.csv", "--partition", "exact"], folder: scratch.root
    ).expectFailure(64, ["a side of at most 2^25 states, not 2^26"])
  }

  /// More epochs than minibatches can be counted: the bar must not overflow, nor anything else.
  @Test func endlessRuns() throws {
    let scratch = try Self.scratch()
    let running = try RunningTool(
      [
        "train", "--data", "data.csv", "--batch-size", "10", "--epochs", "9223372036854775807", "--output",
        "run",
      ],
      folder: scratch.root)
    #expect(poll { (try? scratch.epochs("run").count) ?? 0 >= 2 })
    running.signal(2)
    #expect(try running.wait().status == 130)
  }
}
