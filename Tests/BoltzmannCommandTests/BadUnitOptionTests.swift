import Testing

/// Options of units and whitening that cannot work: status 64, and nothing written.
@Suite struct BadUnitOptionTests {
  private static let kinds = "expected one of: bernoulli, spin, categorical, gaussian, relu"

  @Test(arguments: [
    (["--visible-kind", "magic"], "--visible-kind \"magic\" is unknown, \(kinds)"),
    (["--hidden-kind", "mixed"], "--hidden-kind \"mixed\" is unknown, \(kinds)"),
    (["--visible-kind", ""], "--visible-kind \"\" is unknown, \(kinds)"),
    (["--visible-kind", "Gaussian"], "--visible-kind \"Gaussian\" is unknown, \(kinds)"),
    (["--visible-kind", "bernoulli*2,text*1,spin"], "is unknown, \(kinds)"),
    (["--visible-kind", "bernoulli,spin"], "is unknown"), (["--visible-kind", "spin*0"], "is unknown"),
    (["--visible-kind", "categorical:0"], "is unknown"), (["--visible-kind", "gaussian:2"], "is unknown"),
    (["--visible-kind", "categorical:65537"], "is unknown"),
    (["--hidden-kind", "spin*9223372036854775807,relu*9223372036854775807"], "is unknown"),
    (["--hidden-kind", "categorical"], "does not say how many states a site has (categorical:4)"),
    (["--hidden-kind", "spin*2,categorical"], "does not say how many states a site has"),
    (["--hidden-kind", "spin*4"], "\"spin*4\" names 4 columns, not 3"),
    (["--hidden-kind", "spin*3,relu"], "\"spin*3,relu\" names at least 4 columns, not 3"),
    (["--hidden-kind", "categorical:65536", "--hidden", "99999999999"], "GB of memory"),
    (["--whiten", "magic"], "'magic' is invalid for '--whiten"),
    (["--whitening-epsilon", "0.1"], "--whitening-epsilon and --whitening-components go with --whiten"),
    (["--whitening-components", "2"], "--whitening-epsilon and --whitening-components go with --whiten"),
    (["--whiten", "zca", "--whitening-epsilon", "-1"], "--whitening-epsilon must be at least 0, not -1"),
    (["--whiten", "zca", "--whitening-epsilon", "nan"], "--whitening-epsilon must be at least 0, not nan"),
    (["--whiten", "zca", "--whitening-epsilon", "inf"], "--whitening-epsilon must be at least 0"),
    (["--whiten", "zca", "--whitening-components", "2"], "goes with --whiten pca"),
    (["--whiten", "pca", "--whitening-components", "0"], "--whitening-components is at least 1"),
    (["--gradient-clip", "0"], "the gradient's bound must be positive"),
    (["--gradient-clip", "-1"], "the gradient's bound must be positive"),
    (["--gradient-clip", "nan"], "the gradient's bound must be positive"),
    (["--hidden-bias-initialization", "share:0"], "'share:0' is invalid"),
    (["--hidden-bias-initialization", "share"], "'share' is invalid"),
    (["--hidden-bias-initialization", "share:nan"], "'share:nan' is invalid"),
    (["--visible-bias-initialization", "share:0.1"], "is invalid"),
    (["--sample-weights"], "Missing value for '--sample-weights"),
  ])
  func train(options: [String], message: String) throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 30, columns: 6))
    let hidden = options.contains("--hidden") ? [] : ["--hidden", "3"]
    let outcome = try Tool.run(
      ["train", "--data", "data.csv", "--output", "run", "--batch-size", "10"] + hidden + options,
      folder: scratch.root)
    outcome.expectUsageError(message)
    #expect(outcome.output.isEmpty)
    #expect(try scratch.names() == ["data.csv"])
  }

  /// What the kinds say of the columns is compared with the data: status 65.
  @Test(arguments: [
    (["--visible-kind", "spin*5"], "data.csv: has 6 columns: \"spin*5\" names 5 columns, not 6"),
    (["--visible-kind", "spin*6,relu"], "data.csv: has 6 columns: \"spin*6,relu\" names at least 7 columns"),
  ])
  func columns(options: [String], message: String) throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", TinyData.binary(rows: 30, columns: 6))
    try Tool.run(
      ["train", "--data", "data.csv", "--output", "run", "--batch-size", "10"] + options, folder: scratch.root
    ).expectFailure(65, [message])
    #expect(try scratch.names() == ["data.csv"])
  }
}
