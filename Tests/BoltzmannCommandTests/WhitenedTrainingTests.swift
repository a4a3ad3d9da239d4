import Boltzmann
import BoltzmannCompute
import BoltzmannData
import BoltzmannTestSupport
import Foundation
import Testing

/// Whitening from the command line: learned in whitened columns, seen in the user's.
@Suite(.enabled(if: Build.isOptimized)) struct WhitenedTrainingTests {
  /// Three columns that depend on each other, far from 0 and of different sizes.
  private static let rows: [[Double]] = {
    var random = SplitMix(8)
    return (0..<600).map { _ in
      let (a, b, c) = (
        TinyData.normal(&random), TinyData.normal(&random), TinyData.normal(&random)
      )
      return [170 + 8 * a, 65 + 6 * a + 5 * b, -3 + 4 * b - 2.5 * c]
    }
  }()

  private static let text =
    "height,weight,score\n"
    + rows.map { $0.map { String(format: "%.5f", $0) }.joined(separator: ",") + "\n" }.joined()

  /// Mean and covariance (1/N) of rows.
  private func moments(_ rows: [[Double]]) -> (mean: [Double], covariance: [[Double]]) {
    let count = Double(rows.count)
    let mean = (0..<3).map { column in rows.reduce(0) { $0 + $1[column] } / count }
    let covariance = (0..<3).map { i in
      (0..<3).map { j in rows.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) } / count }
    }
    return (mean, covariance)
  }

  /// A rate so small that the first machine stays: without weights, independent columns of the data's moments.
  private static let still = [
    "--weight-initialization", "normal:0", "--learning-rate", "1e-30", "--epochs", "1", "--visible-kind",
    "gaussian", "--hidden", "2", "--data", "data.csv", "--output", "run",
  ]

  private func scratch(_ options: [String]) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("data.csv", Self.text)
    try scratch.train(Self.still + options)
    return scratch
  }

  private static let model = "run/model.safetensors"

  /// The normal law of most likelihood has the data's mean and covariance C, and a mean log-density of
  /// −½(d log 2π + log det C + d) in the user's units; of independent columns with their variances alone.
  @Test(arguments: ["zca", "pca", "standardization", nil])
  func closedForm(kind: String?) throws {
    let scratch = try scratch(kind.map { ["--whiten", $0] } ?? [])
    let (json, notes) = try scratch.json(["evaluate", Self.model, "--data", "data.csv"])
    #expect(notes.isEmpty)
    let (_, c) = moments(Self.rows)
    let isWhite = ["zca", "pca"].contains(kind)
    let determinant =
      isWhite
      ? c[0][0] * (c[1][1] * c[2][2] - c[1][2] * c[2][1]) - c[0][1]
        * (c[1][0] * c[2][2] - c[1][2] * c[2][0]) + c[0][2] * (c[1][0] * c[2][1] - c[1][1] * c[2][0])
      : c[0][0] * c[1][1] * c[2][2]
    let expected = -0.5 * (3 * log(2 * .pi) + log(determinant) + 3)
    let found = try #require(json["mean_log_likelihood"]?.double)
    // Errors of means and variances count squared, at the maximum. What is left is that of −F(v) in Float, and of
    // the five decimals of the file: a column's ½γx² − θx without whitening has terms up to 170²/8² ≈ 450,
    // within 4 ulps of 2⁻¹⁵ each, six of them.
    #expect(abs(found - expected) <= 6 * 4 * 0x1p-15, "\(found) \(expected)")
  }

  /// Samples come back in the user's units, with the data's mean and covariance.
  @Test(arguments: ["zca", "pca"])
  func samples(kind: String) throws {
    let scratch = try scratch(["--whiten", kind])
    let count = Build.isOptimized ? 20_000 : 2_000
    let outcome = try Tool.run(
      ["sample", Self.model, "--count", "\(count)", "--steps", "1", "--quiet", "--output", "s.csv"],
      folder: scratch.root)
    #expect(outcome.status == 0)
    let table = try NumericTable.read(scratch.path("s.csv"))
    #expect(table.names == ["height", "weight", "score"] && table.rows == count)
    let found = moments((0..<count).map { row in (0..<3).map { Double(table[row, $0]) } })
    let (mean, c) = moments(Self.rows)
    for i in 0..<3 {
      // Independent normal draws, since there are no weights: the variance of a mean is C_ii/n, that of an entry of
      // the covariance (C_ii·C_jj + C_ij²)/n. 4.9 standard errors each: once in 10⁶ seeds; the 1/n of the
      // mean's own share and the rounding of the whitening are below a hundredth of one.
      #expect(abs(found.mean[i] - mean[i]) <= 4.91 * (c[i][i] / Double(count)).squareRoot())
      for j in 0..<3 {
        let error = ((c[i][i] * c[j][j] + c[i][j] * c[i][j]) / Double(count)).squareRoot()
        #expect(abs(found.covariance[i][j] - c[i][j]) <= 4.91 * error + abs(c[i][j]) / Double(count))
      }
    }
  }

  /// Without a step of the chain that forgets it, a row of the data comes back as it went in.
  @Test func initialRowsAndFeatures() throws {
    let scratch = try scratch(["--whiten", "zca"])
    let features = ["transform", Self.model, "--data", "data.csv", "--output", "f.npy"]
    #expect(try Tool.run(features, folder: scratch.root).status == 0)
    // No weights, no bias: every hidden unit is a fair coin.
    let means = try #require(NPYArray(scratch.bytes("f.npy"))).numbers(Float.self)
    #expect(means.count == 1200 && means.allSatisfy { $0 == 0.5 })
    let start = ["--count", "3", "--steps", "1", "--initial", "data.csv", "--output", "s.npy"]
    #expect(try Tool.run(["sample", Self.model] + start, folder: scratch.root).status == 0)
    #expect(NPYArray(try scratch.bytes("s.npy"))?.shape == [3, 3])
    let (facts, _) = try scratch.json(["info", Self.model, "--filters", "f.png"])
    #expect(facts["whitening"] == "zca" && facts["visible"] == 3)
  }

  /// Fewer components than columns: the samples lie in the plane of the first two, in three columns.
  @Test func componentsOfPCA() throws {
    let scratch = try scratch(["--whiten", "pca", "--whitening-components", "2"])
    #expect(try scratch.machine("run").visibleCount == 2)
    for name in ["s.csv", "s.npy", "s.png"] {
      let command = ["sample", Self.model, "--count", "40", "--steps", "1", "--output", name]
      #expect(try Tool.run(command, folder: scratch.root).status == 0)
    }
    let stored = try StoredModel.read(scratch.path(Self.model))
    let whitening = try #require(stored.preprocessing?.fittedWhitening)
    let table = try NumericTable.read(scratch.path("s.csv"))
    let rows = FloatSamples(width: 3, values: (0..<120).map { table.values[$0] })
    let again = whitening.invert(whitening(rows).matrix(0..<40).view).values
    // There and back: products of three terms below 300, each within an ulp of 2⁻¹⁵.
    #expect(again.indices.allSatisfy { abs(again[$0] - table.values[$0]) <= 6 * 0x1p-15 })
    let (facts, _) = try scratch.json(["info", Self.model, "--filters", "f.png"])
    #expect(facts["whitening"] == "pca" && facts["visible"] == 2)
    let (json, _) = try scratch.json(["evaluate", Self.model, "--data", "data.csv"])
    #expect(json["mean_log_likelihood"]?.double?.isFinite == true)
  }

  // MARK: - What cannot be whitened

  private func expectFailure(_ text: String, _ options: [String], _ part: String) throws {
    let scratch = try Scratch()
    try scratch.write("data.csv", text)
    try Tool.run(
      ["train", "--data", "data.csv", "--batch-size", "2", "--output", "run"] + options, folder: scratch.root
    ).expectFailure(65, ["data.csv: ", part])
    #expect(try scratch.names() == ["data.csv"])
  }

  @Test(arguments: ["zca", "pca", "standardization"])
  func constantColumns(kind: String) throws {
    let text = "1,7\n2,7\n5,7\n4,7\n", options = ["--visible-kind", "gaussian", "--whiten", kind]
    try expectFailure(text, options, "column 2 is constant: leave it out or set epsilon")
    let scratch = try Scratch()
    try scratch.write("data.csv", text)
    try scratch.train(
      ["--data", "data.csv", "--batch-size", "2", "--output", "run", "--whitening-epsilon", "0.01"] + options)
    let command = ["sample", Self.model, "--count", "9", "--steps", "3", "--output", "s.csv"]
    #expect(try Tool.run(command, folder: scratch.root).status == 0)
    let table = try NumericTable.read(scratch.path("s.csv"))
    // ε = 0.01 lends the column a deviation of 0.1, and the machine a hundredth of the mean variance, ½, of a column
    // that varies and one that does not: 0.1 · √0.005 = 0.007 in all. Precisions learn slowly; 70 of them.
    #expect((0..<9).allSatisfy { abs(table[$0, 1] - 7) <= 0.5 })
  }

  @Test func otherKinds() throws {
    for kind in ["bernoulli", "spin", "categorical", "relu", "bernoulli*1,gaussian"] {
      let options = ["--visible-kind", kind, "--whiten", "zca"]
      try expectFailure("0,1\n1,0\n1,1\n", options, "data whose columns are all gaussian can be whitened")
    }
    let many = ["--visible-kind", "gaussian", "--whiten", "pca", "--whitening-components", "3"]
    try expectFailure("0,1\n1,0\n1,1\n", many, "there are 1 to 2 components to keep, not 3")
  }
}
